//! What a sandbox tells of itself: the one line of the program, and what the app shows.
//!
//! The passwords, secrets and keys here are the sandbox's own and good nowhere else, so they are plain text.

use serde::Serialize;
use specta::Type;

/// Describes a running sandbox.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Description {
    /// The user pool.
    pub pool: PoolDescription,
    /// The gateway.
    pub gateway: GatewayDescription,
}

/// Describes the user pool.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PoolDescription {
    /// The login domain's origin.
    pub domain: String,
    /// The issuer, under which discovery and keys are.
    pub issuer: String,
    /// The pool's id.
    pub pool_id: String,
    /// The app clients.
    pub clients: Vec<ClientDescription>,
    /// The users, with the passwords that they have at the start.
    pub users: Vec<UserDescription>,
}

/// Describes an app client.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ClientDescription {
    /// The client id.
    pub id: String,
    /// The client secret, where the client has one.
    pub secret: Option<String>,
    /// The grants: `implicit`, `code`, `client_credentials`.
    pub grants: Vec<String>,
    /// The registered callbacks.
    pub callbacks: Vec<String>,
    /// The scopes that may be asked for.
    pub scopes: Vec<String>,
}

/// Describes a seeded user.
#[derive(Clone, Debug, Serialize, Type)]
pub struct UserDescription {
    /// The name to sign in with.
    pub username: String,
    /// The password at the start.
    pub password: String,
    /// Whether the password must be changed at the first sign-in.
    pub temporary: bool,
    /// The groups.
    pub groups: Vec<String>,
}

/// Describes the gateway.
#[derive(Clone, Debug, Serialize, Type)]
pub struct GatewayDescription {
    /// The invoke URL with its stage.
    pub invoke_url: String,
    /// The header from which the authorizer takes the token.
    pub token_source: String,
    /// The API keys.
    pub api_keys: Vec<ApiKeyDescription>,
    /// Where the API's definition is exported; `?format=swagger` for Swagger 2.
    pub definition_url: String,
}

/// Describes an API key.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ApiKeyDescription {
    /// The key's value.
    pub value: String,
    /// Whether it is enabled.
    pub enabled: bool,
}
