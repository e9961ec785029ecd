//! Reading a JSON Web Token as a service does that has nothing but the pool's public keys.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

/// The public side of the pool's keys, and the issuer that its tokens name.
pub struct Verifier {
    issuer: String,
    keys: Vec<(String, DecodingKey)>,
}

/// Tells why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not three parts of base64url.
    Segments,
    /// Its header is no JSON object, or names another algorithm than RS256.
    Header,
    /// No key of the pool has the id that it names.
    UnknownKey,
    /// The signature is not the key's, or the payload is no JSON object.
    Signature,
    /// Another pool issued it.
    Issuer,
    /// Its `exp` has passed.
    Expired,
    /// Its `nbf` is still to come.
    NotYetValid,
}

/// The claims of a token whose signature, issuer and times are good.
#[derive(Clone, Debug)]
pub struct Claims(Map<String, Value>);

impl Verifier {
    pub fn new(issuer: String, keys: Vec<(String, DecodingKey)>) -> Self {
        Self { issuer, keys }
    }

    /// Names the issuer whose tokens are taken.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Checks form, key, signature, issuer and times, in this order.
    pub fn read(&self, token: &str, now: Duration) -> Result<Claims, Fault> {
        if token.split('.').count() != 3 {
            return Err(Fault::Segments);
        }
        let header = decode_header(token).map_err(|_| Fault::Header)?;
        if header.alg != Algorithm::RS256 {
            return Err(Fault::Header);
        }
        let kid = header.kid.ok_or(Fault::UnknownKey)?;
        let (_, key) = self.keys.iter().find(|(id, _)| *id == kid).ok_or(Fault::UnknownKey)?;

        let mut signature_only = Validation::new(Algorithm::RS256);
        signature_only.required_spec_claims.clear();
        signature_only.validate_exp = false;
        signature_only.validate_aud = false;
        let claims = decode::<Map<String, Value>>(token, key, &signature_only).map_err(|_| Fault::Signature)?.claims;
        let claims = Claims(claims);

        if claims.text("iss") != Some(&self.issuer) {
            return Err(Fault::Issuer);
        }
        if claims.seconds("nbf").is_some_and(|from| from > now) {
            return Err(Fault::NotYetValid);
        }
        claims.current(now)?;
        Ok(claims)
    }
}

impl Claims {
    /// Reads a claim that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Tells whether the access token's `scope` has one of the scopes.
    pub fn has_any_scope(&self, scopes: &[&str]) -> bool {
        self.text("scope").is_some_and(|granted| granted.split(' ').any(|scope| scopes.contains(&scope)))
    }

    /// Checks `exp` alone, for claims that were read before.
    pub fn current(&self, now: Duration) -> Result<(), Fault> {
        match self.seconds("exp") {
            Some(until) if until > now => Ok(()),
            _ => Err(Fault::Expired),
        }
    }

    fn seconds(&self, name: &str) -> Option<Duration> {
        self.0.get(name)?.as_u64().map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pool::Keys;

    fn verifier() -> Verifier {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let keys = runtime.block_on(Keys::generate()).unwrap();
        Verifier::new("issuer".to_owned(), keys.public())
    }

    #[test]
    fn nothing_made_up_is_taken_for_a_token() {
        let verifier = verifier();
        let made_up = prop_oneof![
            any::<String>(),
            "[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}",
            "eyJhbGciOiJSUzI1NiJ9\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,342}",
        ];

        proptest!(|(token in made_up)| {
            prop_assert!(verifier.read(&token, Duration::ZERO).is_err());
        });
    }
}
