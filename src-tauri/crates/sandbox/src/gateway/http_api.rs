//! An HTTP API with a JWT authorizer, under a base path of its own.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE},
};
use serde_json::json;

use super::{Gateway, petstore, reply::json_text};
use crate::{
    random, seed,
    token::{Claims, Fault},
};

/// Where the API is on the gateway's origin.
pub const BASE_PATH: &str = "/http-api";

/// A route, always GET.
pub struct Route {
    pub path: &'static str,
    /// The scopes of which a token needs one; `None` where no token is needed.
    pub scopes: Option<&'static [&'static str]>,
}

/// All routes.
pub const ROUTES: [Route; 3] = [
    Route { path: "/pets", scopes: Some(&[]) },
    Route { path: "/scoped/pets", scopes: Some(&[seed::READ_SCOPE]) },
    Route { path: "/public/pets", scopes: None },
];

/// Answers a request to the API.
pub async fn answer(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches(BASE_PATH);
    let route = ROUTES.iter().find(|route| route.path == path && request.method() == "GET");
    let response = match route {
        None => message(StatusCode::NOT_FOUND, "Not Found"),
        Some(route) => match gateway.authorize_jwt(request.headers(), route.scopes) {
            Ok(()) => json_text(StatusCode::OK, petstore::list(None, None)),
            Err(denial) => denial.into(),
        },
    };
    numbered(response)
}

impl Gateway {
    fn authorize_jwt(&self, headers: &HeaderMap, scopes: Option<&[&str]>) -> Result<(), Denial> {
        let Some(scopes) = scopes else { return Ok(()) };
        let header = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok()).unwrap_or_default();
        if header.is_empty() {
            return Err(Denial::NoToken);
        }
        let token = header.strip_prefix("Bearer ").unwrap_or(header);
        let invalid = |description| Denial::InvalidToken { scope: scopes.join(" "), description };
        let claims = self.authorizer.verify(token, self.options.clock.now()).map_err(|fault| invalid(words(fault)))?;
        if !is_for(&claims, seed::PUBLIC_CLIENT) {
            return Err(invalid("the token does not have a valid audience"));
        }
        if !scopes.is_empty() && !claims.has_any_scope(scopes) {
            return Err(Denial::InsufficientScope { scope: scopes.join(" ") });
        }
        Ok(())
    }
}

/// Tells why the JWT authorizer refuses.
enum Denial {
    NoToken,
    InvalidToken { scope: String, description: &'static str },
    InsufficientScope { scope: String },
}

impl From<Denial> for Response {
    fn from(denial: Denial) -> Self {
        let (status, text, challenge) = match denial {
            Denial::NoToken => (StatusCode::UNAUTHORIZED, "Unauthorized", "Bearer".to_owned()),
            Denial::InvalidToken { scope, description } => (
                StatusCode::UNAUTHORIZED,
                "Unauthorized",
                format!("Bearer scope=\"{scope}\" error=\"invalid_token\" error_description=\"{description}\""),
            ),
            // Guess: the status and the challenge.
            Denial::InsufficientScope { scope } => (
                StatusCode::FORBIDDEN,
                "Forbidden",
                format!(
                    "Bearer scope=\"{scope}\" error=\"insufficient_scope\" \
                     error_description=\"the token does not have a required scope\""
                ),
            ),
        };
        let mut response = message(status, text);
        // The recorded refusals have no content type.
        response.headers_mut().remove(CONTENT_TYPE);
        if let Ok(challenge) = HeaderValue::try_from(challenge) {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// An access token has no `aud`, so its `client_id` counts.
fn is_for(claims: &Claims, client: &str) -> bool {
    claims.text("aud").or(claims.text("client_id")) == Some(client)
}

/// Guess: all of these but the one about the time.
fn words(fault: Fault) -> &'static str {
    match fault {
        Fault::Segments => "the token contains an invalid number of segments",
        Fault::Header => "the token's header is invalid",
        Fault::UnknownKey => "the token's signing key was not found",
        Fault::Signature => "the token's signature is invalid",
        Fault::Issuer => "the token does not have a valid issuer",
        Fault::Expired => "the token has expired",
        Fault::NotYetValid => "the token is not valid yet",
    }
}

fn message(status: StatusCode, text: &str) -> Response {
    json_text(status, json!({ "message": text }).to_string())
}

fn numbered(mut response: Response) -> Response {
    if let Ok(id) = HeaderValue::try_from(random::gateway_id()) {
        response.headers_mut().insert(HeaderName::from_static("apigw-requestid"), id);
    }
    response
}
