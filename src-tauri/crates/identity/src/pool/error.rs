use thiserror::Error;

use super::{CallbackError, EndpointError, IssuerError};

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
    /// An endpoint is no address that can be used.
    #[error("an endpoint cannot be used; correct it, or leave it empty for its usual place")]
    Endpoint(#[source] EndpointError),
    /// Another provider than Cognito was named, and not its issuer.
    #[error("the issuer is missing; enter the provider's issuer, from which its endpoints are read")]
    NoIssuer,
    /// Another provider than Cognito was named, and an endpoint that is needed is missing.
    #[error("the {name} endpoint is missing; read it from the provider's issuer, or enter it")]
    NoEndpoint {
        /// Which endpoint.
        name: &'static str,
    },
}
