//! What is answered at the callback, and what is refused.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ALLOW, HOST, HeaderMap, HeaderValue, ORIGIN};
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::{mpsc, oneshot};
use tokio::time;
use url::Url;

use super::page::{self, Page};
use super::{Received, Reply};

/// The largest fragment that is taken, in bytes; Cognito's have three to eight thousand.
const FRAGMENT_SIZE: u64 = 64 * 1024;
/// How long a posted fragment may take.
const FRAGMENT_TIME: Duration = Duration::from_secs(10);

/// Where the ways in are.
const ENTRANCES: &str = "/begin/";

/// The one resource that is served: the callback.
///
/// A browser never sends a fragment to a server. So a navigation without an answer in its query is given a page that
/// reads the fragment and posts it here, which no other origin can do.
pub(super) struct Site {
    callback: Url,
    host: String,
    origin: String,
    awaited: Awaited,
    /// The paths of the ways in, and where they lead; each is gone once it was used. One for each attempt that waits.
    entrances: Mutex<HashMap<String, Url>>,
    answers: mpsc::Sender<Received>,
}

/// What a browser is expected to come back from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaited {
    /// With tokens in the fragment, a code or an error.
    SignIn,
    /// With nothing.
    SignOut,
}

impl Site {
    pub(super) fn new(callback: &Url, port: u16, awaited: Awaited, answers: mpsc::Sender<Received>) -> Self {
        let host = format!("{}:{port}", callback.host_str().unwrap_or_default());
        let origin = format!("http://{host}");
        Self { callback: callback.clone(), host, origin, awaited, entrances: Mutex::default(), answers }
    }

    /// Makes a way in of this name, and gives its address.
    pub(super) fn lead_on(&self, name: &str, target: Url) -> Url {
        let path = format!("{ENTRANCES}{name}");
        let mut address = self.callback.clone();
        address.set_path(&path);
        address.set_query(None);
        self.entrances.lock().unwrap_or_else(PoisonError::into_inner).insert(path, target);
        address
    }

    /// Uses the way in of this path up. That it was used before is told: a page that is loaded anew would find it so, and
    /// so would the user whose way in another program has taken.
    fn enter(&self, path: &str) -> Result<Response<Full<Bytes>>, StatusCode> {
        let Some(target) = self.entrances.lock().unwrap_or_else(PoisonError::into_inner).remove(path) else {
            tracing::warn!("a way in that is used up was asked for");
            return Ok(page::used_up());
        };
        page::lead_on(&target).ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Answers a request, whoever sent it.
    pub(super) async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        self.take(request).await.unwrap_or_else(|status| {
            tracing::warn!(%status, "a request to the callback was refused");
            let mut refusal = page::refusal(status);
            if status == StatusCode::METHOD_NOT_ALLOWED {
                refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, POST"));
            }
            refusal
        })
    }

    async fn take(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, StatusCode> {
        // A foreign name that was made to lead here would let a foreign page read along (DNS rebinding).
        if request.uri().authority().is_some() || !is_just(request.headers(), HOST.as_str(), &self.host) {
            return Err(StatusCode::FORBIDDEN);
        }
        let path = request.uri().path();
        if path != self.callback.path() {
            let is_navigation =
                request.method() == Method::GET && is_just_or_missing(request.headers(), "sec-fetch-dest", "document");
            return if path.starts_with(ENTRANCES) && is_navigation {
                self.enter(path)
            } else {
                Err(StatusCode::NOT_FOUND)
            };
        }
        match *request.method() {
            Method::GET => self.navigated(&request).await,
            Method::POST => self.posted(request).await,
            _ => Err(StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    async fn navigated(&self, request: &Request<Incoming>) -> Result<Response<Full<Bytes>>, StatusCode> {
        // An image or a frame of some page is no answer.
        if !is_just_or_missing(request.headers(), "sec-fetch-dest", "document") {
            return Err(StatusCode::FORBIDDEN);
        }
        let url = self.with_query(request);
        let answers =
            self.awaited == Awaited::SignOut || url.query_pairs().any(|(name, _)| matches!(&*name, "code" | "error"));
        if answers {
            return Ok(self.judged(url).await.html());
        }
        Ok(Page::waiting().html())
    }

    async fn posted(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, StatusCode> {
        let headers = request.headers();
        if !is_just(headers, ORIGIN.as_str(), &self.origin)
            || !is_just_or_missing(headers, "sec-fetch-site", "same-origin")
        {
            return Err(StatusCode::FORBIDDEN);
        }
        let mut url = self.with_query(&request);
        let body = read(request.into_body()).await?;
        let fragment = str::from_utf8(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
        if fragment.is_empty() {
            return Err(StatusCode::BAD_REQUEST);
        }
        url.set_fragment(Some(fragment));
        Ok(self.judged(url).await.json())
    }

    fn with_query(&self, request: &Request<Incoming>) -> Url {
        let mut url = self.callback.clone();
        url.set_query(request.uri().query());
        url
    }

    async fn judged(&self, url: Url) -> Page {
        let (reply, page) = oneshot::channel();
        if self.answers.send(Received { url, reply: Reply(reply) }).await.is_err() {
            return Page::unjudged();
        }
        page.await.unwrap_or_else(|_| Page::unjudged())
    }
}

async fn read(body: Incoming) -> Result<Bytes, StatusCode> {
    if body.size_hint().lower() > FRAGMENT_SIZE {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let limit = usize::try_from(FRAGMENT_SIZE).unwrap_or(usize::MAX);
    match time::timeout(FRAGMENT_TIME, Limited::new(body, limit).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

fn is_just(headers: &HeaderMap, name: &str, value: &str) -> bool {
    headers.contains_key(name) && is_just_or_missing(headers, name, value)
}

/// A header that comes twice is as wrong as one of another value.
fn is_just_or_missing(headers: &HeaderMap, name: &str, value: &str) -> bool {
    let mut found = headers.get_all(name).iter();
    found.next().is_none_or(|first| first == value) && found.next().is_none()
}
