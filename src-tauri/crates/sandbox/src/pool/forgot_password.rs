//! /forgotPassword and /confirmforgotPassword. The sandbox sends no mail: the page shows the code.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use bytes::Bytes;
use http::HeaderMap;

use super::{Pool, authorize::AuthorizeRequest, pages, reply::redirect};
use crate::parameters::{Parameters, encoded};

/// Asks for the username.
pub async fn get(State(pool): State<Arc<Pool>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = Parameters::read(&query.unwrap_or_default());
    match AuthorizeRequest::read(&pool, &query) {
        Err(refusal) => refusal.into(),
        Ok(_) => show(&pool, &headers, &query, None),
    }
}

/// Makes a code and goes on to the form for it.
pub async fn post(
    State(pool): State<Arc<Pool>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (query, fields) = (Parameters::read(&query.unwrap_or_default()), Parameters::read_body(&body));
    if let Err(refused) = pool.accept_form(&headers, &fields) {
        return refused.into();
    }
    let username = fields.text("username");
    let forgotten = pool.users.lock().forget_password(username);
    match forgotten {
        Err(error) => show(&pool, &headers, &query, Some(&error.to_string())),
        Ok(()) => redirect(&format!("/confirmforgotPassword?{}&username={}", query.raw(), encoded(username))),
    }
}

/// Asks for the code and the new password.
pub async fn get_confirm(State(pool): State<Arc<Pool>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = Parameters::read(&query.unwrap_or_default());
    show_confirm(&pool, &headers, &query, None)
}

/// Replaces the password and goes back to the login page.
pub async fn post_confirm(
    State(pool): State<Arc<Pool>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (query, fields) = (Parameters::read(&query.unwrap_or_default()), Parameters::read_body(&body));
    if let Err(refused) = pool.accept_form(&headers, &fields) {
        return refused.into();
    }
    let password = fields.text("new_password");
    if password != fields.text("confirm_password") {
        return show_confirm(&pool, &headers, &query, Some("The passwords do not match."));
    }
    let code = fields.text("verification_code");
    let replaced = pool.users.lock().reset_password(query.text("username"), code, password);
    match replaced {
        Err(error) => show_confirm(&pool, &headers, &query, Some(&error.to_string())),
        Ok(()) => redirect(&format!("/login?{}", query.raw())),
    }
}

fn show(pool: &Pool, headers: &HeaderMap, query: &Parameters, message: Option<&str>) -> Response {
    let form = pool.open_form(headers, query);
    let html = pages::forgot_password(query.raw(), &form, message);
    pool.show_form(&form, html)
}

fn show_confirm(pool: &Pool, headers: &HeaderMap, query: &Parameters, message: Option<&str>) -> Response {
    let code = pool.users.lock().find(query.text("username")).and_then(|user| user.waiting_code().map(str::to_owned));
    let form = pool.open_form(headers, query);
    let html = pages::reset_password(query.raw(), &form, code.as_deref(), message);
    pool.show_form(&form, html)
}
