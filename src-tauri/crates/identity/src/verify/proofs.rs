//! The checks of a token's form, and those that only who made it can pass.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatepass_vault::Secret;
use jsonwebtoken::{Algorithm, DecodingKey};
use sha2::{Digest, Sha256};

use crate::pool::pattern::Bounded;
use crate::token::Token;
use crate::{TokenRefusal, TokenUse};

/// Claims that are read later have the right type, whether or not they are needed.
pub(crate) fn types(expected: TokenUse, token: &Token) -> Result<(), TokenRefusal> {
    let texts = [
        "iss",
        "sub",
        "azp",
        "client_id",
        "token_use",
        "nonce",
        "at_hash",
        "cognito:username",
        "username",
        "email",
        "scope",
    ];
    let moments = ["exp", "iat", "nbf", "auth_time"];
    let lists = ["aud", "cognito:groups"];
    let outcome = texts
        .iter()
        .try_for_each(|name| token.text(name).map(drop))
        .and_then(|()| moments.iter().try_for_each(|name| token.moment(name).map(drop)))
        .and_then(|()| lists.iter().try_for_each(|name| token.texts(name).map(drop)))
        .and_then(|()| ["alg", "kid"].iter().try_for_each(|name| token.header_text(name).map(drop)));
    outcome.map_err(|source| TokenRefusal::Form { token: expected, source })
}

fn text<'a>(expected: TokenUse, token: &'a Token, name: &'static str) -> Result<Option<&'a str>, TokenRefusal> {
    token.text(name).map_err(|source| TokenRefusal::Form { token: expected, source })
}

/// RS256 and nothing else: neither none nor an HMAC with the public key for a secret (RFC 8725 §2.1).
pub(crate) fn algorithm(expected: TokenUse, token: &Token) -> Result<(), TokenRefusal> {
    let found = token.header.get("alg").and_then(serde_json::Value::as_str).unwrap_or_default();
    if found == "RS256" {
        return Ok(());
    }
    Err(TokenRefusal::Algorithm { token: expected, found: Bounded(found).to_string() })
}

/// The name of the key that a token says it was signed by.
pub(crate) fn key_id(expected: TokenUse, token: &Token) -> Result<&str, TokenRefusal> {
    let kid = token.header_text("kid").map_err(|source| TokenRefusal::Form { token: expected, source })?;
    kid.ok_or(TokenRefusal::NoKeyId { token: expected })
}

/// Holds the signature against the key by RS256.
pub(crate) fn signature(expected: TokenUse, secret: &Secret, key: &DecodingKey) -> Result<(), TokenRefusal> {
    let refused = TokenRefusal::Signature { token: expected };
    let Some((message, signature)) = secret.expose().rsplit_once('.') else { return Err(refused) };
    match jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, Algorithm::RS256) {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(refused),
    }
}

/// Holds the nonce against the one that was sent (OpenID Connect Core §3.1.3.7).
pub(crate) fn nonce(id: &Token, sent: &Secret) -> Result<(), TokenRefusal> {
    match text(TokenUse::Id, id, "nonce")? {
        Some(found) if &Secret::new(found) == sent => Ok(()),
        found => Err(TokenRefusal::Nonce { present: found.is_some() }),
    }
}

/// Holds the nonce of a refreshed ID token, which need not have one, against the former token's (OpenID Connect Core
/// §12.2).
pub(crate) fn repeated_nonce(id: &Token, former: Option<&str>) -> Result<(), TokenRefusal> {
    match text(TokenUse::Id, id, "nonce")? {
        Some(found) if Some(found) != former => Err(TokenRefusal::Nonce { present: true }),
        _ => Ok(()),
    }
}

/// `at_hash` is the left half of the access token's SHA-256. The implicit grant must have it (OpenID Connect Core
/// §3.2.2.9); with a code (§3.1.3.6) and at a refresh it may be left out, but never be another.
pub(crate) fn access_token_hash(id: &Token, access_token: &Secret, required: bool) -> Result<(), TokenRefusal> {
    let digest = Sha256::digest(access_token.expose().as_bytes());
    let expected = URL_SAFE_NO_PAD.encode(&digest[..digest.len() / 2]);
    match text(TokenUse::Id, id, "at_hash")? {
        Some(found) if found == expected => Ok(()),
        None if !required => Ok(()),
        found => Err(TokenRefusal::AccessTokenHash { present: found.is_some() }),
    }
}
