use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jsonwebtoken::DecodingKey;

use crate::http::HttpClient;
use crate::keys::KeySource;
use crate::pool::Endpoint;
use crate::{Issuer, KeyError, UserPool};

/// The way to all user pools: one for the whole app, cheap to clone.
///
/// It keeps the keys that were fetched, and knows what the pools' clocks say.
#[derive(Debug, Clone, Default)]
pub struct Network {
    http: Arc<HttpClient>,
    keys: Arc<KeySource>,
}

/// A key that is fit for RS256, and what the pool's clock is ahead of this computer's, where it is known.
pub(crate) struct Found {
    pub(crate) key: DecodingKey,
    pub(crate) ahead: Option<i64>,
}

impl Network {
    /// Makes a way on which nothing was asked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a way on which a whole answer is waited for only so long; else it is ten seconds.
    pub fn with_patience(patience: Duration) -> Self {
        Self { http: Arc::new(HttpClient::new(patience)), keys: Arc::default() }
    }

    /// What the pool's clock was ahead of this computer's by its servers' latest `Date`, in seconds; negative where it is
    /// behind, `None` where the pool was not asked yet.
    pub fn clock_ahead(&self, pool: &UserPool) -> Option<i64> {
        self.ahead(pool, pool.issuer())
    }

    fn ahead(&self, pool: &UserPool, issuer: Option<&Issuer>) -> Option<i64> {
        let keys = issuer.and_then(|issuer| pool.jwks_url(issuer).ok());
        let servers = [pool.endpoint(Endpoint::Token), keys, Some(pool.domain().clone())];
        self.http.ahead(servers.iter().flatten())
    }

    pub(crate) fn http(&self) -> &HttpClient {
        &self.http
    }

    pub(crate) async fn key(
        &self,
        pool: &UserPool,
        issuer: &Issuer,
        kid: &str,
        now: SystemTime,
    ) -> Result<Found, KeyError> {
        let key = self.keys.find(&self.http, pool, issuer, kid, now).await?;
        Ok(Found { key, ahead: self.ahead(pool, Some(issuer)) })
    }
}
