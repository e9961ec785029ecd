//! Requests to user pools: no redirects, https or this machine, ten seconds, one megabyte.

mod answer;
mod error;
mod way;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{AGE, DATE, HeaderMap};
use reqwest::{Client, Method, Request};
use serde_json::Value;
use url::Url;

pub(crate) use answer::Answer;
pub use error::HttpError;
use error::in_words;
use way::Way;

/// What a question may take from its first byte to the last of its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The client for all pools, and what their servers' clocks say.
///
/// The clients are made at their first use: loading the system's certificates takes longer than a window may.
#[derive(Debug)]
pub(crate) struct HttpClient {
    patience: Duration,
    clients: Mutex<HashMap<Way, Client>>,
    clocks: Mutex<Vec<Clock>>,
}

/// What a host's clock was ahead of this computer's at its last answer.
#[derive(Debug)]
struct Clock {
    host: String,
    ahead: i64,
}

impl Default for HttpClient {
    fn default() -> Self {
        Self::new(PATIENCE)
    }
}

impl HttpClient {
    /// Makes a client that waits this long for a whole answer.
    pub(crate) fn new(patience: Duration) -> Self {
        Self { patience, clients: Mutex::default(), clocks: Mutex::default() }
    }

    /// How long a whole answer is waited for.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// Sends a GET and returns its answer, whatever its status.
    ///
    /// `certificate` is the PEM file of a private authority, where there is one.
    pub(crate) async fn get(
        &self,
        url: &Url,
        certificate: Option<&Path>,
        now: SystemTime,
    ) -> Result<Answer, HttpError> {
        self.execute(Request::new(Method::GET, url.clone()), certificate, now).await
    }

    /// Sends a request and returns its answer, whatever its status; a time limit of the request's own goes first.
    pub(crate) async fn execute(
        &self,
        mut request: Request,
        certificate: Option<&Path>,
        now: SystemTime,
    ) -> Result<Answer, HttpError> {
        let host = host_of(request.url());
        let limit = *request.timeout_mut().get_or_insert(self.patience);
        let client = self.client(Way::to(request.url(), certificate).await?, certificate)?;
        let response = client.execute(request).await.map_err(|error| in_words(error, &host, limit))?;
        if let Some(ahead) = ahead(response.headers(), now) {
            self.keep(Clock { host: host.clone(), ahead });
        }
        Ok(Answer::new(response, host, limit))
    }

    /// Fetches JSON; `Ok(Err(status))` is an answer that is no success.
    pub(crate) async fn json(
        &self,
        url: &Url,
        certificate: Option<&Path>,
        now: SystemTime,
    ) -> Result<Result<Value, u16>, HttpError> {
        let answer = self.get(url, certificate, now).await?.not_redirected()?;
        if !answer.status().is_success() {
            return Ok(Err(answer.status().as_u16()));
        }
        answer.json().await.map(Ok)
    }

    /// What the clock of the host that answered last of all these was ahead of this computer's, in seconds; `None` before
    /// the first answer.
    pub(crate) fn ahead<'a>(&self, servers: impl IntoIterator<Item = &'a Url>) -> Option<i64> {
        let hosts: Vec<String> = servers.into_iter().map(host_of).collect();
        let clocks = self.clocks.lock().unwrap_or_else(PoisonError::into_inner);
        clocks.iter().rev().find(|clock| hosts.contains(&clock.host)).map(|clock| clock.ahead)
    }

    /// Keeps the clocks in the order in which they were seen: this computer's may be set at any time.
    fn keep(&self, clock: Clock) {
        let mut clocks = self.clocks.lock().unwrap_or_else(PoisonError::into_inner);
        clocks.retain(|known| known.host != clock.host);
        clocks.push(clock);
    }

    fn client(&self, way: Way, certificate: Option<&Path>) -> Result<Client, HttpError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&way) {
            return Ok(client.clone());
        }
        let client = way.client(certificate)?;
        clients.insert(way, client.clone());
        Ok(client)
    }
}

pub(crate) fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// What a server's clock is ahead by an answer's `Date`, and by the `Age` that a cache on the way has added (RFC 9111 §5.1).
///
/// There is no difference too large to be believed: a computer whose clock is a year off is the one that has to be told.
fn ahead(headers: &HeaderMap, now: SystemTime) -> Option<i64> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let date = httpdate::parse_http_date(text(DATE)?).ok()?;
    let age = text(AGE).and_then(|age| age.trim().parse::<u32>().ok()).unwrap_or(0);
    Some(seconds(date) + i64::from(age) - seconds(now))
}

/// Unix seconds; a clock before 1970 counts as 1970.
pub(crate) fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
