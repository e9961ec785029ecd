//! Refresh tokens: keeping them, replacing one by the next, and revoking all of a sign-in.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::Grant;
use crate::{
    pool::{Pool, clients::Client},
    random,
};

/// What a refresh token stands for.
#[derive(Clone, Debug)]
pub struct RefreshGrant {
    pub client_id: &'static str,
    pub grant: Grant,
    /// When the last refresh token of the sign-in ends, since the Unix epoch.
    until: Duration,
}

impl Pool {
    /// Keeps the first refresh token of a sign-in.
    pub fn issue_refresh_token(&self, client: &Client, grant: Grant) -> String {
        let until = self.now() + self.options.refresh_token;
        self.keep_refresh_token(RefreshGrant { client_id: client.id, grant, until })
    }

    /// Finds what a client's refresh token stands for; where the pool rotates refresh tokens, the first use starts the
    /// token's grace period.
    pub fn use_refresh_token(&self, client: &Client, token: &str) -> Option<RefreshGrant> {
        let now = self.now();
        let mut tokens = self.refresh_tokens.lock();
        let kept = tokens.get(token, now).filter(|kept| kept.client_id == client.id).cloned()?;
        if let Some(grace) = self.options.rotation {
            tokens.shorten(token, now + grace);
        }
        Some(kept)
    }

    /// Replaces a refresh token that was used, where the pool rotates them; the next one has the life that was left to
    /// the first.
    pub fn rotate(&self, used: RefreshGrant) -> Option<String> {
        self.options.rotation.map(|_| self.keep_refresh_token(used))
    }

    /// Revokes a client's refresh token and all others of its sign-in.
    pub fn revoke_refresh_token(&self, client: &Client, token: &str) {
        let mut tokens = self.refresh_tokens.lock();
        let kept = tokens.get(token, self.now()).filter(|kept| kept.client_id == client.id);
        let Some(sign_in) = kept.and_then(|kept| kept.grant.origin_jti.clone()) else { return };
        tokens.retain(|kept| kept.grant.origin_jti.as_ref() != Some(&sign_in));
        self.revoked.lock().insert(sign_in);
    }

    /// Makes an opaque token of five parts and about 1.8 kB.
    fn keep_refresh_token(&self, grant: RefreshGrant) -> String {
        let header = URL_SAFE_NO_PAD.encode(json!({ "cty": "JWT", "enc": "A256GCM", "alg": "RSA-OAEP" }).to_string());
        let parts = [256, 12, 990, 16].map(random::base64url);
        let token = format!("{header}.{}", parts.join("."));
        let until = grant.until;
        self.refresh_tokens.lock().insert(token.clone(), grant, until, self.now());
        token
    }
}
