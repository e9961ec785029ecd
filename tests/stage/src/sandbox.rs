use gatepass_sandbox::{ClientDescription, Description, Options, Sandbox, StartError, UserDescription};
use url::Url;

/// A sandbox in the journey's own process: it outlives the app, as a real pool and gateway do.
pub struct Stage {
    sandbox: Sandbox,
}

impl Stage {
    /// Starts a sandbox with the real services' lifetimes.
    pub async fn open() -> Result<Self, StartError> {
        Self::with(Options::default()).await
    }

    /// Starts a sandbox.
    pub async fn with(options: Options) -> Result<Self, StartError> {
        Sandbox::start(options).await.map(|sandbox| Self { sandbox })
    }

    /// What the sandbox tells of itself.
    pub fn description(&self) -> &Description {
        self.sandbox.description()
    }

    /// The public client with the implicit grant.
    pub fn client(&self) -> &ClientDescription {
        &self.description().pool.clients[0]
    }

    /// A seeded user by name.
    pub fn user(&self, name: &str) -> &UserDescription {
        let users = &self.description().pool.users;
        users.iter().find(|user| user.username == name).unwrap_or(&users[0])
    }

    /// The enabled API key of the stage's usage plan.
    pub fn api_key(&self) -> &str {
        self.description().gateway.api_keys.iter().find(|key| key.enabled).map_or("", |key| &key.value)
    }

    /// A URL of the gateway's stage, `path` beginning with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.description().gateway.invoke_url)
    }

    /// A URL of the gateway outside every stage, such as `/echo`.
    pub fn tool(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.gateway_origin())
    }

    /// The address behind "View login page" of the public client.
    pub fn login_page(&self) -> String {
        self.login_page_of(&self.client().id, &self.client().callbacks[0], "openid email profile phone")
    }

    /// The address behind "View login page" of a client, with a callback and scopes.
    pub fn login_page_of(&self, client: &str, callback: &str, scopes: &str) -> String {
        let parameters =
            [("client_id", client), ("response_type", "token"), ("scope", scopes), ("redirect_uri", callback)];
        let domain = &self.description().pool.domain;
        Url::parse_with_params(&format!("{domain}/login"), parameters).map(String::from).unwrap_or_default()
    }

    /// Ends the sandbox, as a network that is gone does.
    pub async fn close(self) {
        self.sandbox.stop().await;
    }
}
