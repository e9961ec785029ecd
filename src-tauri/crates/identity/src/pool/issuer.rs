use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

use super::pattern::{Bounded, is_loopback, is_pool_id, is_region};

/// Which of the forms an issuer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum IssuerKind {
    /// `https://cognito-idp.<region>.amazonaws.com/<pool id>`.
    Original,
    /// `https://issuer-cognito-idp.<region>.amazonaws.com/<pool id>`, which API Gateway's Cognito authorizers are
    /// reported not to take.
    Updated,
    /// A user pool on this machine, such as the sandbox.
    Loopback,
    /// Another OpenID provider.
    OpenId,
}

/// The issuer of a pool's tokens, the value of `iss` and the place of its keys (OpenID Connect Core §2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Issuer {
    text: String,
    kind: IssuerKind,
    region: Option<String>,
    pool_id: Option<String>,
}

/// Why a text cannot be the issuer of a user pool.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IssuerError {
    /// It is not on a host of Cognito's.
    #[error(
        "{found} is no issuer of Amazon Cognito; expected https://cognito-idp.<region>.amazonaws.com/<pool id>, \
         so check the login domain"
    )]
    NotAws {
        /// What was found.
        found: String,
    },
    /// Its pool id is of another region than its host.
    #[error("{found} names two regions, so it was not made by Amazon Cognito; check the login domain")]
    TwoRegions {
        /// What was found.
        found: String,
    },
    /// It is no address that a provider may have for its issuer.
    #[error("{found} is no issuer; expected an https address without a query, or http on this machine")]
    NotAnIssuer {
        /// What was found.
        found: String,
    },
    /// It is on this machine and the login domain is not.
    #[error("{found} is on this machine, but the login domain is not; check the login domain")]
    Loopback {
        /// What was found.
        found: String,
    },
}

impl Issuer {
    /// Makes the issuer in its original form.
    ///
    /// # Errors
    /// Fails where the region or the pool id is not in the form of one.
    pub fn original(region: &str, pool_id: &str) -> Result<Self, IssuerError> {
        Self::read(&format!("https://cognito-idp.{region}.amazonaws.com/{pool_id}"), false)
    }

    /// Reads an issuer, taking only Cognito's own hosts, and this machine where that is allowed.
    ///
    /// The text is compared as it stands: nothing is decoded, folded or normalised.
    ///
    /// # Errors
    /// Says why the text cannot be an issuer.
    pub fn read(text: &str, loopback_allowed: bool) -> Result<Self, IssuerError> {
        let not_aws = || IssuerError::NotAws { found: Bounded(text).to_string() };
        if let Some(rest) = text.strip_prefix("https://") {
            let (host, pool_id) = rest.split_once('/').ok_or_else(not_aws)?;
            let names = host.strip_suffix(".amazonaws.com").ok_or_else(not_aws)?;
            let (kind, region) = match names.split_once('.').ok_or_else(not_aws)? {
                ("cognito-idp", region) => (IssuerKind::Original, region),
                ("issuer-cognito-idp", region) => (IssuerKind::Updated, region),
                _ => return Err(not_aws()),
            };
            if !is_region(region) || !is_pool_id(pool_id) {
                return Err(not_aws());
            }
            if pool_id.rsplit_once('_').map(|(named, _)| named) != Some(region) {
                return Err(IssuerError::TwoRegions { found: Bounded(text).to_string() });
            }
            let (text, region, pool_id) = (text.to_owned(), Some(region.to_owned()), Some(pool_id.to_owned()));
            return Ok(Self { text, kind, region, pool_id });
        }
        let url = Url::parse(text).map_err(|_| not_aws())?;
        if url.scheme() != "http" || !is_loopback(&url) {
            return Err(not_aws());
        }
        let pool_id = url.path().trim_start_matches('/').to_owned();
        if url.as_str() != text || !is_pool_id(&pool_id) {
            return Err(not_aws());
        }
        if !loopback_allowed {
            return Err(IssuerError::Loopback { found: Bounded(text).to_string() });
        }
        Ok(Self { text: text.to_owned(), kind: IssuerKind::Loopback, region: None, pool_id: Some(pool_id) })
    }

    /// Reads the issuer of another OpenID provider: https without query and fragment (OpenID Connect Discovery §3), or
    /// http on this machine.
    ///
    /// # Errors
    /// Says what an issuer looks like.
    pub fn of_openid_provider(text: &str) -> Result<Self, IssuerError> {
        let refused = || IssuerError::NotAnIssuer { found: Bounded(text).to_string() };
        let url = Url::parse(text).map_err(|_| refused())?;
        let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        let bare =
            url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
        // Compared as text later on, so what would be written in another way is not taken.
        let as_written = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
        if !(secure && bare && as_written) {
            return Err(refused());
        }
        Ok(Self { text: text.to_owned(), kind: IssuerKind::OpenId, region: None, pool_id: None })
    }

    /// Which form it has.
    pub fn kind(&self) -> IssuerKind {
        self.kind
    }

    /// What is known to go wrong with tokens of this issuer, in words; `None` where nothing is.
    pub fn warning(&self) -> Option<&'static str> {
        match self.kind {
            IssuerKind::Updated => Some(
                "API Gateway's Cognito authorizers are reported to refuse the tokens of this issuer, whose form is the \
                 updated one. Use the JWT authorizer of an HTTP API, or switch the pool's issuer back to ORIGINAL.",
            ),
            IssuerKind::Original | IssuerKind::Loopback | IssuerKind::OpenId => None,
        }
    }

    /// The region that its host names; a pool on this machine has none.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The id of the pool; another provider than Cognito has none.
    pub fn pool_id(&self) -> Option<&str> {
        self.pool_id.as_deref()
    }

    /// The issuer exactly as it stands in `iss`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where the pool's public keys are (RFC 7517 §5).
    pub(crate) fn jwks_url(&self) -> String {
        format!("{}/.well-known/jwks.json", self.text)
    }

    /// Where the provider describes itself (OpenID Connect Discovery §4).
    pub(crate) fn configuration_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.text.trim_end_matches('/'))
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
