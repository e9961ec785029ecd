//! The user pool: its login domain and its issuer, on one origin.

mod authorize;
mod clients;
mod discovery;
mod error;
mod federation;
mod forgot_password;
mod forms;
mod keys;
mod login;
mod logout;
mod new_password;
mod pages;
mod reply;
mod revoke;
mod session;
mod sign_up;
mod token;
mod tokens;
mod user_info;
mod users;

use std::{collections::HashSet, sync::Arc, time::Duration};

use axum::{Router, routing};
use url::Url;

pub use self::keys::{KeyError, Keys};
use self::{
    clients::Client, federation::AtProvider, forms::Forms, new_password::Challenge, session::SignedIn,
    token::CodeGrant, tokens::refresh::RefreshGrant, users::Users,
};
use crate::{
    Options, PoolDescription,
    expiring::Expiring,
    provider::{self, Provider},
    seed,
    shared::Shared,
    token::Verifier,
};

/// All that the pool's endpoints share.
pub struct Pool {
    domain: String,
    issuer: String,
    keys: Keys,
    clients: Vec<Client>,
    users: Shared<Users>,
    sessions: Shared<Expiring<SignedIn>>,
    forms: Shared<Forms>,
    challenges: Shared<Expiring<Challenge>>,
    at_provider: Shared<Expiring<AtProvider>>,
    codes: Shared<Expiring<CodeGrant>>,
    refresh_tokens: Shared<Expiring<RefreshGrant>>,
    revoked: Shared<HashSet<String>>,
    provider: Arc<Provider>,
    options: Options,
}

impl Pool {
    /// Makes the pool of a login domain, an origin without a slash at its end, and the identity provider behind it.
    pub fn new(domain: String, keys: Keys, provider: Arc<Provider>, options: Options) -> Self {
        Self {
            issuer: format!("{domain}/{}", seed::POOL_ID),
            domain,
            keys,
            clients: clients::seeded(&options.extra_callbacks),
            users: Shared::new(Users::seeded(options.clock.now())),
            sessions: Shared::default(),
            forms: Shared::default(),
            challenges: Shared::default(),
            at_provider: Shared::default(),
            codes: Shared::default(),
            refresh_tokens: Shared::default(),
            revoked: Shared::default(),
            provider,
            options,
        }
    }

    /// Makes the check that a service with the pool's public keys does.
    pub fn verifier(&self) -> Verifier {
        Verifier::new(self.issuer.clone(), self.keys.public())
    }

    /// Describes the pool as it is now.
    pub fn description(&self) -> PoolDescription {
        PoolDescription {
            domain: self.domain.clone(),
            issuer: self.issuer.clone(),
            pool_id: seed::POOL_ID.to_owned(),
            clients: self.clients.iter().map(Client::description).collect(),
            users: self.users.lock().descriptions(),
        }
    }

    fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    fn now(&self) -> Duration {
        self.options.clock.now()
    }
}

/// Tells whether a callback can be registered: https, http on loopback, or a custom scheme, without a fragment and of
/// at most 1024 characters.
pub fn is_registrable(callback: &str) -> bool {
    let Ok(url) = Url::parse(callback) else { return false };
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    callback.len() <= 1_024 && url.fragment().is_none() && (url.scheme() != "http" || loopback)
}

/// Routes the pool's endpoints.
pub fn router(pool: Arc<Pool>) -> Router {
    let issuer = format!("/{}/.well-known", seed::POOL_ID);
    Router::new()
        .route("/oauth2/authorize", routing::get(authorize::get))
        .route("/oauth2/token", routing::post(token::post))
        .route("/oauth2/userInfo", routing::get(user_info::get).post(user_info::get))
        .route("/oauth2/revoke", routing::post(revoke::post))
        .route(provider::RESPONSE_PATH, routing::get(federation::get_response))
        .route("/login", routing::get(login::get).post(login::post))
        .route(new_password::PATH, routing::post(new_password::post))
        .route("/signup", routing::get(sign_up::get).post(sign_up::post))
        .route("/confirm", routing::get(sign_up::get_confirm).post(sign_up::post_confirm))
        .route("/confirmUser", routing::get(sign_up::confirm_user))
        .route("/resendcode", routing::post(sign_up::resend_code))
        .route("/forgotPassword", routing::get(forgot_password::get).post(forgot_password::post))
        .route("/confirmforgotPassword", routing::get(forgot_password::get_confirm).post(forgot_password::post_confirm))
        .route("/logout", routing::get(logout::get))
        .route("/error", routing::get(error::get))
        .route(&format!("{issuer}/openid-configuration"), routing::get(discovery::configuration))
        .route(&format!("{issuer}/jwks.json"), routing::get(discovery::keys))
        .fallback(error::not_found)
        .layer(axum::middleware::map_response(reply::with_request_id))
        .with_state(pool)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://example.com/", true)]
    #[case("http://localhost:4180/callback", true)]
    #[case("http://127.0.0.1:9/", true)]
    #[case("http://[::1]/", true)]
    #[case("gatepass://callback", true)]
    #[case("http://example.com/", false)]
    #[case("https://example.com/#there", false)]
    #[case("callback", false)]
    fn a_callback_is_https_or_loopback_or_a_custom_scheme(#[case] callback: &str, #[case] registrable: bool) {
        assert_eq!(is_registrable(callback), registrable);
    }
}
