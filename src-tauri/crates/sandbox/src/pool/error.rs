//! GET /error, and every path that the domain does not have.

use axum::{extract::RawQuery, response::Response};
use http::StatusCode;

use super::{pages, reply::page};
use crate::parameters::Parameters;

/// Shows the error page, which is HTTP 400.
pub async fn get(RawQuery(query): RawQuery) -> Response {
    let query = Parameters::read(&query.unwrap_or_default());
    page(StatusCode::BAD_REQUEST, pages::error(query.text("error")))
}

/// Shows the error page at an unknown path.
pub async fn not_found() -> Response {
    page(StatusCode::NOT_FOUND, pages::error("not_found"))
}
