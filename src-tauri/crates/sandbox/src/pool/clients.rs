//! The app clients, and what each may ask for.

use subtle::ConstantTimeEq as _;

use crate::{ClientDescription, seed};

/// The scopes of OpenID Connect that the pool knows.
pub const OPENID_SCOPES: [&str; 4] = ["openid", "email", "profile", "phone"];

/// A grant that can be enabled for a client, in the service's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantType {
    Implicit,
    Code,
    ClientCredentials,
}

/// An app client.
#[derive(Clone, Debug)]
pub struct Client {
    pub id: &'static str,
    pub secret: Option<&'static str>,
    pub grants: &'static [GrantType],
    /// Whether the pool's token trigger fails for this client.
    pub failing: bool,
    pub scopes: Vec<String>,
    /// The registered callbacks; the same addresses are registered for sign-out.
    pub callbacks: Vec<String>,
}

impl GrantType {
    fn name(self) -> &'static str {
        match self {
            Self::Implicit => "implicit",
            Self::Code => "code",
            Self::ClientCredentials => "client_credentials",
        }
    }
}

impl Client {
    /// Tells whether a grant is enabled.
    pub fn allows(&self, grant: GrantType) -> bool {
        self.grants.contains(&grant)
    }

    /// Tells whether an address is registered: compared as text, so port, path and the slash at the end count.
    pub fn has_callback(&self, address: &str) -> bool {
        self.callbacks.iter().any(|callback| callback == address)
    }

    /// Tells whether the secret is the client's; a client without one needs none.
    pub fn accepts_secret(&self, secret: Option<&str>) -> bool {
        match (self.secret, secret) {
            (None, _) => true,
            (Some(own), Some(given)) => own.as_bytes().ct_eq(given.as_bytes()).into(),
            (Some(_), None) => false,
        }
    }

    /// Reads the scopes that are asked for, all of the client's where none is, or `None` where one is not allowed.
    pub fn grant_scopes(&self, asked: Option<&str>) -> Option<Vec<String>> {
        let Some(asked) = asked else { return Some(self.scopes.clone()) };
        let scopes: Vec<String> = asked.split_ascii_whitespace().map(ToOwned::to_owned).collect();
        scopes.iter().all(|scope| self.scopes.contains(scope)).then_some(scopes)
    }

    /// Describes the client.
    pub fn description(&self) -> ClientDescription {
        ClientDescription {
            id: self.id.to_owned(),
            secret: self.secret.map(ToOwned::to_owned),
            grants: self.grants.iter().map(|grant| grant.name().to_owned()).collect(),
            callbacks: self.callbacks.clone(),
            scopes: self.scopes.clone(),
        }
    }
}

/// Makes the seeded clients, each with the extra callbacks beside its own.
pub fn seeded(extra_callbacks: &[String]) -> Vec<Client> {
    let callbacks: Vec<String> =
        seed::CALLBACKS.iter().map(|callback| (*callback).to_owned()).chain(extra_callbacks.iter().cloned()).collect();
    let public = Client {
        id: seed::PUBLIC_CLIENT,
        secret: None,
        grants: &[GrantType::Implicit, GrantType::Code],
        failing: false,
        scopes: scopes(&[seed::READ_SCOPE]),
        callbacks,
    };
    let secret = Client {
        id: seed::SECRET_CLIENT,
        secret: Some(seed::CLIENT_SECRET),
        grants: &[GrantType::Code, GrantType::ClientCredentials],
        scopes: scopes(&[seed::READ_SCOPE, seed::WRITE_SCOPE]),
        ..public.clone()
    };
    let code_only = Client { id: seed::CODE_CLIENT, grants: &[GrantType::Code], scopes: scopes(&[]), ..public.clone() };
    let failing = Client { id: seed::FAILING_CLIENT, failing: true, scopes: scopes(&[]), ..public.clone() };
    vec![public, secret, code_only, failing]
}

fn scopes(of_resource_servers: &[&str]) -> Vec<String> {
    OPENID_SCOPES.iter().chain(of_resource_servers).map(|scope| (*scope).to_owned()).collect()
}
