//! Keys, and tokens as Cognito signs them with these keys.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// Two keys of the pool and one of nobody's.
static KEYS: LazyLock<Vec<KeyPair>> =
    LazyLock::new(|| (0..3).map(|_| KeyPair::generate(KeySize::Rsa2048).unwrap()).collect());

/// A key id as Cognito writes them: 44 characters of base64.
pub fn kid(key: usize) -> String {
    STANDARD.encode(digest::digest(&digest::SHA256, &[u8::try_from(key).unwrap()]))
}

pub fn modulus(key: usize) -> String {
    let public = KEYS[key].public_key();
    URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero())
}

pub fn jwk(key: usize) -> Value {
    json!({"alg": "RS256", "e": "AQAB", "kid": kid(key), "kty": "RSA", "n": modulus(key), "use": "sig"})
}

/// A pair of tokens before it is signed.
pub struct Minting {
    pub id: Draft,
    pub access: Draft,
    /// Whether `at_hash` is made to fit the access token.
    pub tied: bool,
    /// What is done to the finished texts, of the ID token and the access token.
    pub after: fn(&mut String, &mut String),
}

pub struct Draft {
    pub header: Value,
    pub claims: Value,
    pub seal: Seal,
}

pub enum Seal {
    Key(usize),
    /// No signature at all.
    Open,
    /// An HMAC whose secret is the public key.
    PublicKeyAsSecret(usize),
}

impl Draft {
    fn finish(&self) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string().replace('/', "\\/"));
        let message = format!("{}.{}", part(&self.header), part(&self.claims));
        let signature = match self.seal {
            Seal::Key(key) => {
                let mut signature = vec![0; KEYS[key].public_modulus_len()];
                KEYS[key].sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
                signature
            }
            Seal::Open => Vec::new(),
            Seal::PublicKeyAsSecret(key) => {
                let secret = hmac::Key::new(hmac::HMAC_SHA256, KEYS[key].public_key().as_ref());
                hmac::sign(&secret, message.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

impl Minting {
    /// Leaves out `at_hash`, so that nothing but their claims joins the two tokens.
    pub fn untie(&mut self) {
        self.tied = false;
        self.id.claims.as_object_mut().unwrap().remove("at_hash");
    }

    /// Signs both tokens: the ID token and the access token.
    pub fn finish(mut self) -> (String, String) {
        let mut access = self.access.finish();
        if self.tied && self.id.claims.is_object() {
            let digest = digest::digest(&digest::SHA256, access.as_bytes());
            self.id.claims["at_hash"] = json!(URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16]));
        }
        let mut id = self.id.finish();
        (self.after)(&mut id, &mut access);
        (id, access)
    }
}
