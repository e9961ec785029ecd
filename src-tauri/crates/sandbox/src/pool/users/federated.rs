//! Users who come from the identity provider and have no password here.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Status, User, Users};
use crate::{provider::Account, random, seed};

/// The account at the provider that a user is.
#[derive(Clone, Debug)]
pub struct ProviderIdentity {
    account: Account,
    created: Duration,
}

impl ProviderIdentity {
    /// Writes the claim `identities`, in which flags and times are text.
    pub fn claim(&self) -> Value {
        json!([{
            "userId": self.account.subject,
            "providerName": seed::PROVIDER,
            "providerType": seed::PROVIDER,
            "issuer": null,
            "primary": "true",
            "dateCreated": self.created.as_millis().to_string(),
        }])
    }
}

impl Users {
    /// Finds the user who is an account at the provider, made at the first sign-in, and tells the username.
    pub fn federate(&mut self, account: Account, now: Duration) -> String {
        let username = format!("{}_{}", seed::PROVIDER, account.subject);
        let known = self.0.iter().any(|user| user.username == username && user.identity.is_some());
        if !known {
            self.0.push(User {
                groups: vec![format!("{}_{}", seed::POOL_ID, seed::PROVIDER)],
                identity: Some(ProviderIdentity { account, created: now }),
                ..User::new(&username, account.email, &random::base64url(32), Status::ExternalProvider)
            });
        }
        username
    }
}
