use thiserror::Error;

use crate::{EndpointError, HttpError, IssuerError};

/// Why a provider could not be read from its issuer.
#[derive(Debug, Clone, Error)]
pub enum DiscoveryError {
    /// The text is no issuer.
    #[error("this is no issuer; enter the provider's issuer, such as https://login.example.com")]
    Issuer(#[source] IssuerError),
    /// The pool's issuer has not been seen yet.
    #[error("the issuer of this pool is not known yet; enter its user pool id, or sign in once")]
    UnknownIssuer,
    /// The issuer's server could not be asked.
    #[error("the issuer could not be asked")]
    Http(#[from] HttpError),
    /// There is no configuration.
    #[error("{host} answered {status} when asked for its configuration; check the issuer, its path included")]
    NoConfiguration {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The answer is JSON, but no configuration.
    #[error("{host} answered with JSON that is no configuration of an OpenID provider; check the issuer")]
    Shape {
        /// The host.
        host: String,
    },
    /// The configuration is another issuer's (OpenID Connect Discovery §4.3).
    #[error(
        "the configuration is the one of {found}; expected {expected}, so enter the issuer exactly as it names itself"
    )]
    OtherIssuer {
        /// The issuer that was found.
        found: String,
        /// The issuer that was asked.
        expected: String,
    },
    /// An endpoint cannot be used.
    #[error("the configuration names an endpoint that cannot be used")]
    Endpoint(#[source] EndpointError),
    /// A provider elsewhere names an endpoint on this machine.
    #[error(
        "the configuration names a {name} endpoint on this machine, though {issuer} is not on it; check the issuer"
    )]
    NotThere {
        /// Which endpoint.
        name: &'static str,
        /// The issuer.
        issuer: String,
    },
    /// Its tokens are signed in ways that are not verified here.
    #[error("its ID tokens are signed by {found}; expected RS256 among them, so they cannot be verified")]
    Algorithms {
        /// The algorithms that were found.
        found: String,
    },
}
