//! One request on the wire and the head of its answer.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatepass_vault::Secret;
use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::{Body, Request, Response};
use url::Url;

use super::marks::{self, Marks};
use super::redirect::Outgoing;
use crate::error::{SendError, Target};
use crate::exchange::{HeaderField, HeaderOrigin, Hop, SentHeader};
use crate::mask::Mask;
use crate::prepared::{Prepared, PreparedHeader, percent_decoded, text_of};

const AGENT: &str = concat!("gatepass/", env!("CARGO_PKG_VERSION"));
const ENCODINGS: &str = "gzip, br, zstd, deflate";
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

/// The header section of a hop: for the wire, and for the eye.
struct Head(Vec<(HeaderName, HeaderValue, SentHeader)>);

impl Head {
    fn of(outgoing: &Outgoing, size: Option<u64>, mask: &Mask) -> Result<Self, SendError> {
        let mut head = Self(Vec::with_capacity(outgoing.headers.len() + 6));
        let typed = |name: &HeaderName| outgoing.headers.iter().find(|header| header.name == *name);
        if outgoing.url.scheme() == "http"
            && typed(&HOST).is_none()
            && let Some(host) = authority(&outgoing.url)
        {
            head.add(HOST, host, HeaderOrigin::Wire, mask);
        }
        let typed_type = typed(&CONTENT_TYPE).map(|header| &header.value);
        let completed = outgoing.content.media_type(typed_type)?;
        for header in &outgoing.headers {
            match &completed {
                Some(value) if header.name == CONTENT_TYPE => {
                    head.add(CONTENT_TYPE, value.clone(), header.origin, mask);
                }
                _ => head.0.push((header.name.clone(), header.value.clone(), header.shown(mask))),
            }
        }
        if let Some(value) = completed.filter(|_| typed_type.is_none()) {
            head.add(CONTENT_TYPE, value, HeaderOrigin::Body, mask);
        }
        // RFC 9110 §8.6: a method that expects content tells even that there is none.
        let expects_content = [Method::POST, Method::PUT, Method::PATCH].contains(&outgoing.method);
        if let Some(size) = size.or(expects_content.then_some(0)) {
            head.add(CONTENT_LENGTH, HeaderValue::from(size), HeaderOrigin::Body, mask);
        }
        for (name, value) in [(USER_AGENT, AGENT), (ACCEPT, "*/*"), (ACCEPT_ENCODING, ENCODINGS)] {
            if typed(&name).is_none() {
                head.add(name, HeaderValue::from_static(value), HeaderOrigin::Wire, mask);
            }
        }
        head.group();
        Ok(head)
    }

    fn add(&mut self, name: HeaderName, value: HeaderValue, origin: HeaderOrigin, mask: &Mask) {
        let plain = text_of(&value);
        let shown = mask.apply(&plain).into_owned();
        let secret = shown != plain;
        let shown = SentHeader { name: name.as_str().to_owned(), value: shown, secret, origin };
        self.0.push((name, value, shown));
    }

    /// Brings fields of one name together, as the HTTP library does (RFC 9110 §5.3 lets it).
    fn group(&mut self) {
        let mut grouped: Vec<(HeaderName, HeaderValue, SentHeader)> = Vec::with_capacity(self.0.len());
        for field in self.0.drain(..) {
            match grouped.iter().rposition(|other| other.0 == field.0) {
                Some(last) => grouped.insert(last + 1, field),
                None => grouped.push(field),
            }
        }
        self.0 = grouped;
    }

    fn fields(&self, unsendable: &impl Fn() -> SendError) -> Result<HeaderMap, SendError> {
        let mut fields = HeaderMap::with_capacity(self.0.len());
        for (name, value, _) in &self.0 {
            fields.try_append(name.clone(), value.clone()).map_err(|_| unsendable())?;
        }
        Ok(fields)
    }

    /// Shows what stood on the wire in the version that was spoken.
    fn shown(self, version: Version, url: &Url) -> Vec<SentHeader> {
        let own = |name: &str| {
            let value = authority(url).map(|value| text_of(&value)).unwrap_or_default();
            SentHeader { name: name.to_owned(), value, secret: false, origin: HeaderOrigin::Wire }
        };
        let has_host = self.0.iter().any(|(name, _, _)| name == HOST);
        let fields = self.0.into_iter().map(|(_, _, shown)| shown);
        if version == Version::HTTP_2 {
            // RFC 9113 §8.2.2: fields of the connection are not sent.
            let of_connection = ["connection", "keep-alive", "proxy-connection", "upgrade"];
            let sent = fields.filter(|field| !of_connection.contains(&field.name.as_str()));
            return std::iter::once(own(":authority")).chain(sent).collect();
        }
        let mut fields: Vec<_> = fields.collect();
        if !has_host {
            fields.push(own("host"));
        }
        fields
    }
}

fn authority(url: &Url) -> Option<HeaderValue> {
    let host = url.host_str()?;
    let text = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    HeaderValue::from_str(&text).ok()
}

fn received(headers: &HeaderMap, mask: &Mask) -> Vec<HeaderField> {
    let field = |(name, value): (&HeaderName, &HeaderValue)| HeaderField {
        name: name.as_str().to_owned(),
        value: mask.apply(&text_of(value)).into_owned(),
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
