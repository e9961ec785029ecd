//! A request as the gateway's checks see it.

use axum::{body::Body, extract::Request};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::HeaderMap;
use url::form_urlencoded;

use super::reply::Refusal;
use crate::seed;

const BODY_LIMIT: usize = 10 * 1_024 * 1_024;

/// A request with its whole body.
pub struct Incoming {
    pub verb: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    body: Option<Bytes>,
}

impl Incoming {
    /// Reads a request to its end, so that a refusal reaches a client that is still sending.
    pub async fn read(request: Request) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        let query = head.uri.query().unwrap_or_default();
        Ok(Self {
            verb: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers: head.headers,
            body: read_body(body).await?,
        })
    }

    /// Lends the body, or refuses it where it is over 10 MB.
    pub fn body(&self) -> Result<&Bytes, Refusal> {
        self.body.as_ref().ok_or(Refusal::TooLarge)
    }

    /// Splits the path into a stage of the API and the resource's path, which has no slash at its end.
    pub fn stage_and_path(&self) -> Option<(&str, &str)> {
        let path = self.path.trim_start_matches('/');
        let (stage, resource) = path.find('/').map_or((path, "/"), |at| path.split_at(at));
        let resource = if resource == "/" { resource } else { resource.trim_end_matches('/') };
        [seed::STAGE, seed::OTHER_STAGE].contains(&stage).then_some((stage, resource))
    }

    /// Finds a query parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Finds the API key.
    pub fn api_key(&self) -> Option<&str> {
        self.headers.get("x-api-key")?.to_str().ok()
    }
}

async fn read_body(body: Body) -> Result<Option<Bytes>, Refusal> {
    let mut stream = body.into_data_stream();
    let mut kept = Some(BytesMut::new());
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Refusal::InvalidBody)?;
        kept = kept.filter(|kept| kept.len() + chunk.len() <= BODY_LIMIT);
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(&chunk);
        }
    }
    Ok(kept.map(BytesMut::freeze))
}
