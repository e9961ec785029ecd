//! What happened when a request was sent, as the window shows it: every secret in it is masked.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A request and its answer, with every redirect between.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// What was sent and what came, hop by hop; at least one, the last is the answer.
    pub hops: Vec<Hop>,
    /// From Send to the last byte, in milliseconds.
    pub total_ms: f64,
    /// The content of the last hop's answer.
    pub body: BodySummary,
    /// The instant of sending, in milliseconds since 1970 UTC.
    pub sent_at_ms: f64,
}

/// One request on the wire and the head of its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Hop {
    /// The method sent.
    pub method: String,
    /// The URL sent, secrets masked.
    pub url: String,
    /// The header fields sent, in order, those of the HTTP library included.
    pub sent_headers: Vec<SentHeader>,
    /// The content sent.
    pub sent_body: SentBody,
    /// Names of header fields that were left out of this hop because it went to another origin.
    pub withheld: Vec<String>,
    /// The status code.
    pub status: u16,
    /// Its reason phrase.
    pub reason: String,
    /// `HTTP/1.1`, `HTTP/2`.
    pub http_version: String,
    /// The header fields received, in order.
    pub headers: Vec<HeaderField>,
    /// The remote address and port.
    pub remote: Option<String>,
    /// `TLS 1.3` and the like; absent without TLS.
    pub tls: Option<String>,
    /// How long each phase took.
    pub timings: Timings,
}

/// A header field received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeaderField {
    /// The name as received.
    pub name: String,
    /// The value; bytes that are not UTF-8 are shown as `\xNN`.
    pub value: String,
}

/// A header field sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SentHeader {
    /// The name.
    pub name: String,
    /// The value, secrets masked.
    pub value: String,
    /// Whether something was masked in it.
    pub secret: bool,
    /// Who added it.
    pub origin: HeaderOrigin,
}

/// Who added a header field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum HeaderOrigin {
    /// The user, or a folder's defaults.
    Typed,
    /// The token part of Auth.
    Token,
    /// The API key part of Auth.
    ApiKey,
    /// The body's own media type and the like.
    Body,
    /// The HTTP library.
    Wire,
}

/// The content sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SentBody {
    /// Its size in bytes, where it is known before sending.
    pub bytes: Option<f64>,
    /// Its beginning as text, secrets masked; absent for binary content and where there is none.
    pub preview: Option<String>,
}

/// Phases of a hop in milliseconds (the order is the order on the wire). A reused connection has no first three.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Timings {
    /// Looking the host up.
    pub dns: Option<f64>,
    /// Until the TCP connection stood.
    pub connect: Option<f64>,
    /// Until TLS was agreed.
    pub tls: Option<f64>,
    /// From the request to the first byte of the answer.
    pub wait: f64,
    /// From the first byte to the last; 0 for a redirect whose content is not read.
    pub download: f64,
}

/// The content received, which lies in a file: the window asks for the lines that it shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BodySummary {
    /// What it is, by `content-type` and, where that is silent, by its bytes.
    pub kind: BodyKind,
    /// The media type without parameters; empty where none was sent.
    pub media_type: String,
    /// Bytes after decompression.
    pub bytes: f64,
    /// Bytes on the wire, where `content-encoding` was applied.
    pub wire_bytes: Option<f64>,
    /// `gzip` and the like, where it was applied.
    pub content_encoding: Option<String>,
    /// Number of lines as received.
    pub raw_lines: u32,
    /// Number of lines when indented; absent where there is no pretty form.
    pub pretty_lines: Option<u32>,
}

/// What the content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BodyKind {
    /// No bytes.
    Empty,
    /// JSON that parses.
    Json,
    /// XML.
    Xml,
    /// HTML.
    Html,
    /// Other text.
    Text,
    /// A picture.
    Image,
    /// Anything else.
    Binary,
}
