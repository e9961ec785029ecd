//! GET /logout: ends the session, then goes to a registered address or back to the login page.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};

use super::{
    Pool,
    authorize::AuthorizeRequest,
    pages,
    reply::{page, redirect},
};
use crate::parameters::{Parameters, encoded};

/// Signs out; `logout_uri` wins over `redirect_uri`.
pub async fn get(State(pool): State<Arc<Pool>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = Parameters::read(&query.unwrap_or_default());
    let client_id = query.text("client_id");
    if let Some(address) = query.get("logout_uri") {
        // Guess: the error codes, as at the authorize endpoint.
        return match pool.client(client_id) {
            None => redirect(&format!("/error?error=invalid_client&client_id={}", encoded(client_id))),
            Some(client) if !client.has_callback(address) => {
                redirect(&format!("/error?error=redirect_mismatch&client_id={}", encoded(client_id)))
            }
            Some(_) => pool.sign_out(&headers, redirect(address)),
        };
    }
    if query.get("redirect_uri").is_none() {
        // Guess: the text.
        return page(StatusCode::BAD_REQUEST, pages::error("Required String parameter 'redirect_uri' is not present"));
    }
    match AuthorizeRequest::read(&pool, &query) {
        Err(refusal) => refusal.into(),
        Ok(_) => pool.sign_out(&headers, redirect(&format!("/login?{}", query.raw()))),
    }
}
