//! Requests to user pools: no redirects, https or this machine, ten seconds, one megabyte.

mod error;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Request, Response};
use serde_json::Value;
use url::Url;

use crate::UserPool;
use crate::pool::pattern::is_loopback;
pub use error::HttpError;
use error::in_words;

pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST: usize = 1_048_576;

/// The client for all pools, and what their servers' clocks say.
///
/// The clients are made at their first use: loading the system's certificates takes longer than a window may.
#[derive(Debug, Default)]
pub(crate) struct HttpClient {
    clients: Mutex<HashMap<Trust, Client>>,
    ahead: Mutex<HashMap<String, i64>>,
}

/// Whom a connection trusts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Trust {
    /// Plain http on this machine, past any proxy: a proxy knows nothing of this machine's own ports.
    ThisMachine,
    /// The system's authorities.
    System,
    /// The system's authorities, and those of a file.
    AndFile(PathBuf),
}

impl HttpClient {
    /// Sends a GET and returns its answer, whatever its status.
    pub(crate) async fn get(&self, url: &Url, pool: &UserPool, now: SystemTime) -> Result<Response, HttpError> {
        let client = self.client(url, pool.certificate())?;
        self.answer(client.get(url.clone()).send().await, url, now)
    }

    /// Sends a request that was built elsewhere and returns its answer, whatever its status.
    pub(crate) async fn execute(
        &self,
        request: Request,
        pool: &UserPool,
        now: SystemTime,
    ) -> Result<Response, HttpError> {
        let url = request.url().clone();
        let client = self.client(&url, pool.certificate())?;
        self.answer(client.execute(request).await, &url, now)
    }

    /// Fetches JSON; `Ok(Err(status))` is an answer that is no success.
    pub(crate) async fn json(
        &self,
        url: &Url,
        pool: &UserPool,
        now: SystemTime,
    ) -> Result<Result<Value, u16>, HttpError> {
        let host = host_of(url);
        let response = self.get(url, pool, now).await?;
        let status = response.status();
        if status.is_redirection() {
            return Err(HttpError::Redirected { host, status: status.as_u16() });
        }
        if !status.is_success() {
            return Ok(Err(status.as_u16()));
        }
        let found = content_type(response.headers());
        let body = read(response, &host).await?;
        serde_json::from_slice(&body).map(Ok).map_err(|_| HttpError::NotJson { host, found })
    }

    /// What a host's clock was ahead of this computer's at its last answer, in seconds; `None` before the first.
    pub(crate) fn ahead(&self, url: &Url) -> Option<i64> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner).get(&host_of(url)).copied()
    }

    fn answer(
        &self,
        outcome: Result<Response, reqwest::Error>,
        url: &Url,
        now: SystemTime,
    ) -> Result<Response, HttpError> {
        let response = outcome.map_err(|error| in_words(error, &host_of(url)))?;
        if let Some(ahead) = ahead(response.headers(), now) {
            self.ahead.lock().unwrap_or_else(PoisonError::into_inner).insert(host_of(url), ahead);
        }
        Ok(response)
    }

    fn client(&self, url: &Url, certificate: Option<&Path>) -> Result<Client, HttpError> {
        let trust = match certificate {
            _ if url.scheme() == "http" => Trust::ThisMachine,
            None => Trust::System,
            Some(file) => Trust::AndFile(file.to_path_buf()),
        };
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&trust) {
            return Ok(client.clone());
        }
        let client = build(&trust, is_loopback(url))?;
        clients.insert(trust, client.clone());
        Ok(client)
    }
}

fn build(trust: &Trust, past_proxies: bool) -> Result<Client, HttpError> {
    let builder = Client::builder().redirect(Policy::none()).timeout(PATIENCE);
    let builder = match trust {
        Trust::ThisMachine => builder.tls_certs_only([]),
        Trust::System => builder.https_only(true),
        Trust::AndFile(file) => builder.https_only(true).tls_certs_merge(authorities(file)?),
    };
    let builder = if past_proxies { builder.no_proxy() } else { builder };
    builder.build().map_err(|error| HttpError::Client(Arc::new(error)))
}

fn authorities(file: &Path) -> Result<Vec<Certificate>, HttpError> {
    let pem = std::fs::read(file)
        .map_err(|source| HttpError::CertificateFile { path: file.to_path_buf(), source: Arc::new(source) })?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) | Err(_) => Err(HttpError::NoCertificate { path: file.to_path_buf() }),
    }
}

/// Reads an answer's content, if it is not larger than any that a pool gives.
pub(crate) async fn read(mut response: Response, host: &str) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| in_words(error, host))? {
        if body.len() + chunk.len() > LARGEST {
            return Err(HttpError::TooLarge { host: host.to_owned(), limit: LARGEST });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(crate) fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

pub(crate) fn content_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("no content type");
    value.split(';').next().unwrap_or_default().trim().chars().take(60).collect()
}

fn ahead(headers: &HeaderMap, now: SystemTime) -> Option<i64> {
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    Some(seconds(date) - seconds(now))
}

/// Unix seconds; a clock before 1970 counts as 1970.
pub(crate) fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
