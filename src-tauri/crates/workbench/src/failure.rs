//! Errors as they cross the bridge: a code for the window, words and a hint for the person.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Why something could not be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// What the window acts on.
    pub code: Code,
    /// What happened, to what.
    pub message: String,
    /// What to do about it; empty where nothing can be said.
    pub hint: String,
    /// The causes beneath, the nearest first.
    pub causes: Vec<String>,
}

/// The kinds of failure that the window tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Code {
    /// A pasted hosted UI address or domain could not be read.
    AddressInvalid,
    /// A fact about a user pool is missing or malformed.
    PoolInvalid,
    /// The pool answered the sign-in with an error.
    SignInRefused,
    /// Nobody signed in within five minutes, or a page never answered.
    SignInTimedOut,
    /// A token came, but a check refused it.
    TokenRefused,
    /// A request needs a token and its identity is signed out.
    NotSignedIn,
    /// The pool's session is over: only the user can renew the tokens.
    SessionOver,
    /// An identity provider does not let anybody sign in inside an app's window.
    ProviderRefusesWindow,
    /// The keychain is locked.
    KeychainLocked,
    /// The keychain failed.
    KeychainFailed,
    /// A collection's folder cannot be opened.
    CollectionUnreadable,
    /// A file was changed by another program since it was read.
    FileConflict,
    /// A file or folder is no longer there.
    FileGone,
    /// A file could not be written.
    FileUnwritable,
    /// A file of the collection is broken; the message has line and column.
    FileBroken,
    /// A name cannot be used.
    NameInvalid,
    /// A `{{variable}}` has no value.
    VariableMissing,
    /// The URL cannot be used.
    UrlInvalid,
    /// A header field cannot be sent.
    HeaderInvalid,
    /// The body cannot be made, for example its file is gone.
    BodyInvalid,
    /// The host could not be reached.
    Unreachable,
    /// TLS could not be agreed.
    Tls,
    /// The time limit passed.
    TimedOut,
    /// The answer broke the protocol or off.
    BadAnswer,
    /// Redirects went in circles or nowhere.
    BadRedirect,
    /// The sandbox could not be started.
    SandboxFailed,
    /// What the call names is not there any more: a tab, an answer, an identity.
    Unknown,
    /// A fault of Gatepass itself.
    Internal,
}

impl Failure {
    /// Makes a failure without causes.
    pub fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into(), causes: Vec::new() }
    }

    /// Makes a failure of an error, whose sources become the causes.
    pub fn from_error(code: Code, error: &dyn std::error::Error, hint: impl Into<String>) -> Self {
        let causes = std::iter::successors(error.source(), |cause| cause.source()).map(ToString::to_string).collect();
        Self { code, message: error.to_string(), hint: hint.into(), causes }
    }
}
