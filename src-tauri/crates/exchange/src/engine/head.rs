//! The header section of a hop: what goes on the wire, and what is shown of it, in the same order.

use http::header::{ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use url::Url;

use super::redirect::Outgoing;
use crate::error::SendError;
use crate::exchange::{HeaderOrigin, SentHeader};
use crate::mask::Mask;
use crate::prepared::text_of;

const AGENT: &str = concat!("gatepass/", env!("CARGO_PKG_VERSION"));
const ENCODINGS: &str = "gzip, br, zstd, deflate";

/// The header section of a hop: for the wire, and for the eye.
pub(super) struct Head(Vec<(HeaderName, HeaderValue, SentHeader)>);

impl Head {
    /// Puts together what the user, Auth, the body and the engine give.
    pub(super) fn of(outgoing: &Outgoing, size: Option<u64>, mask: &Mask) -> Result<Self, SendError> {
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
                _ => {
                    let shown = header.shown(mask);
                    let mut value = header.value.clone();
                    // Keeps it out of HTTP/2's compression tables and of the HTTP library's traces.
                    value.set_sensitive(shown.secret);
                    head.0.push((header.name.clone(), value, shown));
                }
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
        let (shown, secret) = mask.applied(text_of(&value));
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

    pub(super) fn fields(&self, unsendable: &impl Fn() -> SendError) -> Result<HeaderMap, SendError> {
        let mut fields = HeaderMap::with_capacity(self.0.len());
        for (name, value, _) in &self.0 {
            fields.try_append(name.clone(), value.clone()).map_err(|_| unsendable())?;
        }
        Ok(fields)
    }

    /// Shows what stood on the wire in the version that was spoken.
    pub(super) fn shown(self, version: Version, url: &Url) -> Vec<SentHeader> {
        let own = |name: &str| {
            let value = authority(url).map(|value| text_of(&value)).unwrap_or_default();
            SentHeader { name: name.to_owned(), value, secret: false, origin: HeaderOrigin::Wire }
        };
        if version == Version::HTTP_2 {
            return std::iter::once(own(":authority")).chain(self.without_connection_fields()).collect();
        }
        let has_host = self.0.iter().any(|(name, _, _)| name == HOST);
        let mut fields: Vec<_> = self.0.into_iter().map(|(_, _, shown)| shown).collect();
        if !has_host {
            fields.push(own("host"));
        }
        fields
    }

    /// Leaves out what HTTP/2 does not carry (RFC 9113 §8.2.2). It repeats the HTTP library's own removals on a map of
    /// the same kind, for a removal changes the order of what is left.
    fn without_connection_fields(self) -> Vec<SentHeader> {
        let connection = self.0.iter().find(|(name, _, _)| name == CONNECTION).map(|(_, value, _)| value.clone());
        let odd_te = self.0.iter().find(|(name, _, _)| name == TE).is_some_and(|(_, value, _)| value != "trailers");
        let mut fields: HeaderMap<SentHeader> = HeaderMap::with_capacity(self.0.len());
        for (name, _, shown) in self.0 {
            fields.append(name, shown);
        }
        for name in ["keep-alive", "proxy-connection", "transfer-encoding", "upgrade"] {
            fields.remove(name);
        }
        if odd_te {
            fields.remove(TE);
        }
        fields.remove(CONNECTION);
        for name in connection.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')) {
            fields.remove(name.trim());
        }
        fields.into_iter().map(|(_, shown)| shown).collect()
    }
}

fn authority(url: &Url) -> Option<HeaderValue> {
    let host = url.host_str()?;
    let text = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    HeaderValue::from_str(&text).ok()
}
