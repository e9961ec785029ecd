use thiserror::Error;

use crate::{HttpError, Refusal, RefusalCode};

/// Why the token endpoint gave no tokens.
#[derive(Debug, Error)]
pub enum GrantError {
    /// The pool said no.
    #[error("the user pool refused")]
    Refused(#[source] Refusal),
    /// The pool's server could not be asked.
    #[error("the token endpoint could not be asked")]
    Http(#[from] HttpError),
    /// The answer is JSON, but holds no tokens.
    #[error("{host} answered with JSON that holds no tokens; check the token endpoint")]
    NoTokens {
        /// The host.
        host: String,
    },
    /// The tokens are of a kind that cannot be sent as they are (RFC 6749 §7.1).
    #[error(
        "{host} gave tokens of {}; expected Bearer, so check the app client's settings at the provider",
        kind(found.as_deref())
    )]
    TokenType {
        /// The host.
        host: String,
        /// The type that was found, where it is a word that may be shown.
        found: Option<String>,
    },
    /// The answer is no success and gives no reason of RFC 6749.
    #[error("{host} answered {status} without a reason; try again, and check the token endpoint if it stays")]
    Failed {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The provider has no token endpoint, or the pool no callback.
    #[error("the token endpoint or the callback of this pool is not known; enter it in the pool's settings")]
    NoEndpoint,
    /// There is nothing to renew with.
    #[error("no refresh token came with this sign-in; sign in again")]
    NoRefreshToken,
    /// The pool's addresses cannot be put into a request.
    #[error("the token endpoint or the callback cannot be used; check them in the pool's settings")]
    Address(#[source] url::ParseError),
    /// The client's id or secret cannot be put into a header.
    #[error("the client id or the client secret has a sign that cannot be sent; enter it again")]
    Credentials,
}

fn kind(found: Option<&str>) -> String {
    found.map_or_else(|| "another type".to_owned(), |found| format!("the type \"{found}\""))
}

impl GrantError {
    /// Tells whether the pool has ended what the refresh token stood for, so that asking again leads to nothing.
    pub fn is_over(&self) -> bool {
        match self {
            Self::NoRefreshToken => true,
            Self::Refused(refusal) => {
                matches!(refusal.code, RefusalCode::InvalidGrant | RefusalCode::UnauthorizedClient)
            }
            _ => false,
        }
    }
}
