//! Reading the token endpoint's answer (RFC 6749 §5.1 and §5.2).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatepass_vault::Secret;
use oauth2::basic::{BasicErrorResponse, BasicTokenType};
use oauth2::{ExtraTokenFields, RequestTokenError, StandardTokenResponse, TokenResponse};
use reqwest::header::HeaderValue;
use serde::{Deserialize, Serialize};
use url::{Url, form_urlencoded};

use super::GrantError;
use crate::http::host_of;
use crate::{CallbackTokens, HttpError, Refusal, UserPool};

pub(super) type TokenAnswer = StandardTokenResponse<IdTokenField, BasicTokenType>;
pub(super) type Failed = RequestTokenError<HttpError, BasicErrorResponse>;

/// The field that OpenID Connect adds (Core §3.1.3.3). The library asks that it can be written; it never is.
#[derive(Deserialize, Serialize)]
pub(super) struct IdTokenField {
    #[serde(default, skip_serializing)]
    id_token: Option<String>,
}

impl fmt::Debug for IdTokenField {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("IdTokenField").finish_non_exhaustive()
    }
}

impl ExtraTokenFields for IdTokenField {}

/// The tokens of an answer.
pub(super) struct Tokens {
    id_token: Option<Secret>,
    access_token: Secret,
    pub(super) refresh_token: Option<Secret>,
    expires_in: Option<u64>,
}

impl From<TokenAnswer> for Tokens {
    fn from(answer: TokenAnswer) -> Self {
        Self {
            id_token: answer.extra_fields().id_token.as_deref().map(Secret::new),
            access_token: Secret::new(answer.access_token().secret()),
            refresh_token: answer.refresh_token().map(|token| Secret::new(token.secret())),
            expires_in: answer.expires_in().map(|life| life.as_secs()),
        }
    }
}

impl Tokens {
    pub(super) fn held_against(
        self,
        pool: Box<UserPool>,
        nonce: Option<Secret>,
        subject: Option<String>,
    ) -> CallbackTokens {
        let Self { id_token, access_token, refresh_token, expires_in } = self;
        CallbackTokens { pool, nonce, subject, id_token, access_token: Some(access_token), refresh_token, expires_in }
    }
}

/// Puts a failure into words. The library's own hold the answer, which may have tokens in it: they are left behind.
pub(super) fn in_words(error: Failed, pool: &UserPool, url: &Url) -> GrantError {
    let no_tokens = |status| GrantError::NoTokens { host: host_of(url), status };
    match error {
        RequestTokenError::Request(error) => GrantError::Http(error),
        RequestTokenError::ServerResponse(answer) => {
            let description = answer.error_description().map(String::as_str);
            GrantError::Refused(Refusal::of(answer.error().as_ref(), description, pool))
        }
        RequestTokenError::Parse(..) => no_tokens(200),
        RequestTokenError::Other(_) => no_tokens(500),
    }
}

/// Reads an error of RFC 6749 §5.2, or nothing where it is none.
pub(super) fn refusal_in(body: &[u8], pool: &UserPool) -> Option<Refusal> {
    let answer: BasicErrorResponse = serde_json::from_slice(body).ok()?;
    Some(Refusal::of(answer.error().as_ref(), answer.error_description().map(String::as_str), pool))
}

/// The client's credentials as a header (RFC 6749 §2.3.1).
pub(super) fn basic(client_id: &str, secret: &Secret) -> Result<HeaderValue, GrantError> {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(secret.expose())));
    let mut value = HeaderValue::from_str(&format!("Basic {pair}")).map_err(|_| GrantError::Credentials)?;
    value.set_sensitive(true);
    Ok(value)
}
