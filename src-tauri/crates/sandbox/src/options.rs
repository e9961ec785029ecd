//! What a sandbox can be told at its start.

use std::time::Duration;

use crate::Clock;

/// Sets a sandbox up; the default has the lifetimes of the real services.
#[derive(Clone)]
pub struct Options {
    /// The user pool's port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The gateway's port on 127.0.0.1; 0 takes any free one.
    pub gateway_port: u16,
    /// How long an ID token lives.
    pub id_token: Duration,
    /// How long an access token lives.
    pub access_token: Duration,
    /// How long a refresh token lives.
    pub refresh_token: Duration,
    /// How long a refresh token that was used stays good beside the one that replaces it, 0 to 60 s at the real
    /// service; `None` rotates no refresh token.
    pub rotation: Option<Duration>,
    /// How long the session cookie lives after an interactive sign-in.
    pub session: Duration,
    /// The header from which the gateway's Cognito authorizer takes the token.
    pub token_source: String,
    /// Callbacks registered at every client beside the seeded ones.
    pub extra_callbacks: Vec<String>,
    /// Whether cookies carry `Secure`, as the real ones do; off because a web view does not return them over the
    /// sandbox's plain HTTP.
    pub secure_cookies: bool,
    /// Which generation of login pages the domain shows.
    pub login_pages: LoginPages,
    /// Whether the login page offers the identity provider; `identity_provider` leads to it in any case.
    pub show_providers: bool,
    /// Whether the identity provider refuses to be shown in a web view, as Google does.
    pub provider_refuses_web_views: bool,
    /// How long the gateway keeps an authorizer's result; zero keeps none.
    pub authorizer_cache: Duration,
    /// How long the gateway waits for an integration.
    pub integration_timeout: Duration,
    /// The pool's keys as an earlier sandbox saved them, so that its tokens are still good; `None` makes new ones.
    pub keys: Option<String>,
    /// The clock of the pool and the gateway.
    pub clock: Clock,
}

/// Names the generation of login pages on a user pool's domain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoginPages {
    /// The classic hosted UI, which ignores `prompt`.
    #[default]
    Classic,
    /// Managed login, which honours `prompt=none` and `prompt=login`.
    Managed,
    /// Managed login whose client has no branding style yet, so that no page can be shown.
    Unbranded,
}

impl Default for Options {
    fn default() -> Self {
        const HOUR: Duration = Duration::from_hours(1);
        Self {
            port: 0,
            gateway_port: 0,
            id_token: HOUR,
            access_token: HOUR,
            refresh_token: HOUR * 24 * 30,
            rotation: None,
            session: HOUR,
            token_source: "dev-auth-token".to_owned(),
            extra_callbacks: Vec::new(),
            secure_cookies: false,
            login_pages: LoginPages::Classic,
            show_providers: false,
            provider_refuses_web_views: true,
            authorizer_cache: Duration::from_mins(5),
            integration_timeout: Duration::from_secs(29),
            keys: None,
            clock: Clock::system(),
        }
    }
}
