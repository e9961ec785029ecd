use std::fmt;

use serde::Serialize;
use specta::Type;

use crate::{Callback, Grant, UserPool};

/// Why a user pool refused a sign-in (RFC 6749 §4.2.2.1, OpenID Connect Core §3.1.2.6, Cognito's own).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RefusalCode {
    /// The user, or the identity provider behind the pool, said no.
    AccessDenied,
    /// The request lacks something or says something that the pool does not take.
    InvalidRequest,
    /// The pool has no client of this id, or expects a secret from it.
    InvalidClient,
    /// The grant is not ticked for this client.
    UnauthorizedClient,
    /// A scope is not enabled for this client, or does not exist.
    InvalidScope,
    /// The pool, or a trigger of its owner's, failed.
    ServerError,
    /// The pool is overloaded or under maintenance.
    TemporarilyUnavailable,
    /// There is no session, and the pool was told not to ask.
    LoginRequired,
    /// The callback URL is not registered with this client in exactly this form.
    RedirectMismatch,
    /// The pool does not know this response type.
    UnsupportedResponseType,
    /// The redirect was right in all but the tokens, which it did not bring.
    NoTokens,
    /// The code or refresh token is used up, revoked, unknown or too old.
    InvalidGrant,
    /// A code that is not in any table.
    Unknown,
}

/// A refusal in words, with the way out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// The reason, for a program.
    pub code: RefusalCode,
    /// What happened.
    pub title: String,
    /// What to do.
    pub fix: String,
    /// What has to be entered elsewhere exactly as it stands, such as the callback URL to register.
    pub copy: Option<String>,
    /// What the pool itself said; its wording is not stable.
    pub said: Option<String>,
}

impl Refusal {
    /// Reads a code as it stands on the wire.
    pub(crate) fn of(error: &str, description: Option<&str>, pool: &UserPool) -> Self {
        let code = match error.trim() {
            "access_denied" => RefusalCode::AccessDenied,
            "invalid_request" => RefusalCode::InvalidRequest,
            "invalid_client" => RefusalCode::InvalidClient,
            "invalid_grant" => RefusalCode::InvalidGrant,
            "unauthorized_client" => RefusalCode::UnauthorizedClient,
            "invalid_scope" => RefusalCode::InvalidScope,
            "server_error" => RefusalCode::ServerError,
            "temporarily_unavailable" => RefusalCode::TemporarilyUnavailable,
            "login_required" | "interaction_required" => RefusalCode::LoginRequired,
            "redirect_mismatch" => RefusalCode::RedirectMismatch,
            "unsupported_response_type" => RefusalCode::UnsupportedResponseType,
            _ => RefusalCode::Unknown,
        };
        let said = match (code, description.map(said).filter(|text| !text.is_empty())) {
            (RefusalCode::Unknown, Some(text)) => Some(format!("{}: {text}", said(error))),
            (RefusalCode::Unknown, None) => Some(said(error)),
            (_, text) => text,
        };
        Self::new(code, said, pool)
    }

    pub(super) fn new(code: RefusalCode, said: Option<String>, pool: &UserPool) -> Self {
        let callback = pool.callback().map(Callback::as_str).unwrap_or_default();
        let scopes = pool.scopes().join(" ");
        let (title, fix) = words(code, pool, callback, &scopes);
        let copy = match code {
            RefusalCode::RedirectMismatch => Some(callback.to_owned()),
            RefusalCode::InvalidScope => Some(scopes),
            _ => None,
        };
        Self { code, title: title.to_owned(), fix, copy, said }
    }
}

fn words(code: RefusalCode, pool: &UserPool, callback: &str, scopes: &str) -> (&'static str, String) {
    let client = pool.client_id();
    let grant = match pool.grant() {
        Grant::Code => "Authorization code grant",
        Grant::Implicit => "Implicit grant",
        Grant::ClientCredentials => "Client credentials",
    };
    match code {
        RefusalCode::AccessDenied => (
            "The sign-in was declined",
            "Sign in again and agree. If nobody declined, the identity provider behind the user pool or a trigger of \
             its owner's refused this user: ask the owner."
                .to_owned(),
        ),
        RefusalCode::InvalidRequest => (
            "The user pool did not take the request",
            format!("Check that client {client} exists in this pool and that the callback URL is {callback}."),
        ),
        RefusalCode::InvalidClient => (
            "The user pool does not know this client",
            format!(
                "Compare the client id {client} with the app client's in the Cognito console, and check that the login \
                 domain belongs to the same pool."
            ),
        ),
        RefusalCode::UnauthorizedClient => (
            "The grant is not switched on for this client",
            format!(
                "In the Cognito console open the app client {client}, Login pages, Edit, tick {grant} under OAuth grant \
                 types, save, and sign in again; or choose another grant here."
            ),
        ),
        RefusalCode::InvalidScope => (
            "A scope is not enabled for this client",
            format!(
                "Asked for: {scopes}. In the Cognito console open the app client {client}, Login pages, and compare \
                 with its OpenID Connect and custom scopes; remove the others here or enable them there."
            ),
        ),
        RefusalCode::ServerError => (
            "The user pool failed",
            "Try again. If it stays, a Lambda trigger of the pool is failing: its owner finds the error in CloudWatch."
                .to_owned(),
        ),
        RefusalCode::TemporarilyUnavailable => {
            ("The user pool is not available at the moment", "Try again in a minute.".to_owned())
        }
        RefusalCode::LoginRequired => {
            ("The session at the user pool is over", "Sign in again with the form.".to_owned())
        }
        RefusalCode::RedirectMismatch => (
            "The callback URL is not registered",
            format!(
                "In the Cognito console open the app client {client}, Login pages, Edit, and add exactly {callback} to \
                 the allowed callback URLs: scheme, port, path and final slash count."
            ),
        ),
        RefusalCode::UnsupportedResponseType => (
            "The user pool does not answer in this way",
            format!("Tick {grant} for the app client {client} in the Cognito console, Login pages."),
        ),
        RefusalCode::NoTokens => (
            "The redirect brought no tokens",
            format!("Check that {grant} is ticked for the app client {client}, and sign in again."),
        ),
        RefusalCode::InvalidGrant => (
            "The pool does not take this sign-in any more",
            "It was used up, revoked or too old, or the user was signed out everywhere. Sign in again.".to_owned(),
        ),
        RefusalCode::Unknown => (
            "The user pool refused the sign-in",
            format!("Look its words up in the Cognito documentation, and check client {client} and {callback}."),
        ),
    }
}

/// The pool's words, made fit to stand in a window.
fn said(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(200).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}. {}", self.title, self.fix)
    }
}

impl std::error::Error for Refusal {}
