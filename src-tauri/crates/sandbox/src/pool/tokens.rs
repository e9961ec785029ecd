//! Making tokens: their claims, in the order of the real ones.

pub mod refresh;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{KeyError, Pool, clients::Client, session::SignedIn, users::User};
use crate::random;

/// What a grant gives tokens for.
#[derive(Clone, Debug)]
pub struct Grant {
    pub signed_in: SignedIn,
    pub scopes: Vec<String>,
    pub nonce: Option<String>,
    pub resource: Option<String>,
    /// Names the sign-in in tokens that can be revoked; an implicit grant has none.
    pub origin_jti: Option<String>,
}

/// The tokens of one grant; the ID token only where `openid` was asked for.
#[derive(Debug)]
pub struct Issued {
    pub id_token: Option<String>,
    pub access_token: String,
    pub expires_in: u64,
}

impl Pool {
    /// Makes the tokens of a user's grant.
    pub fn issue(&self, client: &Client, grant: &Grant) -> Result<Issued, KeyError> {
        let user = self.users.lock().find(&grant.signed_in.username).cloned();
        let user = user.ok_or(KeyError::Sign)?;
        let access_token = self.keys.access.sign(&self.access_claims(client, grant, &user))?;
        let id_token = grant
            .scopes
            .iter()
            .any(|scope| scope == "openid")
            .then(|| self.keys.id.sign(&self.id_claims(client, grant, &user, &access_token)))
            .transpose()?;
        Ok(Issued { id_token, access_token, expires_in: self.options.access_token.as_secs() })
    }

    /// Makes the access token of a client that acts for itself (RFC 6749 §4.4).
    pub fn issue_to_client(&self, client: &Client, scopes: &[String]) -> Result<Issued, KeyError> {
        let now = self.now();
        let mut claims = Claims::default();
        claims.put("sub", client.id);
        claims.put("token_use", "access");
        claims.put("scope", scopes.join(" "));
        claims.put("auth_time", now.as_secs());
        claims.put("iss", self.issuer.as_str());
        claims.put("exp", (now + self.options.access_token).as_secs());
        claims.put("iat", now.as_secs());
        claims.put("version", 2);
        claims.put("jti", random::uuid());
        claims.put("client_id", client.id);
        let access_token = self.keys.access.sign(&claims.0)?;
        Ok(Issued { id_token: None, access_token, expires_in: self.options.access_token.as_secs() })
    }

    fn id_claims(&self, client: &Client, grant: &Grant, user: &User, access_token: &str) -> Map<String, Value> {
        let now = self.now();
        let shows = |scope: &str| grant.scopes.iter().any(|asked| asked == scope) || grant.shows_all_attributes();
        let phone_number = user.phone_number.as_deref().filter(|_| shows("phone"));

        let mut claims = Claims::default();
        claims.put("at_hash", at_hash(access_token));
        claims.put("sub", user.sub.as_str());
        claims.put_groups(user);
        if shows("email") {
            claims.put("email_verified", user.email_verified);
        }
        claims.put("iss", self.issuer.as_str());
        if phone_number.is_some() {
            claims.put("phone_number_verified", false);
        }
        claims.put("cognito:username", user.username.as_str());
        // Guess: the places of nonce, origin_jti and identities.
        claims.put_some("nonce", grant.nonce.as_deref());
        claims.put_some("origin_jti", grant.origin_jti.as_deref());
        claims.put("aud", client.id);
        if let Some(identity) = &user.identity {
            claims.put("identities", identity.claim());
        }
        claims.put("token_use", "id");
        claims.put("auth_time", grant.signed_in.auth_time.as_secs());
        claims.put_some("phone_number", phone_number);
        claims.put("exp", (now + self.options.id_token).as_secs());
        claims.put("iat", now.as_secs());
        claims.put("jti", random::uuid());
        if shows("email") {
            claims.put("email", user.email.as_str());
        }
        claims.0
    }

    fn access_claims(&self, client: &Client, grant: &Grant, user: &User) -> Map<String, Value> {
        let now = self.now();
        let mut claims = Claims::default();
        claims.put("sub", user.sub.as_str());
        claims.put_groups(user);
        // Guess: the places of origin_jti and aud.
        claims.put_some("origin_jti", grant.origin_jti.as_deref());
        claims.put_some("aud", grant.resource.as_deref());
        claims.put("token_use", "access");
        claims.put("scope", grant.scopes.join(" "));
        claims.put("auth_time", grant.signed_in.auth_time.as_secs());
        claims.put("iss", self.issuer.as_str());
        claims.put("exp", (now + self.options.access_token).as_secs());
        claims.put("iat", now.as_secs());
        claims.put("version", 2);
        claims.put("jti", random::uuid());
        claims.put("client_id", client.id);
        claims.put("username", user.username.as_str());
        claims.0
    }
}

impl Grant {
    /// With `openid` and no scope for attributes, the pool gives them all.
    pub fn shows_all_attributes(&self) -> bool {
        !self.scopes.iter().any(|scope| matches!(scope.as_str(), "email" | "phone" | "profile"))
    }
}

/// Makes the access token's hash: the left half of its SHA-256 as base64url (OIDC Core §3.2.2.9).
pub fn at_hash(access_token: &str) -> String {
    let digest = Sha256::digest(access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest[..digest.len() / 2])
}

/// Claims that stay in the order in which they are put.
#[derive(Default)]
struct Claims(Map<String, Value>);

impl Claims {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn put_some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn put_groups(&mut self, user: &User) {
        if !user.groups.is_empty() {
            self.put("cognito:groups", user.groups.clone());
        }
    }
}
