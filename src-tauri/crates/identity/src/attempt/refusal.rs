mod words;

use std::fmt;

use gatepass_vault::Secret;
use serde::Serialize;
use specta::Type;

use crate::{Provider, UserPool};
use words::words;

/// Why a user pool refused a sign-in (RFC 6749 §4.1.2.1, §4.2.2.1 and §5.2, RFC 7009 §2.2.1, OpenID Connect Core
/// §3.1.2.6, Cognito's own).
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
    /// The token endpoint does not know this grant, or not for this client.
    UnsupportedGrantType,
    /// The pool cannot revoke a token of this kind.
    UnsupportedTokenType,
    /// The redirect was right in all but the tokens or the code, which it did not bring.
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
    pub title: &'static str,
    /// What to do.
    pub fix: String,
    /// The AWS command that shows the client's settings, where they may be the reason and the pool is known.
    ///
    /// It only reads. None that mends is offered: `update-user-pool-client` resets every setting that it is not given.
    pub cli: Option<String>,
    /// What the pool itself said; its wording is not stable.
    pub said: Option<String>,
}

impl Refusal {
    /// Reads an error as it stands on the wire, in answer to what was asked for by these scopes; a text of the pool's that
    /// repeats one of the secrets is not quoted.
    pub(crate) fn of(
        error: &str,
        description: Option<&str>,
        secrets: &[&Secret],
        pool: &UserPool,
        scope: &str,
    ) -> Self {
        let code = RefusalCode::of(error, description);
        let quoted = |text: &str| {
            let repeats = secrets.iter().any(|secret| !secret.is_empty() && text.contains(secret.expose()));
            Some(said(text)).filter(|text| !repeats && !text.is_empty())
        };
        let said = match (code, quoted(error), description.and_then(quoted)) {
            (RefusalCode::Unknown, Some(error), Some(text)) => Some(format!("{error}: {text}")),
            (RefusalCode::Unknown, Some(error), None) => Some(error),
            (_, _, text) => text,
        };
        Self::new(code, said, pool, scope)
    }

    pub(super) fn new(code: RefusalCode, said: Option<String>, pool: &UserPool, scope: &str) -> Self {
        let (title, fix) = words(code, pool, scope);
        let cli = if code.is_about_the_client() { look_up(pool) } else { None };
        Self { code, title, fix, cli, said }
    }
}

impl RefusalCode {
    fn of(error: &str, description: Option<&str>) -> Self {
        match error.trim() {
            // The token endpoint's words for a callback that is not the one of the sign-in.
            "unauthorized_client" if description.is_some_and(|text| text.trim() == "invalid_redirect") => {
                Self::RedirectMismatch
            }
            "access_denied" => Self::AccessDenied,
            "invalid_request" => Self::InvalidRequest,
            "invalid_client" => Self::InvalidClient,
            "invalid_grant" => Self::InvalidGrant,
            "unauthorized_client" => Self::UnauthorizedClient,
            "invalid_scope" => Self::InvalidScope,
            "server_error" => Self::ServerError,
            "temporarily_unavailable" => Self::TemporarilyUnavailable,
            "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
                Self::LoginRequired
            }
            "redirect_mismatch" => Self::RedirectMismatch,
            "unsupported_response_type" => Self::UnsupportedResponseType,
            "unsupported_grant_type" => Self::UnsupportedGrantType,
            "unsupported_token_type" => Self::UnsupportedTokenType,
            _ => Self::Unknown,
        }
    }

    /// Tells whether the settings of the app client may be the reason.
    fn is_about_the_client(self) -> bool {
        match self {
            Self::InvalidRequest
            | Self::InvalidClient
            | Self::UnauthorizedClient
            | Self::InvalidScope
            | Self::RedirectMismatch
            | Self::UnsupportedResponseType
            | Self::UnsupportedGrantType
            | Self::NoTokens
            | Self::Unknown => true,
            Self::AccessDenied
            | Self::ServerError
            | Self::TemporarilyUnavailable
            | Self::LoginRequired
            | Self::UnsupportedTokenType
            | Self::InvalidGrant => false,
        }
    }
}

fn look_up(pool: &UserPool) -> Option<String> {
    let (region, pool_id) = (pool.region()?, pool.pool_id()?);
    (pool.provider() == Provider::Cognito).then(|| {
        format!(
            "aws cognito-idp describe-user-pool-client --region {region} --user-pool-id {pool_id} --client-id {}",
            pool.client_id()
        )
    })
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
