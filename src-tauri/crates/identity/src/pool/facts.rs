use serde::{Deserialize, Serialize};
use specta::Type;

use super::Endpoints;

/// How tokens are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Grant {
    /// The authorization code with PKCE (RFC 6749 §4.1, RFC 7636): the tokens never travel in an address, and a refresh
    /// token comes with them.
    Code,
    /// The implicit grant (RFC 6749 §4.2): the tokens come in the redirect.
    #[default]
    Implicit,
    /// The client's own credentials (RFC 6749 §4.4): an access token for a machine, without a user.
    ClientCredentials,
}

/// Whose rules a provider's tokens follow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Provider {
    /// Amazon Cognito, or an emulator of it.
    #[default]
    Cognito,
    /// Any other `OpenID` provider: its access tokens are for its APIs, and opaque to a client (OpenID Connect Core §3.1.3.3).
    OpenId,
}

/// The facts of a user pool as they are typed, saved and shown; [`UserPool`](crate::UserPool) is what they become once
/// checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PoolFacts {
    /// The login domain, such as `https://shop.auth.eu-west-1.amazoncognito.com`.
    pub domain: String,
    /// The id of the app client.
    pub client_id: String,
    /// The region, where it is known.
    pub region: Option<String>,
    /// The id of the pool, where it is known.
    pub pool_id: Option<String>,
    /// The issuer that the pool's tokens are pinned to, once it is known.
    pub issuer: Option<String>,
    /// The callback URL, exactly as it is registered with the app client.
    pub callback: String,
    /// The scopes that are asked for.
    pub scopes: Vec<String>,
    /// How tokens are asked for.
    #[serde(default)]
    pub grant: Grant,
    /// Whose rules the tokens follow.
    #[serde(default)]
    pub provider: Provider,
    /// Endpoints that are not where Cognito has them.
    #[serde(default)]
    pub endpoints: Endpoints,
    /// The path of a PEM file with the certificates of a private authority, which is trusted for this pool beside the
    /// system's own.
    #[serde(default)]
    pub certificate: Option<String>,
}
