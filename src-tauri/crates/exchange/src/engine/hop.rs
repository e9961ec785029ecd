//! One request on the wire and the head of its answer.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatepass_vault::Secret;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Version};
use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::{Body, Request, Response};
use url::Url;

use super::head::Head;
use super::marks::{self, Marks};
use super::redirect::Outgoing;
use crate::error::{SendError, Target};
use crate::exchange::{HeaderField, HeaderOrigin, Hop};
use crate::mask::Mask;
use crate::prepared::{Prepared, PreparedHeader, percent_decoded, text_of};

/// How many connections have their TLS version remembered.
const MOST_CONNECTIONS: usize = 1024;

/// What is going on, for the words of a timeout.
pub(super) struct Progress {
    pub(super) url: Url,
    pub(super) marks: Arc<Marks>,
    pub(super) downloading: bool,
}

impl Progress {
    pub(super) fn start(url: &Url) -> Self {
        Self { url: url.clone(), marks: Arc::default(), downloading: false }
    }

    pub(super) fn download(&mut self) {
        self.downloading = true;
    }
}

/// The TLS version of each open connection, by its two addresses.
#[derive(Default)]
pub(super) struct Connections(Mutex<HashMap<(SocketAddr, SocketAddr), &'static str>>);

impl Connections {
    fn tls(&self, info: &HttpInfo, fresh: bool, agreed: Option<&'static str>) -> Option<&'static str> {
        let key = (info.local_addr(), info.remote_addr());
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (fresh, agreed) {
            (false, _) => known.get(&key).copied(),
            (true, None) => {
                known.remove(&key);
                None
            }
            (true, Some(version)) => {
                if known.len() >= MOST_CONNECTIONS {
                    known.clear();
                }
                known.insert(key, version);
                Some(version)
            }
        }
    }
}

/// The head of an answer, with all that is known of its hop.
pub(super) struct Answer {
    pub(super) hop: Hop,
    pub(super) response: Response,
    pub(super) url: Url,
    pub(super) answered: Instant,
}

impl Answer {
    pub(super) fn location(&self) -> Option<&HeaderValue> {
        self.response.headers().get(http::header::LOCATION)
    }
}

/// Makes what goes out first: user and password of the URL become a field of their own.
pub(super) fn first(prepared: &Prepared) -> Result<Outgoing, SendError> {
    let mut url = prepared.url.clone();
    url.set_fragment(None);
    let mut headers = prepared.headers.clone();
    if !url.username().is_empty() || url.password().is_some() {
        let user = percent_decoded(url.username());
        let password = percent_decoded(url.password().unwrap_or_default());
        let pair = Secret::new(STANDARD.encode(format!("{}:{}", user.expose(), password.expose())));
        if !headers.iter().any(|header| header.name == AUTHORIZATION) {
            let header = PreparedHeader::credential("authorization", "Basic", &pair, HeaderOrigin::Typed)
                .map_err(|_| SendError::Unsendable { host: Target::of(&url).host })?;
            headers.push(header);
        }
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    let content = prepared.content.clone();
    Ok(Outgoing { method: prepared.method.clone(), url, headers, content, withheld: Vec::new() })
}

/// Sends a hop and awaits the head of its answer.
pub(super) async fn exchange(
    client: &reqwest::Client,
    outgoing: &Outgoing,
    mask: &Mask,
    progress: &Mutex<Progress>,
    connections: &Connections,
) -> Result<Answer, SendError> {
    let marks = Arc::new(Marks::default());
    {
        let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.url.clone_from(&outgoing.url);
        progress.marks = Arc::clone(&marks);
    }
    let upload = outgoing.content.open().await?;
    let size = upload.as_ref().map(crate::content::Upload::length);
    let unsendable = || SendError::Unsendable { host: Target::of(&outgoing.url).host };
    let head = Head::of(outgoing, size, mask)?;
    let mut request = Request::new(outgoing.method.clone(), outgoing.url.clone());
    *request.headers_mut() = head.fields(&unsendable)?;
    *request.body_mut() = upload.map(crate::content::Upload::into_body).or_else(|| Some(Body::from("")));

    let started = Instant::now();
    let response = marks::within(Arc::clone(&marks), client.execute(request))
        .await
        .map_err(|error| Target::of(&outgoing.url).failure(error))?;
    let answered = Instant::now();

    let noted = marks.noted();
    let info = response.extensions().get::<HttpInfo>();
    let tls = info.and_then(|info| connections.tls(info, noted.connected.is_some(), noted.tls));
    let version = response.version();
    let hop = Hop {
        method: outgoing.method.to_string(),
        url: mask.apply(outgoing.url.as_str()).into_owned(),
        sent_headers: head.shown(version, &outgoing.url),
        sent_body: outgoing.content.shown(mask, size),
        withheld: outgoing.withheld.clone(),
        status: response.status().as_u16(),
        reason: mask.apply(&reason(&response)).into_owned(),
        http_version: name_of(version).to_owned(),
        headers: received(response.headers(), mask),
        remote: response.remote_addr().map(|address| address.to_string()),
        tls: tls.filter(|_| outgoing.url.scheme() == "https").map(str::to_owned),
        timings: noted.timings(started, answered),
    };
    Ok(Answer { hop, response, url: outgoing.url.clone(), answered })
}

fn received(headers: &HeaderMap, mask: &Mask) -> Vec<HeaderField> {
    let field = |(name, value): (&HeaderName, &HeaderValue)| HeaderField {
        name: name.as_str().to_owned(),
        value: mask.applied(text_of(value)).0,
    };
    headers.iter().map(field).collect()
}

fn reason(response: &Response) -> String {
    match response.extensions().get::<hyper::ext::ReasonPhrase>() {
        Some(phrase) => String::from_utf8_lossy(phrase.as_bytes()).into_owned(),
        None => response.status().canonical_reason().unwrap_or_default().to_owned(),
    }
}

fn name_of(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "HTTP/0.9",
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2",
        Version::HTTP_3 => "HTTP/3",
        _ => "HTTP/1.1",
    }
}
