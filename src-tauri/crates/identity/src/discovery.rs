//! Asking a provider what it is: its endpoints and scopes, from its issuer alone.

mod document;
mod error;

use std::path::Path;
use std::time::SystemTime;

use serde::Serialize;
use specta::Type;
use url::Url;

use crate::pool::Endpoint;
use crate::{Endpoints, Issuer, IssuerError, IssuerKind, Network, Provider, UserPool};
use document::Document;
pub use error::DiscoveryError;

/// The scope by which an access token may change its user's own attributes; no provider but Cognito has it.
const USER_ADMIN: &str = "aws.cognito.signin.user.admin";

/// What a provider says of itself (OpenID Connect Discovery §3), as far as a sign-in needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Discovered {
    /// The issuer, exactly as it stands in its tokens.
    pub issuer: String,
    /// Whether the issuer is a Cognito one.
    pub provider: Provider,
    /// The region, where the provider is Cognito's.
    pub region: Option<String>,
    /// The id of the pool, where the provider is Cognito's.
    pub pool_id: Option<String>,
    /// The login domain: scheme and host of the authorization endpoint. A user pool without a domain has none.
    pub domain: Option<String>,
    /// The endpoints that are not where Cognito has them on that domain; for another provider, all of them.
    pub endpoints: Endpoints,
    /// The scopes that it names; a pool's custom scopes are not among them.
    pub scopes: Vec<String>,
}

/// Asks an issuer for its configuration; the address of the configuration itself is taken as well.
///
/// `certificate` is the PEM file of a private authority, where there is one.
///
/// # Errors
/// Tells a text that is no issuer, a server that does not answer, and a configuration that is another issuer's, that names
/// an endpoint without TLS, or whose tokens cannot be verified.
pub async fn discover(
    issuer: &str,
    certificate: Option<&Path>,
    network: &Network,
    now: SystemTime,
) -> Result<Discovered, DiscoveryError> {
    let typed = issuer.trim();
    let by_address = typed.strip_suffix("/.well-known/openid-configuration");
    let issuer = issuer_in(by_address.unwrap_or(typed))?;
    let document = fetch(&issuer, certificate, network, now).await?;
    // An issuer with a final slash and one without it have one address for their configuration (OpenID
    // Connect Discovery §4.1).
    let issuer = by_address.and_then(|_| document.issuer_with_slash(&issuer)).unwrap_or(issuer);
    believed(&document, &issuer)
}

/// Lists the scopes that a pool may be asked for: those that its issuer names, the pool's own, and Cognito's own.
///
/// # Errors
/// Fails where the pool's issuer is not known yet, and where [`discover`] does.
pub async fn offered_scopes(
    pool: &UserPool,
    network: &Network,
    now: SystemTime,
) -> Result<Vec<String>, DiscoveryError> {
    let issuer = match (pool.issuer(), pool.region(), pool.pool_id()) {
        (Some(issuer), ..) => issuer.clone(),
        (None, Some(region), Some(pool_id)) => Issuer::original(region, pool_id).map_err(DiscoveryError::Issuer)?,
        _ => return Err(DiscoveryError::UnknownIssuer),
    };
    let document = fetch(&issuer, pool.certificate(), network, now).await?;
    let mut scopes = believed(&document, &issuer)?.scopes;
    let own = pool.scopes().iter().map(String::as_str);
    for scope in own.chain((pool.provider() == Provider::Cognito).then_some(USER_ADMIN)) {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    Ok(scopes)
}

/// Reads a text as a Cognito issuer, or else as another provider's.
fn issuer_in(text: &str) -> Result<Issuer, DiscoveryError> {
    let read = match Issuer::read(text, true) {
        Err(IssuerError::NotAws { .. }) => Issuer::of_openid_provider(text),
        outcome => outcome,
    };
    read.map_err(DiscoveryError::Issuer)
}

async fn fetch(
    issuer: &Issuer,
    certificate: Option<&Path>,
    network: &Network,
    now: SystemTime,
) -> Result<Document, DiscoveryError> {
    let url = issuer.configuration_url();
    let url = Url::parse(&url).map_err(|_| DiscoveryError::Shape { host: issuer.to_string() })?;
    let host = crate::http::host_of(&url);
    let body = match network.http().json(&url, certificate, now).await? {
        Ok(body) => body,
        Err(status) => return Err(DiscoveryError::NoConfiguration { host, status }),
    };
    serde_json::from_value(body).map_err(|_| DiscoveryError::Shape { host })
}

/// Takes what a document says, if it is the issuer's own.
fn believed(document: &Document, issuer: &Issuer) -> Result<Discovered, DiscoveryError> {
    document.must_be_of(issuer)?;
    let endpoints = document.endpoints(issuer)?;
    let provider = match issuer.kind() {
        IssuerKind::OpenId => Provider::OpenId,
        IssuerKind::Original | IssuerKind::Updated | IssuerKind::Loopback => Provider::Cognito,
    };
    let login = endpoints.of(Endpoint::Authorization).and_then(|text| Url::parse(text).ok());
    Ok(Discovered {
        issuer: issuer.to_string(),
        provider,
        region: issuer.region().map(str::to_owned),
        pool_id: issuer.pool_id().map(str::to_owned),
        endpoints: match (provider, &login) {
            (Provider::Cognito, Some(login)) => endpoints.unless_usual(login, issuer),
            _ => endpoints,
        },
        domain: login.map(|url| url.origin().ascii_serialization()),
        scopes: document.scopes(),
    })
}
