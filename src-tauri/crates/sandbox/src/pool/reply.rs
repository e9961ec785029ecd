//! The forms of the login domain's replies.

use axum::{body::Body, response::Response};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, COOKIE, LOCATION, PRAGMA, SET_COOKIE, STRICT_TRANSPORT_SECURITY,
        X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
};
use serde_json::Value;

use crate::random;

const PAGE_HEADERS: [(HeaderName, HeaderValue); 5] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store, max-age=0, must-revalidate")),
    (PRAGMA, HeaderValue::from_static("no-cache")),
    (STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000 ; includeSubDomains")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// Answers with a page.
pub fn page(status: StatusCode, html: String) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html;charset=UTF-8"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static("en-US"));
    headers.extend(PAGE_HEADERS);
    response
}

/// Answers 302 with an address.
pub fn redirect(location: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::FOUND;
    // What stands in a location was encoded or is a registered callback; anything else must not be followed.
    let location = HeaderValue::try_from(location).unwrap_or(HeaderValue::from_static("/error?error=invalid_request"));
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().extend(PAGE_HEADERS);
    response
}

/// Answers with JSON as the token endpoint does.
pub fn json(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    headers.extend(PAGE_HEADERS);
    response
}

/// Answers with an OAuth error (RFC 6749 §5.2).
pub fn oauth_error(status: StatusCode, error: &str) -> Response {
    json(status, &serde_json::json!({ "error": error }))
}

/// Sets a cookie on a reply.
pub fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Numbers a reply.
pub async fn with_request_id(mut response: Response) -> Response {
    if let Ok(id) = HeaderValue::try_from(random::uuid()) {
        response.headers_mut().insert(HeaderName::from_static("x-amz-cognito-request-id"), id);
    }
    response
}

/// Finds a cookie of a request.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}
