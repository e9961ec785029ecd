use serde::Deserialize;
use url::Url;

use super::DiscoveryError;
use crate::pool::Endpoint;
use crate::pool::pattern::{Bounded, is_scope};
use crate::{Endpoints, Issuer, IssuerKind};

/// The members of a configuration that are looked at (OpenID Connect Discovery §3, RFC 8414 §2).
#[derive(Deserialize)]
pub(super) struct Document {
    issuer: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
    end_session_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    #[serde(default)]
    id_token_signing_alg_values_supported: Vec<String>,
    #[serde(default)]
    scopes_supported: Vec<String>,
}

impl Document {
    /// The issuer that the document names, where it is the one that was asked with a final slash. Cognito's have none.
    pub(super) fn issuer_with_slash(&self, asked: &Issuer) -> Option<Issuer> {
        let is_it = asked.kind() == IssuerKind::OpenId && self.issuer.strip_suffix('/') == Some(asked.as_str());
        if is_it { Issuer::of_openid_provider(&self.issuer).ok() } else { None }
    }

    /// Holds the document against the issuer that was asked, letter by letter.
    pub(super) fn must_be_of(&self, issuer: &Issuer) -> Result<(), DiscoveryError> {
        if self.issuer != issuer.as_str() {
            let (found, expected) = (Bounded(&self.issuer).to_string(), issuer.to_string());
            return Err(DiscoveryError::OtherIssuer { found, expected });
        }
        let algorithms = &self.id_token_signing_alg_values_supported;
        if !algorithms.iter().any(|algorithm| algorithm == "RS256") {
            return Err(DiscoveryError::Algorithms { found: Bounded(&algorithms.join(", ")).to_string() });
        }
        Ok(())
    }

    /// The endpoints, each on https, or as plain as the issuer on this machine is itself.
    pub(super) fn endpoints(&self, issuer: &Issuer) -> Result<Endpoints, DiscoveryError> {
        let endpoints = Endpoints {
            authorization: self.authorization_endpoint.clone(),
            token: self.token_endpoint.clone(),
            jwks: self.jwks_uri.clone(),
            logout: self.end_session_endpoint.clone(),
            revocation: self.revocation_endpoint.clone(),
        };
        let endpoints = endpoints.checked().map_err(DiscoveryError::Endpoint)?;
        let plain = |endpoint: &Endpoint| {
            let url = endpoints.of(*endpoint).and_then(|text| Url::parse(text).ok());
            url.is_some_and(|url| url.scheme() == "http")
        };
        match Endpoint::ALL.into_iter().find(plain) {
            Some(endpoint) if issuer.as_str().starts_with("https:") => {
                Err(DiscoveryError::NotThere { name: endpoint.name(), issuer: issuer.to_string() })
            }
            _ => Ok(endpoints),
        }
    }

    pub(super) fn scopes(&self) -> Vec<String> {
        let mut scopes: Vec<String> = Vec::new();
        for scope in self.scopes_supported.iter().filter(|scope| is_scope(scope)) {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        scopes
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_provider_on_the_web_has_no_endpoint_on_this_machine() {
        let issuer = Issuer::of_openid_provider("https://login.example.com").unwrap();
        let document = |token: &str| {
            let document = json!({"issuer": issuer.as_str(), "token_endpoint": token});
            serde_json::from_value::<Document>(document).unwrap()
        };
        let error = document("http://localhost:3000/token").endpoints(&issuer).unwrap_err();
        assert!(matches!(error, DiscoveryError::NotThere { name: "token", .. }), "{error:?}");
        assert!(document("https://localhost:3000/token").endpoints(&issuer).is_ok());
    }
}
