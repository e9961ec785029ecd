//! A token taken apart: form only, nothing about whether it is genuine.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatepass_vault::Secret;
use serde::Serialize;
use serde_json::{Map, Value};
use specta::Type;
use thiserror::Error;

use crate::claims::{ClaimView, rows};

/// Which of a sign-in's tokens is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TokenUse {
    /// Says who the user is (OpenID Connect Core §2).
    Id,
    /// Says what may be done (RFC 6749 §1.4).
    Access,
}

impl TokenUse {
    /// The value of `token_use`.
    pub(crate) fn claim(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Access => "access",
        }
    }
}

impl fmt::Display for TokenUse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Id => "ID token",
            Self::Access => "access token",
        })
    }
}

/// Why a text is no JSON Web Token (RFC 7515 §7.1, RFC 7519 §7.2).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormError {
    /// There is nothing.
    #[error("it is empty")]
    Empty,
    /// There are blanks or line breaks in it.
    #[error("it has blanks or line breaks in it, as after a copy by hand")]
    Blanks,
    /// It does not have three parts.
    #[error("it has {found} parts between dots; expected 3")]
    Parts {
        /// How many there are.
        found: usize,
    },
    /// A part is not base64url, as when its end was cut off.
    #[error("its {part} is not base64url, or is cut off")]
    Encoding {
        /// Which part.
        part: &'static str,
    },
    /// A part is not a JSON object.
    #[error("its {part} is not a JSON object, or is cut off")]
    Json {
        /// Which part.
        part: &'static str,
    },
    /// A claim or header field has the wrong type.
    #[error("its {name} is {found}; expected {expected}")]
    Claim {
        /// The name of the claim.
        name: &'static str,
        /// The type that was found.
        found: &'static str,
        /// The type that is expected.
        expected: &'static str,
    },
}

/// A token's parts, decoded.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
}

impl Token {
    pub(crate) fn read(secret: &Secret) -> Result<Self, FormError> {
        let text = one_word(secret)?;
        let parts: Vec<&str> = text.split('.').collect();
        let [header, claims, signature] = parts.as_slice() else {
            return Err(FormError::Parts { found: parts.len() });
        };
        let token = Self { header: object(header, "header")?, claims: object(claims, "payload")? };
        URL_SAFE_NO_PAD.decode(signature).map_err(|_| FormError::Encoding { part: "signature" })?;
        Ok(token)
    }

    pub(crate) fn text(&self, name: &'static str) -> Result<Option<&str>, FormError> {
        text(&self.claims, name)
    }

    pub(crate) fn header_text(&self, name: &'static str) -> Result<Option<&str>, FormError> {
        text(&self.header, name)
    }

    /// A moment in whole Unix seconds.
    pub(crate) fn moment(&self, name: &'static str) -> Result<Option<i64>, FormError> {
        match self.claims.get(name) {
            None => Ok(None),
            Some(value) => match value.as_i64().filter(|seconds| (0..=LATEST).contains(seconds)) {
                Some(seconds) => Ok(Some(seconds)),
                None => Err(FormError::Claim { name, found: kind(value), expected: "a time in whole seconds" }),
            },
        }
    }

    /// One text or a list of them, as an audience is written (RFC 7519 §4.1.3).
    pub(crate) fn texts(&self, name: &'static str) -> Result<Vec<&str>, FormError> {
        let wrong = |value| FormError::Claim { name, found: kind(value), expected: "a text or a list of texts" };
        match self.claims.get(name) {
            None => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(vec![text]),
            Some(Value::Array(items)) => items.iter().map(|item| item.as_str().ok_or_else(|| wrong(item))).collect(),
            Some(other) => Err(wrong(other)),
        }
    }
}

/// A token of any kind is one word (RFC 6750 §2.1).
pub(crate) fn one_word(secret: &Secret) -> Result<&str, FormError> {
    match secret.expose() {
        "" => Err(FormError::Empty),
        text if text.contains(|c: char| c.is_whitespace() || c.is_control()) => Err(FormError::Blanks),
        text => Ok(text),
    }
}

/// The end of the year 9999: what lies beyond is no time but a mistake.
pub(crate) const LATEST: i64 = 253_402_300_799;

/// A token as a person reads it, whatever its origin: nothing of it is verified.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// The fields of the header.
    pub header: Vec<ClaimView>,
    /// The claims, in the token's own order.
    pub claims: Vec<ClaimView>,
    /// Which token it says it is.
    pub token_use: Option<TokenUse>,
    /// The end of its life in Unix seconds, as it says itself.
    pub expires: Option<f64>,
}

/// Takes any token apart, without judging it.
///
/// # Errors
/// Says what keeps the text from being a token.
pub fn inspect(token: &Secret) -> Result<Inspection, FormError> {
    let token = Token::read(token)?;
    let token_use = match token.claims.get("token_use").and_then(Value::as_str) {
        Some("id") => Some(TokenUse::Id),
        Some("access") => Some(TokenUse::Access),
        _ => None,
    };
    let expires = token.claims.get("exp").and_then(Value::as_f64);
    Ok(Inspection { header: rows(&token.header), claims: rows(&token.claims), token_use, expires })
}

fn object(part: &str, name: &'static str) -> Result<Map<String, Value>, FormError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| FormError::Encoding { part: name })?;
    serde_json::from_slice(&bytes).map_err(|_| FormError::Json { part: name })
}

fn text<'a>(object: &'a Map<String, Value>, name: &'static str) -> Result<Option<&'a str>, FormError> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(FormError::Claim { name, found: kind(other), expected: "a text" }),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
