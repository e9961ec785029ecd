//! The public facts of a user pool and of the app client that one signs in through.

mod callback;
mod endpoints;
mod error;
mod facts;
mod issuer;
pub(crate) mod pattern;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

pub use callback::{Callback, CallbackError};
pub use endpoints::{Endpoint, EndpointError, Endpoints};
pub use error::PoolError;
pub use facts::{Grant, PoolFacts, Provider};
pub use issuer::{Issuer, IssuerError, IssuerKind};
use pattern::{Bounded, given, is_client_id, is_loopback, is_openid_client_id, is_pool_id, is_region, read_scopes};

/// A user pool and an app client of it, checked for form: public facts, no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PoolFacts", into = "PoolFacts")]
pub struct UserPool {
    domain: Url,
    client_id: String,
    region: Option<String>,
    pool_id: Option<String>,
    issuer: Option<Issuer>,
    callback: Option<Callback>,
    scopes: Vec<String>,
    grant: Grant,
    provider: Provider,
    endpoints: Endpoints,
    certificate: Option<PathBuf>,
}

impl UserPool {
    /// Checks the facts; an empty optional field counts as absent, and blanks around a value are taken off.
    ///
    /// # Errors
    /// Names the first field that cannot be right, what was found there and what is expected.
    pub fn new(facts: &PoolFacts) -> Result<Self, PoolError> {
        let endpoints = facts.endpoints.checked().map_err(PoolError::Endpoint)?;
        let domain = read_domain(&facts.domain)?;
        let client_id = facts.client_id.trim();
        let well_formed = match facts.provider {
            Provider::Cognito => is_client_id(client_id),
            Provider::OpenId => is_openid_client_id(client_id),
        };
        if !well_formed {
            return Err(PoolError::ClientId { found: Bounded(client_id).to_string() });
        }
        let pool_id = facts.pool_id.as_deref().and_then(given);
        if let Some(pool_id) = pool_id.filter(|id| !is_pool_id(id)) {
            let example = format!("{}_aB3xY9zQ1", facts.region.as_deref().and_then(given).unwrap_or("eu-west-1"));
            return Err(PoolError::PoolId { found: Bounded(pool_id).to_string(), example });
        }
        let region = facts.region.as_deref().and_then(given);
        if let Some(region) = region.filter(|region| !is_region(region)) {
            return Err(PoolError::Region { found: Bounded(region).to_string() });
        }
        let named = pool_id.and_then(region_in);
        if let (Some(region), Some(pool_id)) = (region, pool_id)
            && named != Some(region)
        {
            return Err(PoolError::RegionOfPool { region: region.to_owned(), pool_id: pool_id.to_owned() });
        }
        let callback = match (facts.callback.trim(), facts.grant) {
            ("", Grant::ClientCredentials) => None,
            (text, _) => Some(Callback::new(text).map_err(PoolError::Callback)?),
        };
        let scopes = read_scopes(&facts.scopes).map_err(|found| PoolError::Scope { found })?;
        let mut pool = Self {
            domain,
            client_id: client_id.to_owned(),
            region: region.or(named).map(str::to_owned),
            pool_id: pool_id.map(str::to_owned),
            issuer: None,
            callback,
            scopes,
            grant: facts.grant,
            provider: facts.provider,
            endpoints,
            certificate: facts.certificate.as_deref().and_then(given).map(PathBuf::from),
        };
        if let Some(issuer) = facts.issuer.as_deref().and_then(given) {
            let issuer = pool.read_issuer(issuer).map_err(PoolError::Issuer)?;
            pool.accepts(&issuer)?;
            pool = pool.pinned_to(issuer);
        }
        pool.is_complete()?;
        Ok(pool)
    }

    /// Another provider than Cognito says nothing by its domain: its issuer and its endpoints must be given.
    fn is_complete(&self) -> Result<(), PoolError> {
        if self.provider == Provider::Cognito {
            return Ok(());
        }
        if self.issuer.is_none() {
            return Err(PoolError::NoIssuer);
        }
        let needed = match self.grant {
            Grant::Code => &[Endpoint::Authorization, Endpoint::Token, Endpoint::Jwks][..],
            Grant::Implicit => &[Endpoint::Authorization, Endpoint::Jwks],
            Grant::ClientCredentials => &[Endpoint::Token],
        };
        match needed.iter().find(|endpoint| self.endpoints.of(**endpoint).is_none()) {
            Some(endpoint) => Err(PoolError::NoEndpoint { name: endpoint.name() }),
            None => Ok(()),
        }
    }

    /// Reads an issuer by the rules of the pool's provider.
    pub(crate) fn read_issuer(&self, text: &str) -> Result<Issuer, IssuerError> {
        match self.provider {
            Provider::Cognito => Issuer::read(text, self.allows_loopback()),
            Provider::OpenId => Issuer::of_openid_provider(text),
        }
    }

    /// The login domain, with `/` as its path.
    pub fn domain(&self) -> &Url {
        &self.domain
    }

    /// The id of the app client.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The region, where it is known.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The id of the pool, where it is known.
    pub fn pool_id(&self) -> Option<&str> {
        self.pool_id.as_deref()
    }

    /// The issuer that the pool's tokens are pinned to, once it is known.
    pub fn issuer(&self) -> Option<&Issuer> {
        self.issuer.as_ref()
    }

    /// The callback URL, exactly as it is registered; a machine that signs in by itself has none.
    pub fn callback(&self) -> Option<&Callback> {
        self.callback.as_ref()
    }

    /// Tells whether a navigation goes to the callback.
    pub fn is_callback(&self, navigation: &Url) -> bool {
        self.callback.as_ref().is_some_and(|callback| callback.matches(navigation))
    }

    /// The scopes that are asked for.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// How tokens are asked for.
    pub fn grant(&self) -> Grant {
        self.grant
    }

    /// Whose rules the tokens follow.
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// The same pool, asked in another way.
    #[must_use]
    pub fn with_grant(mut self, grant: Grant) -> Self {
        self.grant = grant;
        self
    }

    /// The PEM file of a private authority that is trusted for this pool.
    pub(crate) fn certificate(&self) -> Option<&Path> {
        self.certificate.as_deref()
    }

    /// The facts, for a form or a file.
    pub fn facts(&self) -> PoolFacts {
        self.clone().into()
    }

    /// The address that ends the session at the pool and comes back to the callback.
    ///
    /// Source: Cognito's logout endpoint, with `client_id` and `logout_uri`, which must be registered as a sign-out URL;
    /// of another provider, OpenID Connect RP-Initiated Logout §2. `None` where the provider has no such address.
    pub fn logout_url(&self) -> Option<Url> {
        let mut url = self.endpoint(Endpoint::Logout)?;
        let after = match self.provider {
            Provider::Cognito => "logout_uri",
            Provider::OpenId => "post_logout_redirect_uri",
        };
        let callback = self.callback.as_ref()?;
        url.query_pairs_mut().append_pair("client_id", &self.client_id).append_pair(after, callback.as_str());
        Some(url)
    }

    /// Tells whether a page is one of the login domain's own that asks the user for something.
    ///
    /// A hidden window that comes to such a page cannot be renewed without the user.
    pub fn asks_the_user(&self, page: &Url) -> bool {
        let passed = |url: Option<Url>| url.is_some_and(|url| url.path() == page.path());
        self.is_on_domain(page)
            && !["/oauth2/", "/saml2/"].iter().any(|hops| page.path().starts_with(hops))
            && !passed(self.endpoint(Endpoint::Authorization))
            && !passed(self.endpoint(Endpoint::Logout))
    }

    /// The same pool, its tokens pinned to an issuer, with the region and the pool id that the issuer names.
    #[must_use]
    pub fn pinned_to(mut self, issuer: Issuer) -> Self {
        let region = issuer.region().or_else(|| issuer.pool_id().and_then(region_in));
        self.region = region.map(str::to_owned).or(self.region);
        self.pool_id = issuer.pool_id().map(str::to_owned).or(self.pool_id);
        self.issuer = Some(issuer);
        self
    }

    /// Where an endpoint is: as given, or at Cognito's usual place; `None` where the provider does not say.
    pub fn endpoint(&self, endpoint: Endpoint) -> Option<Url> {
        if let Some(given) = self.endpoints.of(endpoint) {
            return Url::parse(given).ok();
        }
        let path = endpoint.usual_path().filter(|_| self.provider == Provider::Cognito)?;
        let mut url = self.domain.clone();
        url.set_path(path);
        Some(url)
    }

    /// Where the keys of an issuer are: as given, or at the issuer.
    pub(crate) fn jwks_url(&self, issuer: &Issuer) -> Result<Url, url::ParseError> {
        Url::parse(self.endpoints.of(Endpoint::Jwks).unwrap_or(&issuer.jwks_url()))
    }

    pub(crate) fn is_on_domain(&self, page: &Url) -> bool {
        let login = self.endpoint(Endpoint::Authorization);
        page.origin() == self.domain.origin() || login.is_some_and(|login| login.origin() == page.origin())
    }

    /// Tells whether plain http to this machine is in order, as it is for the sandbox.
    pub(crate) fn allows_loopback(&self) -> bool {
        self.domain.scheme() == "http"
    }

    /// Checks an issuer against the pin, or, where there is none yet, against what else is known of the pool.
    pub(crate) fn accepts(&self, issuer: &Issuer) -> Result<(), PoolError> {
        let differs = |found: &str| PoolError::IssuerOfPool { issuer: issuer.to_string(), pool_id: found.to_owned() };
        if let Some(pinned) = &self.issuer {
            return if pinned == issuer { Ok(()) } else { Err(differs(pinned.pool_id().unwrap_or(pinned.as_str()))) };
        }
        let Some(found_id) = issuer.pool_id() else { return Ok(()) };
        if let Some(pool_id) = &self.pool_id
            && pool_id != found_id
        {
            return Err(differs(pool_id));
        }
        match (&self.region, issuer.region()) {
            (Some(known), Some(found)) if known != found => {
                Err(PoolError::RegionOfPool { region: known.clone(), pool_id: found_id.to_owned() })
            }
            _ => Ok(()),
        }
    }
}

impl TryFrom<PoolFacts> for UserPool {
    type Error = PoolError;

    fn try_from(facts: PoolFacts) -> Result<Self, PoolError> {
        Self::new(&facts)
    }
}

impl From<UserPool> for PoolFacts {
    fn from(pool: UserPool) -> Self {
        Self {
            domain: pool.domain.as_str().trim_end_matches('/').to_owned(),
            client_id: pool.client_id,
            region: pool.region,
            pool_id: pool.pool_id,
            issuer: pool.issuer.map(|issuer| issuer.to_string()),
            callback: pool.callback.map(|callback| callback.to_string()).unwrap_or_default(),
            scopes: pool.scopes,
            grant: pool.grant,
            provider: pool.provider,
            endpoints: pool.endpoints,
            certificate: pool.certificate.map(|path| path.to_string_lossy().into_owned()),
        }
    }
}

impl fmt::Display for UserPool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.pool_id {
            Some(pool_id) => formatter.write_str(pool_id),
            None => formatter.write_str(self.domain.host_str().unwrap_or_default()),
        }
    }
}

/// The region that a pool id begins with.
fn region_in(pool_id: &str) -> Option<&str> {
    pool_id.rsplit_once('_').map(|(region, _)| region).filter(|name| is_region(name))
}

fn read_domain(text: &str) -> Result<Url, PoolError> {
    let text = text.trim();
    let wrong = || PoolError::Domain { found: Bounded(text).to_string() };
    let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let mut url = Url::parse(&full).map_err(|_| wrong())?;
    let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    let bare =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    let named = url.host_str().is_some_and(|host| host.contains(['.', ':']) || is_loopback(&url));
    if !(secure && bare && named && matches!(url.path(), "" | "/")) {
        return Err(wrong());
    }
    url.set_path("/");
    Ok(url)
}

#[cfg(test)]
mod tests;
