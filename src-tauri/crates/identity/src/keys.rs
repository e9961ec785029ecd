//! The public keys of user pools, fetched from their issuers and kept.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse};
use serde_json::Value;
use thiserror::Error;
use tokio::sync::Mutex;
use url::Url;

use crate::http::{HttpClient, HttpError, host_of};
use crate::pool::pattern::Bounded;
use crate::{Issuer, UserPool};

/// How long must lie between two fetches for the sake of an unknown key.
const AGAIN: Duration = Duration::from_mins(1);
/// How long keys are believed without asking again: a key that was withdrawn must not live on here.
const FRESH: Duration = Duration::from_hours(24);

/// Why a token's key could not be had.
#[derive(Debug, Clone, Error)]
pub enum KeyError {
    /// The issuer's server could not be asked.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The issuer answers that there is no such pool.
    #[error(
        "{host} answered {status} when asked for the keys of {pool_id}; {}",
        if *status < 500 { "check the user pool id and the region, or the issuer" } else { "try again in a minute" }
    )]
    NoPool {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
        /// The pool that was asked for.
        pool_id: String,
    },
    /// The answer is JSON and holds no keys.
    #[error("{host} answered with JSON that holds no keys; check the issuer")]
    NoKeys {
        /// The host.
        host: String,
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
}

/// Where the keys of all user pools come from.
///
/// A set of keys is fetched once and again when a token names a key that is not in it, at most once a minute whether it
/// comes or not. Whoever waits for a fetch shares its outcome: behind a server that hangs nobody waits longer than the
/// first. What was fetched by the trust in a private authority is only for pools that trust it too.
#[derive(Debug, Default)]
pub(crate) struct KeySource {
    slots: std::sync::Mutex<HashMap<Place, Arc<Slot>>>,
}

/// Where a set of keys was fetched, and by which private authority's certificate, if any.
type Place = (Url, Option<PathBuf>);

#[derive(Debug, Default)]
struct Slot {
    /// How many fetches have come to an end.
    fetches: AtomicU64,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    set: Option<KeySet>,
    /// When the latest fetch was begun.
    tried: Option<SystemTime>,
    /// Why the latest fetch failed, if it did.
    failure: Option<KeyError>,
}

#[derive(Debug)]
struct KeySet {
    keys: Vec<Jwk>,
    fetched: SystemTime,
}

impl KeySource {
    /// Finds the key that a token names, fit for RS256, fetching the issuer's keys where that is due.
    pub(crate) async fn find(
        &self,
        http: &HttpClient,
        pool: &UserPool,
        issuer: &Issuer,
        kid: &str,
        now: SystemTime,
    ) -> Result<DecodingKey, KeyError> {
        let url = pool.jwks_url(issuer).map_err(|_| KeyError::NoKeys { host: issuer.to_string() })?;
        let place = (url.clone(), pool.certificate().map(Path::to_path_buf));
        let slot = self.slots.lock().unwrap_or_else(PoisonError::into_inner).entry(place).or_default().clone();
        let fetches = slot.fetches.load(Ordering::Acquire);
        let mut kept = slot.kept.lock().await;
        if kept.is_due(kid, now) {
            if let Some(failure) = &kept.failure
                && slot.fetches.load(Ordering::Acquire) != fetches
            {
                return Err(failure.clone());
            }
            let outcome = fetch(http, pool, issuer, &url, now).await;
            slot.fetches.fetch_add(1, Ordering::Release);
            kept.tried = Some(now);
            kept.failure = outcome.as_ref().err().cloned();
            kept.set = Some(KeySet { keys: outcome?, fetched: now });
        }
        let set = kept.set.as_ref().ok_or_else(|| KeyError::NoKeys { host: issuer.to_string() })?;
        let jwk = set.get(kid).ok_or_else(|| {
            // Whether the issuer has it by now is not known where it could not be asked.
            kept.failure.clone().unwrap_or_else(|| KeyError::UnknownKey {
                issuer: issuer.to_string(),
                found: Bounded(kid).to_string(),
                known: set.keys.iter().filter_map(|key| key.common.key_id.clone()).collect(),
            })
        })?;
        fit(jwk).map_err(|what| KeyError::Unfit { issuer: issuer.to_string(), kid: Bounded(kid).to_string(), what })
    }
}

async fn fetch(
    http: &HttpClient,
    pool: &UserPool,
    issuer: &Issuer,
    url: &Url,
    now: SystemTime,
) -> Result<Vec<Jwk>, KeyError> {
    let host = host_of(url);
    match http.json(url, pool.certificate(), now).await? {
        Ok(body) => read_keys(&host, &body),
        Err(status) => {
            let pool_id = issuer.pool_id().unwrap_or(issuer.as_str()).to_owned();
            Err(KeyError::NoPool { host, status, pool_id })
        }
    }
}

impl Kept {
    fn is_due(&self, kid: &str, now: SystemTime) -> bool {
        // What is from the future was fetched by a clock that has been set back since: how old it is is not known.
        let is_past = |since: SystemTime, span| now.duration_since(since).map_or(true, |age| age >= span);
        self.set.as_ref().is_none_or(|set| {
            let unknown = set.get(kid).is_none();
            is_past(set.fetched, FRESH) || (unknown && self.tried.is_none_or(|tried| is_past(tried, AGAIN)))
        })
    }
}

impl KeySet {
    fn get(&self, kid: &str) -> Option<&Jwk> {
        self.keys.iter().find(|key| key.common.key_id.as_deref() == Some(kid))
    }
}

/// Reads a set of keys; one that cannot be read is left out, so that a new kind of key does no harm (RFC 7517 §5).
fn read_keys(host: &str, body: &Value) -> Result<Vec<Jwk>, KeyError> {
    let no_keys = || KeyError::NoKeys { host: host.to_owned() };
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
