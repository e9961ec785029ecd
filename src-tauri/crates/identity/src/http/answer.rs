use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use super::HttpError;
use super::error::in_words;

/// The largest answer that is read, in bytes.
const LARGEST: usize = 1_048_576;

/// What a server answered; its content is still on the way.
pub(crate) struct Answer {
    response: Response,
    host: String,
    limit: Duration,
}

impl Answer {
    pub(super) fn new(response: Response, host: String, limit: Duration) -> Self {
        Self { response, host, limit }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Where the answer sends to, if it does.
    pub(crate) fn location(&self) -> Option<Url> {
        let target = self.response.headers().get(reqwest::header::LOCATION)?.to_str().ok()?;
        self.response.url().join(target).ok()
    }

    /// Takes the answer if it does not send elsewhere.
    pub(crate) fn not_redirected(self) -> Result<Self, HttpError> {
        let status = self.status();
        if status.is_redirection() {
            return Err(HttpError::Redirected { host: self.host, status: status.as_u16() });
        }
        Ok(self)
    }

    /// Reads the content, if it is not larger than any that a pool gives.
    pub(crate) async fn body(mut self) -> Result<Vec<u8>, HttpError> {
        let mut body = Vec::new();
        loop {
            let chunk = self.response.chunk().await.map_err(|error| in_words(error, &self.host, self.limit))?;
            let Some(chunk) = chunk else { return Ok(body) };
            if body.len() + chunk.len() > LARGEST {
                return Err(HttpError::TooLarge { host: self.host, limit: LARGEST });
            }
            body.extend_from_slice(&chunk);
        }
    }

    /// Reads the content as JSON.
    pub(crate) async fn json<T: DeserializeOwned>(self) -> Result<T, HttpError> {
        let (host, found) = (self.host.clone(), self.content_type());
        let body = self.body().await?;
        serde_json::from_slice(&body)
            .map_err(|_| if is_json(&found) { HttpError::Damaged { host } } else { HttpError::NotJson { host, found } })
    }

    fn content_type(&self) -> String {
        let value = self.response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        value.unwrap_or("no content type").split(';').next().unwrap_or_default().trim().chars().take(60).collect()
    }
}

/// Tells JSON from other content types: `application/json` and what ends in `+json` (RFC 6839 §3.1).
fn is_json(content_type: &str) -> bool {
    content_type.rsplit_once(['/', '+']).is_some_and(|(_, form)| form.eq_ignore_ascii_case("json"))
}
