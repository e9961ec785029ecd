use gatepass_vault::Secret;

use crate::token::{LATEST, Token, one_word};
use crate::{FormError, TokenRefusal, TokenUse};

/// One token of a session.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) secret: Secret,
    /// What it says; `None` for one that is not for a client to read.
    pub(crate) token: Option<Token>,
    /// The end of its life in Unix seconds.
    pub(super) expires: i64,
}

impl Part {
    /// Takes a token that says itself how long it lives.
    pub(crate) fn read(expected: TokenUse, secret: Secret) -> Result<Self, TokenRefusal> {
        let form = |source| TokenRefusal::Form { token: expected, source };
        let token = Token::read(&secret).map_err(form)?;
        let expires = token.moment("exp").map_err(form)?.ok_or(TokenRefusal::NoExpiry { token: expected })?;
        Ok(Self { secret, token: Some(token), expires })
    }

    /// Takes a token that is not looked into, with the end of its life in Unix seconds.
    pub(crate) fn opaque(secret: Secret, expires: i64) -> Result<Self, FormError> {
        one_word(&secret)?;
        Ok(Self { secret, token: None, expires: expires.clamp(0, LATEST) })
    }

    pub(crate) fn text(&self, name: &'static str) -> Option<&str> {
        self.token.as_ref()?.text(name).ok().flatten()
    }

    pub(super) fn has(&self, claim: &str) -> bool {
        self.token.as_ref().is_some_and(|token| token.claims.contains_key(claim))
    }

    pub(super) fn header_text(&self, name: &'static str) -> Option<&str> {
        self.token.as_ref()?.header_text(name).ok().flatten()
    }

    pub(super) fn moment(&self, name: &str) -> Option<f64> {
        self.token.as_ref()?.claims.get(name).and_then(serde_json::Value::as_f64)
    }

    pub(super) fn minutes(&self) -> i64 {
        let issued = self.token.as_ref().and_then(|token| token.moment("iat").ok().flatten());
        (self.expires - issued.unwrap_or(self.expires)) / 60
    }
}
