//! The public facts of a user pool and of the app client that one signs in through.

mod callback;
mod issuer;
pub(crate) mod pattern;

use std::fmt;

use serde::{Deserialize, Serialize};
use specta::Type;
use thiserror::Error;
use url::Url;

pub use callback::{Callback, CallbackError};
pub use issuer::{Issuer, IssuerError, IssuerKind};
use pattern::{Bounded, is_client_id, is_loopback, is_pool_id, is_region, is_scope};

/// The facts of a user pool as they are typed, saved and shown; [`UserPool`] is what they become once checked.
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
}

/// Why the facts of a user pool cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PoolError {
    /// The login domain is not one.
    #[error(
        "the domain is {found}; expected the login domain of the user pool, such as \
         https://my-app.auth.eu-west-1.amazoncognito.com, with https and without a path"
    )]
    Domain {
        /// What was found.
        found: String,
    },
    /// The client id has a sign that no client id has.
    #[error("the client id is {found}; expected the app client's id, letters and digits only, at most 128")]
    ClientId {
        /// What was found.
        found: String,
    },
    /// The region is not in the form of one.
    #[error("the region is {found}; expected a region such as eu-west-1")]
    Region {
        /// What was found.
        found: String,
    },
    /// The pool id is not in the form of one.
    #[error("the user pool id is {found}; expected a region, an underscore, letters and digits, such as {example}")]
    PoolId {
        /// What was found.
        found: String,
        /// What one looks like.
        example: String,
    },
    /// The pool id names a region and the region is another one.
    #[error("the region is {region}, but the user pool id {pool_id} belongs to another region; correct one of them")]
    RegionOfPool {
        /// The region as given.
        region: String,
        /// The pool id as given.
        pool_id: String,
    },
    /// The callback URL cannot be registered with Cognito.
    #[error("the callback URL cannot be used; enter it exactly as it is registered with the app client")]
    Callback(#[source] CallbackError),
    /// A scope has a sign that no scope has.
    #[error("a scope is {found}; expected names such as openid, email or shop/read, separated by spaces")]
    Scope {
        /// What was found.
        found: String,
    },
    /// The issuer is none that can be trusted.
    #[error("the issuer cannot be used; leave it empty to take it from the first sign-in")]
    Issuer(#[source] IssuerError),
    /// The issuer is of another pool than the region and the pool id.
    #[error("the issuer {issuer} is not the one of user pool {pool_id}; correct the pool id or leave the issuer empty")]
    IssuerOfPool {
        /// The issuer as given.
        issuer: String,
        /// The pool id as given.
        pool_id: String,
    },
}

/// A user pool and an app client of it, checked for form: public facts, no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PoolFacts", into = "PoolFacts")]
pub struct UserPool {
    domain: Url,
    client_id: String,
    region: Option<String>,
    pool_id: Option<String>,
    issuer: Option<Issuer>,
    callback: Callback,
    scopes: Vec<String>,
}

impl UserPool {
    /// Checks the facts; an empty optional field counts as absent, and blanks around a value are taken off.
    ///
    /// # Errors
    /// Names the first field that cannot be right, what was found there and what is expected.
    pub fn new(facts: &PoolFacts) -> Result<Self, PoolError> {
        let domain = read_domain(&facts.domain)?;
        let client_id = facts.client_id.trim();
        if !is_client_id(client_id) {
            return Err(PoolError::ClientId { found: Bounded(client_id).to_string() });
        }
        let pool_id = given(facts.pool_id.as_ref());
        if let Some(pool_id) = pool_id.filter(|id| !is_pool_id(id)) {
            let example = format!("{}_aB3xY9zQ1", given(facts.region.as_ref()).unwrap_or("eu-west-1"));
            return Err(PoolError::PoolId { found: Bounded(pool_id).to_string(), example });
        }
        let region = given(facts.region.as_ref());
        if let Some(region) = region.filter(|region| !is_region(region)) {
            return Err(PoolError::Region { found: Bounded(region).to_string() });
        }
        let named = pool_id.and_then(region_in);
        if let (Some(region), Some(pool_id)) = (region, pool_id)
            && named != Some(region)
        {
            return Err(PoolError::RegionOfPool { region: region.to_owned(), pool_id: pool_id.to_owned() });
        }
        let callback = Callback::new(facts.callback.trim()).map_err(PoolError::Callback)?;
        let mut scopes: Vec<String> = Vec::new();
        for scope in facts.scopes.iter().flat_map(|scope| scope.split_whitespace()) {
            if !is_scope(scope) {
                return Err(PoolError::Scope { found: Bounded(scope).to_string() });
            }
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
        let mut pool = Self {
            domain,
            client_id: client_id.to_owned(),
            region: region.or(named).map(str::to_owned),
            pool_id: pool_id.map(str::to_owned),
            issuer: None,
            callback,
            scopes,
        };
        if let Some(issuer) = given(facts.issuer.as_ref()) {
            let issuer = Issuer::read(issuer, pool.allows_loopback()).map_err(PoolError::Issuer)?;
            pool.accepts(&issuer)?;
            pool = pool.pinned_to(issuer);
        }
        Ok(pool)
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

    /// The callback URL, exactly as it is registered.
    pub fn callback(&self) -> &Callback {
        &self.callback
    }

    /// The scopes that are asked for.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// The facts, for a form or a file.
    pub fn facts(&self) -> PoolFacts {
        self.clone().into()
    }

    /// The address that ends the session at the pool and comes back to the callback.
    ///
    /// Source: Cognito's logout endpoint, with `client_id` and `logout_uri`, which must be registered as a sign-out URL.
    pub fn logout_url(&self) -> Url {
        let mut url = self.endpoint("logout");
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("logout_uri", self.callback.as_str());
        url
    }

    /// Tells whether a page is one of the login domain's own that asks the user for something.
    ///
    /// A hidden window that comes to such a page cannot be renewed without the user.
    pub fn asks_the_user(&self, page: &Url) -> bool {
        self.is_on_domain(page) && !page.path().starts_with("/oauth2/") && page.path() != "/logout"
    }

    /// The same pool, its tokens pinned to an issuer, with the region and the pool id that the issuer names.
    #[must_use]
    pub fn pinned_to(mut self, issuer: Issuer) -> Self {
        let region = issuer.region().or_else(|| region_in(issuer.pool_id()));
        self.region = region.map(str::to_owned).or(self.region);
        self.pool_id = Some(issuer.pool_id().to_owned());
        self.issuer = Some(issuer);
        self
    }

    pub(crate) fn endpoint(&self, path: &str) -> Url {
        let mut url = self.domain.clone();
        url.set_path(path);
        url
    }

    pub(crate) fn is_on_domain(&self, page: &Url) -> bool {
        page.origin() == self.domain.origin()
    }

    /// Tells whether plain http to this machine is in order, as it is for the sandbox.
    pub(crate) fn allows_loopback(&self) -> bool {
        self.domain.scheme() == "http"
    }

    /// Checks an issuer against the pin, or, where there is none yet, against what else is known of the pool.
    pub(crate) fn accepts(&self, issuer: &Issuer) -> Result<(), PoolError> {
        let differs = |found: &str| PoolError::IssuerOfPool { issuer: issuer.to_string(), pool_id: found.to_owned() };
        if let Some(pinned) = &self.issuer {
            return if pinned == issuer { Ok(()) } else { Err(differs(pinned.pool_id())) };
        }
        if let Some(pool_id) = &self.pool_id
            && pool_id != issuer.pool_id()
        {
            return Err(differs(pool_id));
        }
        match (&self.region, issuer.region()) {
            (Some(known), Some(found)) if known != found => {
                Err(PoolError::RegionOfPool { region: known.clone(), pool_id: issuer.pool_id().to_owned() })
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
            callback: pool.callback.as_str().to_owned(),
            scopes: pool.scopes,
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

fn given(field: Option<&String>) -> Option<&str> {
    field.map(|text| text.trim()).filter(|text| !text.is_empty())
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
