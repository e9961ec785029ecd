use serde::{Deserialize, Serialize};
use specta::Type;
use thiserror::Error;
use url::Url;

use super::Issuer;
use super::pattern::{Bounded, given, is_loopback};

/// Endpoints that are not where Cognito has them; an absent one is at its usual place on the login domain.
///
/// Source: OpenID Connect Discovery §3, whose names these are. Another one in a file is passed over, such as the user info
/// endpoint, which was kept once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Endpoints {
    /// Where a sign-in begins.
    pub authorization: Option<String>,
    /// Where a code or a refresh token is turned into tokens.
    pub token: Option<String>,
    /// The keys by which tokens are signed.
    pub jwks: Option<String>,
    /// Where the session is ended.
    pub logout: Option<String>,
    /// Where a refresh token is given up.
    pub revocation: Option<String>,
}

/// Why an endpoint cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the {name} endpoint is {found}; expected an https address, or http on this machine")]
pub struct EndpointError {
    /// Which endpoint.
    pub name: &'static str,
    /// What was found.
    pub found: String,
}

/// One of a provider's endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// The login page's (RFC 6749 §3.1).
    Authorization,
    /// Where codes and refresh tokens are redeemed (RFC 6749 §3.2).
    Token,
    /// The signing keys' (RFC 7517 §5).
    Jwks,
    /// Where a session is ended.
    Logout,
    /// Where a refresh token is given up (RFC 7009 §2).
    Revocation,
}

impl Endpoint {
    pub(crate) const ALL: [Self; 5] = [Self::Authorization, Self::Token, Self::Jwks, Self::Logout, Self::Revocation];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Authorization => "authorization",
            Self::Token => "token",
            Self::Jwks => "JWKS",
            Self::Logout => "logout",
            Self::Revocation => "revocation",
        }
    }

    /// Where Cognito has it on the login domain; the keys are at the issuer.
    pub(crate) fn usual_path(self) -> Option<&'static str> {
        match self {
            Self::Authorization => Some("oauth2/authorize"),
            Self::Token => Some("oauth2/token"),
            Self::Logout => Some("logout"),
            Self::Revocation => Some("oauth2/revoke"),
            Self::Jwks => None,
        }
    }
}

impl Endpoints {
    pub(crate) fn of(&self, endpoint: Endpoint) -> Option<&str> {
        let text = match endpoint {
            Endpoint::Authorization => &self.authorization,
            Endpoint::Token => &self.token,
            Endpoint::Jwks => &self.jwks,
            Endpoint::Logout => &self.logout,
            Endpoint::Revocation => &self.revocation,
        };
        text.as_deref()
    }

    /// Checks every endpoint that is given; an empty one counts as absent, and blanks around one are taken off.
    pub(crate) fn checked(&self) -> Result<Self, EndpointError> {
        for endpoint in Endpoint::ALL {
            if let Some(text) = self.of(endpoint).and_then(given)
                && !is_usable(text)
            {
                return Err(EndpointError { name: endpoint.name(), found: Bounded(text).to_string() });
            }
        }
        Ok(self.each(|_, text| given(text).map(str::to_owned)))
    }

    /// Leaves out what is where Cognito has it: on the login domain, and the keys at the issuer.
    pub(crate) fn unless_usual(&self, login: &Url, issuer: &Issuer) -> Self {
        let usual = |endpoint: Endpoint| match endpoint.usual_path() {
            Some(path) => login.join(&format!("/{path}")).ok().map(String::from),
            None => Some(issuer.jwks_url()),
        };
        self.each(|endpoint, text| (usual(endpoint).as_deref() != Some(text)).then(|| text.to_owned()))
    }

    /// What changes of each endpoint that is given.
    fn each(&self, change: impl Fn(Endpoint, &str) -> Option<String>) -> Self {
        let each = |endpoint| self.of(endpoint).and_then(|text| change(endpoint, text));
        Self {
            authorization: each(Endpoint::Authorization),
            token: each(Endpoint::Token),
            jwks: each(Endpoint::Jwks),
            logout: each(Endpoint::Logout),
            revocation: each(Endpoint::Revocation),
        }
    }
}

fn is_usable(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    secure && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
}
