//! The public keys of user pools, fetched from their issuers and kept.

mod fetch;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse};
use serde_json::Value;
use thiserror::Error;
use tokio::sync::Mutex;

use crate::Issuer;
use crate::pool::pattern::Bounded;
pub(crate) use fetch::{Fetcher, seconds};

/// How long must lie between two fetches for the sake of an unknown key.
const AGAIN: Duration = Duration::from_mins(1);
/// How long keys are believed without asking again: a key that was withdrawn must not live on here.
const FRESH: Duration = Duration::from_hours(24);

/// Why a token's key could not be had.
#[derive(Debug, Clone, Error)]
pub enum KeyError {
    /// The host's name is not known.
    #[error("the host {host} is not known; check the domain, the region and the network")]
    HostUnknown {
        /// The host.
        host: String,
    },
    /// Nothing can be reached, or the host refuses the connection.
    #[error("{host} cannot be reached; check the network, the proxy and the address")]
    Unreachable {
        /// The host.
        host: String,
        /// What the network said.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// The host's certificate or protocol is not accepted.
    #[error("no secure connection to {host} could be made; a proxy may be reading along, or the clock may be wrong")]
    Tls {
        /// The host.
        host: String,
        /// What the TLS library said.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// There was no answer in time.
    #[error("{host} did not answer within {seconds} seconds; check the network and try again")]
    Timeout {
        /// The host.
        host: String,
        /// The time that it was given, in seconds.
        seconds: u64,
    },
    /// The answer broke off.
    #[error("the answer of {host} broke off; try again")]
    Broken {
        /// The host.
        host: String,
        /// What the network said.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// The issuer answers that there is no such pool.
    #[error("{host} answered {status} when asked for the keys of {pool_id}; check the user pool id and the region")]
    NoPool {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
        /// The pool that was asked for.
        pool_id: String,
    },
    /// The host sends elsewhere, which keys never do.
    #[error(
        "{host} sends the request for its keys elsewhere ({status}); a proxy or a login page of the network is in between"
    )]
    Redirected {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The answer is no JSON, such as the page of a proxy.
    #[error("{host} answered with {found} in place of keys; a proxy or a login page of the network is in between")]
    NotJson {
        /// The host.
        host: String,
        /// The content type that was found.
        found: String,
    },
    /// The answer is JSON and holds no keys.
    #[error("{host} answered with JSON that holds no keys; check the issuer")]
    NoKeys {
        /// The host.
        host: String,
    },
    /// The answer is larger than any set of keys.
    #[error("the answer of {host} is larger than {limit} bytes; that is no set of keys")]
    TooLarge {
        /// The host.
        host: String,
        /// The largest answer that is read, in bytes.
        limit: usize,
    },
    /// The key is not among the issuer's.
    #[error("{issuer} has no key {found}; it has {}", known.join(", "))]
    UnknownKey {
        /// The issuer.
        issuer: String,
        /// The key that the token names.
        found: String,
        /// The keys that the issuer has.
        known: Vec<String>,
    },
    /// The key is not one that signs tokens by RS256.
    #[error("the key {kid} of {issuer} cannot verify a token: {what}")]
    Unfit {
        /// The issuer.
        issuer: String,
        /// The key.
        kid: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The client for requests could not be made.
    #[error("the network client could not be set up; restart the app")]
    Client(#[source] Arc<reqwest::Error>),
}

/// Where the keys of all user pools come from: one for the whole app, cheap to clone.
///
/// A set of keys is fetched once and again when a token names a key that is not in it, at most once a minute.
#[derive(Debug, Clone, Default)]
pub struct KeySource {
    fetcher: Arc<Fetcher>,
    sets: Arc<std::sync::Mutex<HashMap<Issuer, Slot>>>,
}

type Slot = Arc<Mutex<Option<KeySet>>>;

#[derive(Debug)]
struct KeySet {
    keys: Vec<Jwk>,
    fetched: SystemTime,
    /// What the issuer's clock was ahead of this computer's, in seconds, by the `Date` of its answer.
    ahead: Option<i64>,
}

/// A key that is fit for RS256, and what is known of the issuer's clock.
pub(crate) struct Found {
    pub(crate) key: DecodingKey,
    pub(crate) ahead: Option<i64>,
}

impl KeySource {
    /// Makes a source with nothing in it yet.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// Finds the key that a token names, fetching the issuer's keys where that is due.
    pub(crate) async fn find(&self, issuer: &Issuer, kid: &str, now: SystemTime) -> Result<Found, KeyError> {
        let slot = self.sets.lock().unwrap_or_else(PoisonError::into_inner).entry(issuer.clone()).or_default().clone();
        let mut slot = slot.lock().await;
        let due = slot.as_ref().is_none_or(|set| {
            let age = now.duration_since(set.fetched).unwrap_or_default();
            age >= FRESH || (set.get(kid).is_none() && age >= AGAIN)
        });
        if due {
            let (body, ahead) = self.fetcher.keys(issuer, now).await?;
            *slot = Some(KeySet { keys: read_keys(issuer, &body)?, fetched: now, ahead });
        }
        let set = slot.as_ref().ok_or_else(|| KeyError::NoKeys { host: issuer.to_string() })?;
        let jwk = set.get(kid).ok_or_else(|| KeyError::UnknownKey {
            issuer: issuer.to_string(),
            found: Bounded(kid).to_string(),
            known: set.keys.iter().filter_map(|key| key.common.key_id.clone()).collect(),
        })?;
        let key = fit(jwk).map_err(|what| KeyError::Unfit {
            issuer: issuer.to_string(),
            kid: Bounded(kid).to_string(),
            what,
        })?;
        Ok(Found { key, ahead: set.ahead })
    }
}

impl KeySet {
    fn get(&self, kid: &str) -> Option<&Jwk> {
        self.keys.iter().find(|key| key.common.key_id.as_deref() == Some(kid))
    }
}

/// Reads a set of keys; one that cannot be read is left out, so that a new kind of key does no harm (RFC 7517 §5).
fn read_keys(issuer: &Issuer, body: &Value) -> Result<Vec<Jwk>, KeyError> {
    let no_keys = || KeyError::NoKeys { host: fetch::host_of(issuer.as_str()) };
    let keys = body.get("keys").and_then(Value::as_array).ok_or_else(no_keys)?;
    let keys: Vec<Jwk> = keys.iter().filter_map(|key| serde_json::from_value(key.clone()).ok()).collect();
    if keys.is_empty() { Err(no_keys()) } else { Ok(keys) }
}

fn fit(jwk: &Jwk) -> Result<DecodingKey, &'static str> {
    let AlgorithmParameters::RSA(parameters) = &jwk.algorithm else {
        return Err("its kty is not RSA");
    };
    if jwk.common.public_key_use.as_ref().is_some_and(|r#use| *r#use != PublicKeyUse::Signature) {
        return Err("its use is not sig");
    }
    if jwk.common.key_algorithm.is_some_and(|algorithm| algorithm != KeyAlgorithm::RS256) {
        return Err("its alg is not RS256");
    }
    DecodingKey::from_rsa_components(&parameters.n, &parameters.e).map_err(|_| "its numbers cannot be read")
}
