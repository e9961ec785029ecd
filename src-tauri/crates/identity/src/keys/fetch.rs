use std::error::Error as _;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::Value;
use url::Url;

use super::KeyError;
use crate::{Issuer, IssuerKind};

const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST: usize = 1_048_576;

/// Requests to user pools: no redirects, https, ten seconds, one megabyte.
///
/// The clients are made at their first use: loading the system's certificates takes longer than a window may.
#[derive(Debug, Default)]
pub(crate) struct Fetcher {
    outside: OnceLock<Client>,
    /// Plain http, and past any proxy: a proxy knows nothing of this machine's own ports.
    inside: OnceLock<Client>,
}

impl Fetcher {
    fn client(&self, inside: bool) -> Result<&Client, KeyError> {
        let slot = if inside { &self.inside } else { &self.outside };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let builder = Client::builder().redirect(Policy::none()).timeout(PATIENCE);
        let builder = if inside { builder.no_proxy().tls_certs_only([]) } else { builder.https_only(true) };
        let client = builder.build().map_err(|error| KeyError::Client(Arc::new(error)))?;
        Ok(slot.get_or_init(|| client))
    }

    /// Fetches an issuer's keys, and what its clock is ahead of `now`.
    pub(super) async fn keys(&self, issuer: &Issuer, now: SystemTime) -> Result<(Value, Option<i64>), KeyError> {
        let host = host_of(issuer.as_str());
        let inside = issuer.kind() == IssuerKind::Loopback;
        let response = self.get(&issuer.jwks_url(), inside).await?;
        let status = response.status();
        if status.is_redirection() {
            return Err(KeyError::Redirected { host, status: status.as_u16() });
        }
        if !status.is_success() {
            let pool_id = issuer.pool_id().to_owned();
            return Err(KeyError::NoPool { host, status: status.as_u16(), pool_id });
        }
        let ahead = ahead(response.headers(), now);
        let found = content_type(response.headers());
        let body = read(response, &host).await?;
        let body = serde_json::from_slice(&body).map_err(|_| KeyError::NotJson { host, found })?;
        Ok((body, ahead))
    }

    /// Sends a GET and returns its answer, whatever its status; `inside` is for this machine only.
    pub(crate) async fn get(&self, url: &str, inside: bool) -> Result<Response, KeyError> {
        self.client(inside)?.get(url).send().await.map_err(|error| in_words(error, &host_of(url)))
    }
}

async fn read(mut response: Response, host: &str) -> Result<Vec<u8>, KeyError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| in_words(error, host))? {
        if body.len() + chunk.len() > LARGEST {
            return Err(KeyError::TooLarge { host: host.to_owned(), limit: LARGEST });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Sorts a failed request; the library tells a host that is not known only by the text of the innermost cause.
fn in_words(error: reqwest::Error, host: &str) -> KeyError {
    let host = host.to_owned();
    let error = error.without_url();
    let mut causes = String::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        causes.push_str(&inner.to_string().to_ascii_lowercase());
        causes.push('\n');
        cause = inner.source();
    }
    if error.is_timeout() {
        return KeyError::Timeout { host, seconds: PATIENCE.as_secs() };
    }
    if causes.contains("dns error") {
        return KeyError::HostUnknown { host };
    }
    let tls = ["certificate", "tls", "handshake", "corrupt message", "invalid peer"];
    let source = Arc::new(error);
    if tls.iter().any(|word| causes.contains(word)) {
        return KeyError::Tls { host, source };
    }
    if source.is_connect() {
        return KeyError::Unreachable { host, source };
    }
    KeyError::Broken { host, source }
}

pub(super) fn host_of(url: &str) -> String {
    let url = Url::parse(url).ok();
    url.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned()
}

fn content_type(headers: &HeaderMap) -> String {
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
mod tests {
    use std::io::Write;
    use std::net::TcpListener;

    use reqwest::dns::{Addrs, Name, Resolve, Resolving};

    use super::*;

    struct NoNames;

    impl Resolve for NoNames {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(async { Err::<Addrs, _>("failed to look up the name".into()) })
        }
    }

    #[tokio::test]
    async fn a_host_without_an_address_is_told_by_its_name() {
        let client = Client::builder().no_proxy().dns_resolver(Arc::new(NoNames)).build().unwrap();
        let url = "https://nowhere.auth.eu-west-1.amazoncognito.com/?secret";
        let error = in_words(client.get(url).send().await.unwrap_err(), &host_of(url));
        let KeyError::HostUnknown { host } = &error else { panic!("{error:?}") };
        assert_eq!(host, "nowhere.auth.eu-west-1.amazoncognito.com");
        assert!(!format!("{error:?} {error}").contains("secret"));
    }

    #[tokio::test]
    async fn a_host_that_speaks_no_tls_is_told() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}/?secret", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        });
        let client = Client::builder().no_proxy().build().unwrap();
        let error = in_words(client.get(&url).send().await.unwrap_err(), "127.0.0.1");
        server.join().unwrap();
        assert!(matches!(error, KeyError::Tls { .. }), "{error:?}");
        assert!(!format!("{error:?}").contains("secret"));
    }

    #[tokio::test]
    async fn a_host_that_does_not_answer_is_told() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let client = Client::builder().no_proxy().timeout(Duration::from_millis(20)).build().unwrap();
        let error = in_words(client.get(&url).send().await.unwrap_err(), "127.0.0.1");
        assert!(matches!(error, KeyError::Timeout { seconds: 10, .. }), "{error:?}");
    }

    #[test]
    fn the_issuer_s_clock_is_read_from_its_date() {
        let mut headers = HeaderMap::new();
        assert_eq!(ahead(&headers, UNIX_EPOCH), None);
        headers.insert(DATE, "Thu, 01 Jan 1970 00:10:00 GMT".parse().unwrap());
        assert_eq!(ahead(&headers, UNIX_EPOCH + Duration::from_mins(3)), Some(420));
        headers.insert(DATE, "today".parse().unwrap());
        assert_eq!(ahead(&headers, UNIX_EPOCH), None);
    }
}
