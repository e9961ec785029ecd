use thiserror::Error;

use super::{Granted, Refusal};

/// What the sign-in window has to do with a navigation.
#[derive(Debug)]
pub enum Navigation {
    /// Let it go on.
    Allow,
    /// Stop it, and leave the window as it is.
    Block(BlockReason),
    /// Stop it, and close the window: the attempt is answered.
    Callback(Result<Granted, Refusal>),
    /// Let the user pool show its own error page, and tell what is behind it.
    HostedUiError(Refusal),
    /// Let an identity provider say that it does not sign anybody in inside an app's window; the browser can.
    ProviderRefuses {
        /// The provider's host.
        host: String,
    },
}

/// Why a navigation of the sign-in window was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BlockReason {
    /// It does not go to the web.
    #[error("a sign-in window opens http and https only, not {scheme}:")]
    Scheme {
        /// The scheme that was found.
        scheme: String,
    },
    /// It goes to the callback without the attempt's state, so nobody knows who sent it.
    #[error("an answer without this attempt's state was ignored; the sign-in goes on")]
    NoState,
    /// It goes to the callback with the state of another attempt, or with an invented one.
    #[error("an answer with a foreign state was ignored; the sign-in goes on")]
    ForeignState,
    /// It goes to the callback and names another issuer than the pool's: one provider's answer for another's attempt.
    #[error("an answer of another issuer was ignored; the sign-in goes on")]
    ForeignIssuer,
    /// A browser brought it, and not to the callback.
    #[error("what a browser brought to another place than the callback was ignored; the sign-in goes on")]
    NotTheCallback,
    /// It goes to the callback and says one thing twice.
    #[error("an answer that gives {parameter} twice was ignored; the sign-in goes on")]
    Ambiguous {
        /// The parameter that was found twice.
        parameter: &'static str,
    },
    /// The attempt has had its answer.
    #[error("this sign-in has been answered already; start another one")]
    AlreadyAnswered,
    /// The attempt is older than [`crate::LIFETIME`].
    #[error("this sign-in was not completed within five minutes; start another one")]
    Expired,
    /// The attempt was given up.
    #[error("this sign-in was cancelled; start another one")]
    Cancelled,
}
