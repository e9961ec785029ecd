//! Sends a prepared request and brings back what happened.
//!
//! ```text
//! Prepared ──send──▶ hop ──redirect──▶ hop … ──answer──▶ Finished{Exchange, StoredBody}
//!                     └── SendError, with the hops so far where there are any
//! ```

mod connect;
mod head;
mod hop;
mod marks;
mod redirect;
mod tls;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use url::{Host, Url};

use crate::body::{Cache, Incoming, ReadError, Sink, StoredBody};
use crate::error::{Phase, SendError, Target};
use crate::exchange::{Exchange, Hop};
use crate::prepared::Prepared;
pub(crate) use connect::LookupError;
use hop::{Answer, Connections, Progress};
use redirect::Step;

/// How the engine is set up.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// DER certificates that are trusted beside the system's.
    pub extra_roots: Vec<Vec<u8>>,
    /// How many bytes all bodies together may take on disk.
    pub max_cache_bytes: u64,
    /// Whether the system's proxy settings apply; never to this computer itself.
    pub system_proxy: bool,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { extra_roots: Vec::new(), max_cache_bytes: 1_000_000_000, system_proxy: true }
    }
}

/// The one HTTP engine of the app: connections are kept and shared by all requests, cookies are not.
pub struct Engine {
    options: EngineOptions,
    cache: Arc<Cache>,
    clients: OnceCell<Clients>,
    connections: Connections,
}

/// An exchange and its body.
#[derive(Debug)]
pub struct Finished {
    /// What happened, secrets masked.
    pub exchange: Exchange,
    /// What came.
    pub body: StoredBody,
}

impl Engine {
    /// Opens the engine with large bodies in this folder, which is swept of those of an earlier run.
    ///
    /// # Errors
    /// Where the folder cannot be made.
    pub fn new(cache_folder: &Path) -> Result<Self, SendError> {
        Self::with_options(cache_folder, EngineOptions::default())
    }

    /// Opens the engine with other than the default options.
    ///
    /// # Errors
    /// Where the folder cannot be made.
    pub fn with_options(cache_folder: &Path, options: EngineOptions) -> Result<Self, SendError> {
        let cache = Cache::open(cache_folder, options.max_cache_bytes)
            .map_err(|source| SendError::Cache { folder: cache_folder.to_owned(), source: source.into() })?;
        let connections = Connections::default();
        Ok(Self { options, cache: Arc::new(cache), clients: OnceCell::new(), connections })
    }

    /// Reads the system's certificates ahead of the first request, which does it otherwise.
    ///
    /// # Errors
    /// Where TLS or the HTTP library cannot be set up.
    pub async fn warm_up(&self) -> Result<(), SendError> {
        self.clients().await.map(|_| ())
    }

    /// Sends a request, follows its redirects, and takes the body of the last answer in.
    ///
    /// # Errors
    /// See [`SendError`]; cancelling at any moment ends in [`SendError::Cancelled`] and closes the connection.
    pub async fn send(&self, prepared: Prepared, cancel: CancellationToken) -> Result<Finished, SendError> {
        let progress = Mutex::new(Progress::start(&prepared.url));
        let limit = prepared.timeout;
        let work = self.follow(prepared, &progress);
        let timed = async {
            match limit {
                None => work.await,
                Some(limit) => tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
                    let progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
                    let address = Target::of(&progress.url).address;
                    Err(SendError::Timeout { address, phase: progress.phase(), limit })
                }),
            }
        };
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(SendError::Cancelled),
            result = timed => result,
        }
    }

    async fn follow(&self, prepared: Prepared, progress: &Mutex<Progress>) -> Result<Finished, SendError> {
        let clients = self.clients().await?;
        let mask = prepared.mask();
        let mut outgoing = hop::first(&prepared)?;
        let (sent_at_ms, started) = (now(), Instant::now());
        let mut hops: Vec<Hop> = Vec::new();
        loop {
            let answer =
                hop::exchange(clients.to(&outgoing.url), &outgoing, &mask, progress, &self.connections).await?;
            let address = || Target::of(&answer.url).address;
            let step = if prepared.follow_redirects {
                redirect::step(&mut outgoing, answer.response.status(), answer.location(), &mask)
            } else {
                Ok(Step::Stop)
            };
            match step {
                Ok(Step::Follow) => {
                    hops.push(answer.hop);
                    if hops.len() > prepared.max_redirects as usize {
                        return Err(SendError::TooManyRedirects { limit: prepared.max_redirects, hops });
                    }
                }
                Err(reason) => {
                    let address = address();
                    hops.push(answer.hop);
                    return Err(SendError::BadRedirect { address, reason, hops });
                }
                Ok(stop) => {
                    progress.lock().unwrap_or_else(PoisonError::into_inner).download();
                    let began = Began { sent_at_ms, started, hops, withheld_body: stop == Step::StopForBody };
                    return self.take_in(answer, began).await;
                }
            }
        }
    }

    async fn take_in(&self, answer: Answer, began: Began) -> Result<Finished, SendError> {
        let Answer { hop, response, url, answered } = answer;
        let target = || Target::of(&url);
        let content_type = response.headers().get(http::header::CONTENT_TYPE).map(crate::prepared::text_of);
        let mut sink = Sink::new(&self.cache, &content_type.unwrap_or_default());
        let (mut encoding, mut wire_bytes) = (None, None);
        let broken = match Incoming::new(response).await {
            Err(error) => Some(error),
            Ok(mut incoming) => {
                let broken = loop {
                    match incoming.next().await {
                        Ok(Some(chunk)) => {
                            sink.push(&chunk).map_err(|error| target().not_kept(error, &self.cache))?;
                        }
                        Ok(None) => break None,
                        Err(error) => break Some(error),
                    }
                };
                (encoding, wire_bytes) = (incoming.encoding(), incoming.wire_bytes());
                broken
            }
        };
        let received = sink.length();
        let (body, summary) = sink
            .finish(broken.is_none(), encoding.clone(), wire_bytes)
            .map_err(|error| target().not_kept(error, &self.cache))?;
        let finished = began.finish(hop, answered, body, summary);
        let address = target().address;
        match broken {
            None => Ok(finished),
            Some(ReadError::Connection(error)) => Err(SendError::BrokenOff {
                address,
                received,
                partial: Box::new(finished),
                source: error.without_url().into(),
            }),
            Some(ReadError::Encoding(error)) => Err(SendError::Undecodable {
                encoding: encoding.unwrap_or_default(),
                received,
                partial: Box::new(finished),
                source: error.into(),
            }),
        }
    }

    async fn clients(&self) -> Result<&Clients, SendError> {
        self.clients
            .get_or_try_init(|| async {
                let options = self.options.clone();
                let built = tokio::task::spawn_blocking(move || build(&options)).await;
                built.map_err(|error| SendError::Engine(error.into()))?
            })
            .await
    }
}

/// What is known of an exchange when its last answer begins.
struct Began {
    sent_at_ms: f64,
    started: Instant,
    hops: Vec<Hop>,
    withheld_body: bool,
}

impl Began {
    fn finish(
        mut self,
        mut hop: Hop,
        answered: Instant,
        body: StoredBody,
        summary: crate::exchange::BodySummary,
    ) -> Finished {
        if self.withheld_body {
            hop.withheld.push("body".to_owned());
        }
        hop.timings.download = milliseconds(answered.elapsed());
        self.hops.push(hop);
        let total_ms = milliseconds(self.started.elapsed());
        let exchange = Exchange { hops: self.hops, total_ms, body: summary, sent_at_ms: self.sent_at_ms };
        Finished { exchange, body }
    }
}

/// Two ways out: a proxy, which the system may ask for, cannot reach this computer itself.
struct Clients {
    outside: reqwest::Client,
    loopback: reqwest::Client,
}

impl Clients {
    fn to(&self, url: &Url) -> &reqwest::Client {
        if is_loopback(url) { &self.loopback } else { &self.outside }
    }
}

/// Tells whether a host is this computer itself (RFC 6761 §6.3).
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn build(options: &EngineOptions) -> Result<Clients, SendError> {
    let tls = tls::config(&options.extra_roots).map_err(|error| SendError::Engine(error.into()))?;
    let outside = client(tls.clone(), options.system_proxy)?;
    Ok(Clients { outside, loopback: client(tls, false)? })
}

fn client(tls: rustls::ClientConfig, system_proxy: bool) -> Result<reqwest::Client, SendError> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .dns_resolver(connect::Resolver)
        .connector_layer(connect::Noting);
    if !system_proxy {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| SendError::Engine(error.into()))
}

fn now() -> f64 {
    milliseconds(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// Turns a size into a number that the window can count in; exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "no body has 2^53 bytes")]
pub(crate) fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}

impl Progress {
    fn phase(&self) -> Phase {
        if self.downloading { Phase::Downloading } else { self.marks.noted().phase() }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("http://127.0.0.1:4000/", true)]
    #[case("http://127.9.9.9/", true)]
    #[case("http://[::1]/", true)]
    #[case("http://LOCALHOST/", true)]
    #[case("http://api.localhost/", true)]
    #[case("http://localhost.evil.test/", false)]
    #[case("http://10.0.0.1/", false)]
    #[case("https://abc.execute-api.eu-west-1.amazonaws.com/", false)]
    fn only_this_computer_is_reached_without_the_systems_proxy(#[case] url: &str, #[case] expected: bool) {
        assert_eq!(is_loopback(&url.parse().unwrap()), expected);
    }
}
