//! A server of the journey's own, for what the sandbox would never answer.

use std::io;
use std::net::Ipv4Addr;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::{Url, form_urlencoded};

/// A server on a free port of 127.0.0.1; it ends when it is dropped.
pub struct Served {
    origin: String,
    task: JoinHandle<()>,
}

impl Served {
    /// Starts it.
    pub async fn start(router: Router) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(async move {
            // It ends by being aborted; what a closed connection says is of no interest.
            drop(axum::serve(listener, router).await);
        });
        Ok(Self { origin, task })
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The address that a person would paste, were this the domain of a user pool.
    pub fn login_page(&self, client: &str, callback: &str) -> Result<String, url::ParseError> {
        let parameters =
            [("client_id", client), ("response_type", "token"), ("scope", "openid email"), ("redirect_uri", callback)];
        Url::parse_with_params(&format!("{}/login", self.origin), parameters).map(String::from)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Answers 302.
pub fn redirect(location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => (StatusCode::FOUND, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Reads a parameter of a query; empty where it is absent.
pub fn parameter(query: Option<&str>, name: &str) -> String {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}
