use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::http::HttpClient;
use crate::keys::{Found, KeySource};
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
        let token = pool.endpoint(Endpoint::Token).and_then(|url| self.http.ahead(&url));
        let keys = || pool.issuer().and_then(|issuer| pool.jwks_url(issuer).ok()).and_then(|url| self.http.ahead(&url));
        token.or_else(keys).or_else(|| self.http.ahead(pool.domain()))
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
        self.keys.find(&self.http, pool, issuer, kid, now).await
    }
}
