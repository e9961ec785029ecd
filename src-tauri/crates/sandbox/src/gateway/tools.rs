//! Plain routes outside every stage, with no check before them: they show what a client really sent, and answer in ways
//! that a client must cope with.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{ConnectInfo, Path, RawQuery, Request, State},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures_util::stream;
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION},
};
use serde::Serialize;
use tokio::time;
use url::form_urlencoded;

use super::{Gateway, reply::json_text};
use crate::wire::ReceivedHead;

const LARGEST_ECHO: usize = 256 * 1_024 * 1_024;
const CHUNK: &[u8; 16] = b"0123456789abcdef";
const CHUNKS_AT_ONCE: usize = 4_096;

/// What `/echo` received.
#[derive(Debug, Serialize)]
struct Echo {
    method: String,
    /// Path and query as sent.
    target: String,
    /// In their order, with their names as sent.
    headers: Vec<Field>,
    /// The body, where it is UTF-8.
    body: Option<String>,
    body_base64: String,
}

#[derive(Debug, Serialize)]
struct Field {
    name: String,
    value: String,
}

/// Tells method, target, header fields and body.
pub async fn echo(ConnectInfo(received): ConnectInfo<ReceivedHead>, request: Request) -> Response {
    let headers = received.fields().into_iter().map(|(name, value)| Field { name, value }).collect();
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_ECHO).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let echo = Echo {
        method: head.method.to_string(),
        target: head.uri.to_string(),
        headers,
        body: String::from_utf8(body.to_vec()).ok(),
        body_base64: STANDARD.encode(&body),
    };
    match serde_json::to_string(&echo) {
        Ok(text) => json_text(StatusCode::OK, text),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Redirects to `to`, with `status` 302 where none is given.
pub async fn redirect(RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let location = parameter(&query, "to").and_then(|to| HeaderValue::try_from(to).ok());
    let status = parameter(&query, "status").unwrap_or_else(|| "302".to_owned());
    let status = StatusCode::from_bytes(status.as_bytes()).ok().filter(StatusCode::is_redirection);
    match (location, status) {
        (Some(location), Some(status)) => (status, [(LOCATION, location)]).into_response(),
        _ => (StatusCode::BAD_REQUEST, "to must be an address, and status a 3xx").into_response(),
    }
}

/// Streams as many bytes as asked for, of the media type in `type`.
pub async fn bytes(Path(count): Path<usize>, RawQuery(query): RawQuery) -> Response {
    let kind = parameter(&query.unwrap_or_default(), "type").and_then(|kind| HeaderValue::try_from(kind).ok());
    let block = Bytes::from(CHUNK.repeat(CHUNKS_AT_ONCE));
    let blocks = stream::unfold(count, move |left| {
        let block = block.slice(..left.min(block.len()));
        async move { (left > 0).then(|| (Ok::<_, Infallible>(block.clone()), left - block.len())) }
    });
    let mut response = Response::new(Body::from_stream(blocks));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static("application/octet-stream")));
    headers.insert(CONTENT_LENGTH, count.into());
    response
}

/// Answers after `ms` milliseconds, or when the sandbox stops.
pub async fn slow(State(gateway): State<Arc<Gateway>>, RawQuery(query): RawQuery) -> Response {
    let milliseconds = parameter(&query.unwrap_or_default(), "ms").and_then(|ms| ms.parse().ok()).unwrap_or_default();
    let mut closing = gateway.closing.clone();
    tokio::select! {
        () = time::sleep(Duration::from_millis(milliseconds)) => {}
        _ = closing.wait_for(|closing| *closing) => {}
    }
    json_text(StatusCode::OK, serde_json::json!({ "milliseconds": milliseconds }).to_string())
}

fn parameter(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
