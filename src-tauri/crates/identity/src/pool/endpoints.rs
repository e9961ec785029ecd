use serde::{Deserialize, Serialize};
use specta::Type;
use thiserror::Error;
use url::Url;

use super::Issuer;
use super::pattern::{Bounded, is_loopback};

/// Endpoints that are not where Cognito has them; an absent one is at its usual place on the login domain.
///
/// Source: OpenID Connect Discovery §3, whose names these are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Endpoints {
    /// Where a sign-in begins.
    pub authorization: Option<String>,
    /// Where a code or a refresh token is turned into tokens.
    pub token: Option<String>,
    /// What an access token says about its user.
    pub user_info: Option<String>,
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
pub(crate) enum Endpoint {
    Authorization,
    Token,
    UserInfo,
    Jwks,
    Logout,
    Revocation,
}

impl Endpoint {
    pub(crate) const ALL: [Self; 6] =
        [Self::Authorization, Self::Token, Self::UserInfo, Self::Jwks, Self::Logout, Self::Revocation];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Authorization => "authorization",
            Self::Token => "token",
            Self::UserInfo => "user info",
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
            Self::UserInfo => Some("oauth2/userInfo"),
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
            Endpoint::UserInfo => &self.user_info,
            Endpoint::Jwks => &self.jwks,
            Endpoint::Logout => &self.logout,
            Endpoint::Revocation => &self.revocation,
        };
        text.as_deref()
    }

    /// Checks every endpoint that is given; an empty one counts as absent, and blanks around one are taken off.
    pub(crate) fn checked(&self) -> Result<Self, EndpointError> {
        for endpoint in Endpoint::ALL {
            if let Some(text) = self.of(endpoint).map(str::trim).filter(|text| !text.is_empty())
                && !is_usable(text)
            {
                return Err(EndpointError { name: endpoint.name(), found: Bounded(text).to_string() });
            }
        }
        let tidy =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        Ok(Self {
            authorization: tidy(&self.authorization),
            token: tidy(&self.token),
            user_info: tidy(&self.user_info),
            jwks: tidy(&self.jwks),
            logout: tidy(&self.logout),
            revocation: tidy(&self.revocation),
        })
    }

    /// Leaves out what is where Cognito has it: on the login domain, and the keys at the issuer.
    pub(crate) fn unless_usual(self, login: &Url, issuer: &Issuer) -> Self {
        let usual = |endpoint: Endpoint| match endpoint.usual_path() {
            Some(path) => login.join(&format!("/{path}")).ok().map(String::from),
            None => Some(issuer.jwks_url()),
        };
        let kept = |given: Option<String>, endpoint| given.filter(|text| usual(endpoint).as_ref() != Some(text));
        Self {
            authorization: kept(self.authorization, Endpoint::Authorization),
            token: kept(self.token, Endpoint::Token),
            user_info: kept(self.user_info, Endpoint::UserInfo),
            jwks: kept(self.jwks, Endpoint::Jwks),
            logout: kept(self.logout, Endpoint::Logout),
            revocation: kept(self.revocation, Endpoint::Revocation),
        }
    }
}

fn is_usable(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    secure && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
}
