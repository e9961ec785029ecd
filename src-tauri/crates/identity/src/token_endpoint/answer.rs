//! Reading the token endpoint's answer (RFC 6749 §5.1 and §5.2).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatepass_vault::Secret;
use oauth2::basic::BasicTokenType;
use oauth2::{ExtraTokenFields, StandardTokenResponse, TokenResponse};
use reqwest::header::HeaderValue;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::GrantError;
use crate::attempt::Occasion;
use crate::token::one_word;
use crate::{CallbackTokens, Refusal, UserPool};

pub(super) type TokenAnswer = StandardTokenResponse<IdTokenField, BasicTokenType>;

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
    /// One with a blank in it would not come back from the vault as it was, so it counts as absent.
    pub(super) refresh_token: Option<Secret>,
    expires_in: Option<u64>,
}

impl From<TokenAnswer> for Tokens {
    fn from(answer: TokenAnswer) -> Self {
        let refresh_token = answer.refresh_token().map(|token| Secret::new(token.secret()));
        Self {
            id_token: answer.extra_fields().id_token.as_deref().map(Secret::new),
            access_token: Secret::new(answer.access_token().secret()),
            refresh_token: refresh_token.filter(|token| one_word(token).is_ok()),
            expires_in: answer.expires_in().map(|life| life.as_secs()),
        }
    }
}

impl Tokens {
    pub(super) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.id_token.iter().chain(&self.refresh_token).chain([&self.access_token])
    }

    pub(super) fn given_for(self, occasion: Occasion, pool: Box<UserPool>) -> CallbackTokens {
        let Self { id_token, access_token, refresh_token, expires_in } = self;
        CallbackTokens { pool, occasion, id_token, access_token: Some(access_token), refresh_token, expires_in }
    }
}

/// Reads an error of RFC 6749 §5.2, or nothing where it is none. A text that repeats a secret is not taken over.
pub(super) fn refusal_in(body: &[u8], pool: &UserPool, scope: &str, secrets: &[&Secret]) -> Option<Refusal> {
    #[derive(Deserialize)]
    struct ErrorAnswer {
        error: String,
        error_description: Option<String>,
    }
    let answer: ErrorAnswer = serde_json::from_slice(body).ok()?;
    Some(Refusal::of(&answer.error, answer.error_description.as_deref(), secrets, pool, scope))
}

/// The client's credentials as a header (RFC 6749 §2.3.1).
pub(super) fn basic(client_id: &str, secret: &Secret) -> Result<HeaderValue, GrantError> {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(secret.expose())));
    let mut value = HeaderValue::from_str(&format!("Basic {pair}")).map_err(|_| GrantError::Credentials)?;
    value.set_sensitive(true);
    Ok(value)
}
