//! What stands behind the methods.

use std::future;

use axum::response::{IntoResponse as _, Response};
use http::{
    HeaderValue, StatusCode,
    header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE},
};
use serde_json::json;
use tokio::time;

use super::{
    Gateway, petstore,
    reply::{Refusal, json_text},
    request::Incoming,
    route::Method,
};

/// Names what is called once all checks are passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integration {
    /// The PetStore's welcome page, a mock.
    Welcome,
    ListPets,
    CreatePet,
    GetPet,
    /// A mock that allows cross-origin calls with the methods.
    Cors(&'static str),
    /// A mock that tells what was received.
    Received,
    /// A backend that never answers.
    NeverAnswers,
    /// A backend that cannot be called.
    CannotBeCalled,
    /// A backend whose answer is no answer.
    Malformed,
}

impl Gateway {
    /// Calls the integration, for no longer than the gateway waits.
    pub async fn integrate(
        &self,
        method: &Method,
        parameters: &[&str],
        stage: &str,
        request: &Incoming,
    ) -> Result<Response, Refusal> {
        let mut closing = self.closing.clone();
        tokio::select! {
            answer = time::timeout(self.options.integration_timeout, call(method, parameters, stage, request)) => {
                answer.unwrap_or(Err(Refusal::IntegrationTimeout))
            }
            _ = closing.wait_for(|closing| *closing) => Err(Refusal::IntegrationTimeout),
        }
    }
}

async fn call(method: &Method, parameters: &[&str], stage: &str, request: &Incoming) -> Result<Response, Refusal> {
    let response = match method.integration {
        Integration::Welcome => {
            let html = [(CONTENT_TYPE, "text/html")];
            (html, petstore::welcome(stage)).into_response()
        }
        Integration::ListPets => {
            json_text(StatusCode::OK, petstore::list(request.parameter("type"), request.parameter("page")))
        }
        Integration::CreatePet => json_text(StatusCode::OK, petstore::create(request.body()?)),
        Integration::GetPet => {
            json_text(StatusCode::OK, petstore::get(parameters.first().copied().unwrap_or_default()))
        }
        Integration::Cors(methods) => {
            let mut response = json_text(StatusCode::OK, String::new());
            let headers = response.headers_mut();
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
            let allowed = HeaderValue::from_static("Content-Type,X-Amz-Date,Authorization,X-Api-Key");
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
            response
        }
        Integration::Received => {
            let kind = request.headers.get(CONTENT_TYPE).map(|kind| String::from_utf8_lossy(kind.as_bytes()));
            let body = json!({ "contentType": kind, "bytes": request.body()?.len() });
            json_text(StatusCode::OK, body.to_string())
        }
        Integration::NeverAnswers => future::pending().await,
        Integration::CannotBeCalled => return Err(Refusal::IntegrationFailure),
        Integration::Malformed => return Err(Refusal::BadGateway),
    };
    Ok(with_open_origin(response))
}

fn with_open_origin(mut response: Response) -> Response {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
