//! The pool's two signing keys, and tokens in the form in which the real service writes them.

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::DecodingKey;
use serde_json::{Map, Value, json};
use thiserror::Error;
use tokio::task;

use crate::random;

/// Tells that the pool's keys could not be made or used.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The system made no RSA key.
    #[error("no RSA key could be made for the sandbox's user pool; the system's random source may be unavailable")]
    Generate,
    /// A signature failed.
    #[error("the sandbox's user pool could not sign a token; start the sandbox again")]
    Sign,
    /// Keys that were saved before are not what was saved.
    #[error("the saved keys of the sandbox's user pool are damaged; start the sandbox without them")]
    Saved,
    /// The thread that made a key ended early.
    #[error("the thread that made a key for the sandbox's user pool ended early; start the sandbox again")]
    Thread(#[source] task::JoinError),
}

/// One key signs ID tokens, the other access tokens.
pub struct Keys {
    pub id: SigningKey,
    pub access: SigningKey,
}

/// An RSA key with its id.
pub struct SigningKey {
    pair: KeyPair,
    kid: String,
}

impl Keys {
    /// Makes both keys at once, on threads of their own, since each takes a good part of a second.
    pub async fn generate() -> Result<Self, KeyError> {
        let (id, access) = (task::spawn_blocking(SigningKey::generate), task::spawn_blocking(SigningKey::generate));
        Ok(Self { id: id.await.map_err(KeyError::Thread)??, access: access.await.map_err(KeyError::Thread)?? })
    }

    /// Reads both keys back.
    pub fn restore(saved: &str) -> Result<Self, KeyError> {
        let [id, id_kid, access, access_kid] =
            saved.split(' ').collect::<Vec<_>>().try_into().map_err(|_| KeyError::Saved)?;
        Ok(Self { id: SigningKey::restore(id, id_kid)?, access: SigningKey::restore(access, access_kid)? })
    }

    /// Writes both private keys and their ids as one line.
    pub fn save(&self) -> Result<String, KeyError> {
        Ok(format!("{} {}", self.id.save()?, self.access.save()?))
    }

    /// Writes the key set, fields in the order of the real one (RFC 7517).
    pub fn set(&self) -> Value {
        json!({ "keys": [self.id.public_jwk(), self.access.public_jwk()] })
    }

    /// Lists the public keys by their ids.
    pub fn public(&self) -> Vec<(String, DecodingKey)> {
        [&self.id, &self.access].map(|key| (key.kid.clone(), key.decoding())).into()
    }
}

impl SigningKey {
    /// Signs claims as a JWS with RS256, its header `kid` and `alg` and slashes escaped (RFC 7515).
    pub fn sign(&self, claims: &Map<String, Value>) -> Result<String, KeyError> {
        let header = json!({ "kid": self.kid, "alg": "RS256" }).to_string();
        let claims = serde_json::to_string(claims).map_err(|_| KeyError::Sign)?;
        let mut token = format!("{}.{}", segment(&header), segment(&claims));

        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = aws_lc_rs::rand::SystemRandom::new();
        self.pair.sign(&RSA_PKCS1_SHA256, &random, token.as_bytes(), &mut signature).map_err(|_| KeyError::Sign)?;
        token.push('.');
        token.push_str(&URL_SAFE_NO_PAD.encode(signature));
        Ok(token)
    }

    fn generate() -> Result<Self, KeyError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?;
        Ok(Self { pair, kid: random::key_id() })
    }

    fn restore(pkcs8: &str, kid: &str) -> Result<Self, KeyError> {
        let pkcs8 = STANDARD.decode(pkcs8).map_err(|_| KeyError::Saved)?;
        let pair = KeyPair::from_pkcs8(&pkcs8).map_err(|_| KeyError::Saved)?;
        Ok(Self { pair, kid: kid.to_owned() })
    }

    fn save(&self) -> Result<String, KeyError> {
        let pkcs8: Pkcs8V1Der<'_> = self.pair.as_der().map_err(|_| KeyError::Generate)?;
        Ok(format!("{} {}", STANDARD.encode(pkcs8.as_ref()), self.kid))
    }

    fn public_jwk(&self) -> Value {
        let (modulus, exponent) = self.components();
        json!({
            "alg": "RS256",
            "e": URL_SAFE_NO_PAD.encode(exponent),
            "kid": self.kid,
            "kty": "RSA",
            "n": URL_SAFE_NO_PAD.encode(modulus),
            "use": "sig",
        })
    }

    fn decoding(&self) -> DecodingKey {
        let (modulus, exponent) = self.components();
        DecodingKey::from_rsa_raw_components(&modulus, &exponent)
    }

    fn components(&self) -> (Vec<u8>, Vec<u8>) {
        let public = self.pair.public_key();
        (
            public.modulus().big_endian_without_leading_zero().to_vec(),
            public.exponent().big_endian_without_leading_zero().to_vec(),
        )
    }
}

fn segment(json: &str) -> String {
    URL_SAFE_NO_PAD.encode(json.replace('/', "\\/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Verifier;

    #[tokio::test]
    async fn saved_keys_sign_what_the_first_ones_verify() {
        let first = Keys::generate().await.unwrap();
        let restored = Keys::restore(&first.save().unwrap()).unwrap();
        let claims = json!({ "iss": "issuer", "exp": 10 });

        let token = restored.access.sign(claims.as_object().unwrap()).unwrap();

        let verifier = Verifier::new("issuer".to_owned(), first.public());
        assert!(verifier.read(&token, std::time::Duration::ZERO).is_ok());
    }

    #[test]
    fn damaged_keys_are_refused() {
        for damaged in ["", "a b c", "a b c d", "AAAA kid AAAA kid"] {
            assert!(matches!(Keys::restore(damaged), Err(KeyError::Saved)), "{damaged:?}");
        }
    }
}
