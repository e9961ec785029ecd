//! A token endpoint in front of the sandbox's: it passes everything on, and knows afterwards what nobody else could.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatepass_journeys::Desk;
use gatepass_stage::Stage;
use serde_json::Value;
use url::form_urlencoded;

use crate::servers::served::Served;

/// What is a secret in a request to the endpoint and in its answer.
const SECRETS: [&str; 6] = ["code", "code_verifier", "client_secret", "refresh_token", "id_token", "access_token"];

/// The endpoint; it ends when it is dropped.
pub struct TokenEndpoint {
    served: Served,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    grants: Vec<String>,
    secrets: Vec<(String, String)>,
}

#[derive(Clone)]
struct Behind {
    endpoint: String,
    client: reqwest::Client,
    seen: Arc<Mutex<Seen>>,
}

impl TokenEndpoint {
    /// Starts it in front of a sandbox's.
    pub async fn before(stage: &Stage) -> Result<Self, Box<dyn Error>> {
        let seen = Arc::<Mutex<Seen>>::default();
        let behind = Behind {
            endpoint: format!("{}/oauth2/token", stage.description().pool.domain),
            client: reqwest::Client::builder().no_proxy().build()?,
            seen: Arc::clone(&seen),
        };
        let served = Served::start(Router::new().route("/token", post(pass_on)).with_state(behind)).await?;
        Ok(Self { served, seen })
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("{}/token", self.served.origin())
    }

    /// The grant types that were asked for, in their order.
    pub fn grants(&self) -> Vec<String> {
        self.seen().grants.clone()
    }

    /// Every secret that has passed, with its name.
    pub fn secrets(&self) -> Vec<(String, String)> {
        self.seen().secrets.clone()
    }

    /// Fails where one of these kinds of secrets has not passed, or any that has is outside the keychain.
    pub fn hold_secrets(&self, desk: &Desk, kinds: &[&str]) -> Result<(), Box<dyn Error>> {
        let passed = self.secrets();
        for kind in kinds {
            assert!(passed.iter().any(|(name, _)| name == kind), "no {kind} has passed the endpoint");
        }
        Ok(desk.search_for_secrets(&passed, &[])?)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn pass_on(State(behind): State<Behind>, headers: HeaderMap, body: Bytes) -> Response {
    match behind.ask(&headers, body).await {
        Ok((status, body)) => (status, [(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}

impl Behind {
    async fn ask(&self, headers: &HeaderMap, body: Bytes) -> Result<(StatusCode, Bytes), Box<dyn Error + Send + Sync>> {
        let mut passed: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
        passed.extend(secret_of(headers).map(|secret| ("client_secret".to_owned(), secret)));
        let mut request = self.client.post(&self.endpoint).body(body);
        for name in [header::AUTHORIZATION, header::CONTENT_TYPE] {
            request = request.headers(
                headers.get(&name).map(|value| (HeaderName::clone(&name), value.clone())).into_iter().collect(),
            );
        }
        let answer = request.send().await?;
        let (status, body) = (answer.status(), answer.bytes().await?);
        let told: Value = serde_json::from_slice(&body)?;
        let tokens = told.as_object().into_iter().flatten();
        passed.extend(tokens.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))));

        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.grants.extend(passed.iter().filter(|(name, _)| name == "grant_type").map(|(_, grant)| grant.clone()));
        seen.secrets.extend(passed.into_iter().filter(|(name, _)| SECRETS.contains(&name.as_str())));
        Ok((status, body))
    }
}

/// The client's secret in a Basic header (RFC 6749 §2.3.1).
fn secret_of(headers: &HeaderMap) -> Option<String> {
    let basic = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(STANDARD.decode(basic).ok()?).ok()?;
    Some(pair.split_once(':')?.1.to_owned())
}
