//! An API of the journey's own behind a token: it knows whose token came with each request.

use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::servers::served::Served;

/// The header that has the token.
pub const HEADER: &str = "dev-auth-token";

/// The API; it ends when it is dropped.
pub struct Api {
    served: Served,
    gate: Arc<Mutex<Gate>>,
}

/// A request that has come with a token, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub user: String,
    pub token: String,
    pub taken: bool,
}

#[derive(Default)]
struct Gate {
    arrived: Vec<Arrived>,
    refused: Vec<String>,
}

impl Api {
    /// Starts it.
    pub async fn start() -> io::Result<Self> {
        let gate = Arc::<Mutex<Gate>>::default();
        let served = Served::start(Router::new().fallback(answer).with_state(Arc::clone(&gate))).await?;
        Ok(Self { served, gate })
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("{}/", self.served.origin())
    }

    /// The requests with a token, in the order in which they came.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner).arrived.clone()
    }

    /// The users whose requests were taken, in the order in which they came.
    pub fn served_users(&self) -> Vec<String> {
        self.arrived().into_iter().filter(|arrived| arrived.taken).map(|arrived| arrived.user).collect()
    }

    /// Takes no token any more that has come so far: each is called expired, as a gateway with a faster clock does.
    pub fn call_expired_what_has_come(&self) {
        let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        gate.refused = gate.arrived.iter().map(|arrived| arrived.token.clone()).collect();
    }
}

async fn answer(State(gate): State<Arc<Mutex<Gate>>>, headers: HeaderMap) -> Response {
    let Some((user, token, ends)) = read(&headers) else {
        return refusal("UnauthorizedException", "Unauthorized");
    };
    let mut gate = gate.lock().unwrap_or_else(PoisonError::into_inner);
    let taken = ends > now() && !gate.refused.contains(&token);
    gate.arrived.push(Arrived { user, token, taken });
    if taken { "taken".into_response() } else { refusal("UnauthorizedException", "The incoming token has expired") }
}

fn refusal(kind: &str, message: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE.as_str(), "application/json"),
        ("x-amzn-requestid", "00000000-0000-4000-8000-000000000000"),
        ("x-amzn-errortype", kind),
        ("x-amz-apigw-id", "journey="),
    ];
    (StatusCode::UNAUTHORIZED, headers, format!("{{\"message\":\"{message}\"}}")).into_response()
}

/// Whose token a request has, the token, and when it ends.
fn read(headers: &HeaderMap) -> Option<(String, String, u64)> {
    let token = headers.get(HEADER)?.to_str().ok()?.to_owned();
    let claims = claims_of(&token).ok()?;
    Some((claims["cognito:username"].as_str()?.to_owned(), token, claims["exp"].as_u64()?))
}

/// What a token says.
pub fn claims_of(token: &str) -> Result<Value, Box<dyn Error>> {
    let payload = token.split('.').nth(1).ok_or("a token has three parts")?;
    Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload)?)?)
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
