//! POST /oauth2/revoke (RFC 7009).

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{Pool, reply::oauth_error};
use crate::parameters::Parameters;

/// Revokes a refresh token with every other token of its sign-in; a token that is dead already is no error.
pub async fn post(State(pool): State<Arc<Pool>>, headers: HeaderMap, body: Bytes) -> Response {
    let fields = Parameters::read_body(&body);
    let Some(token) = fields.get("token") else {
        return oauth_error(StatusCode::BAD_REQUEST, "invalid_request");
    };
    let Some(client) = pool.authenticated_client(&headers, &fields) else {
        return oauth_error(StatusCode::UNAUTHORIZED, "invalid_client");
    };
    // A JWS has three parts, a refresh token five.
    if token.split('.').count() == 3 {
        return oauth_error(StatusCode::BAD_REQUEST, "unsupported_token_type");
    }
    pool.revoke_refresh_token(client, token);
    StatusCode::OK.into_response()
}
