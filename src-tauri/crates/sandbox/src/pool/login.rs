//! GET and POST /login: the classic form.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{
    Pool,
    authorize::AuthorizeRequest,
    new_password, pages,
    reply::{page, redirect},
    users::Authenticated,
};
use crate::{
    LoginPages,
    parameters::{Parameters, encoded},
};

/// Shows the form.
pub async fn get(State(pool): State<Arc<Pool>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = Parameters::read(&query.unwrap_or_default());
    match AuthorizeRequest::read(&pool, &query) {
        Err(refusal) => refusal.into(),
        Ok(_) if pool.options.login_pages == LoginPages::Unbranded => {
            // Guess: the status.
            page(StatusCode::FORBIDDEN, pages::unavailable())
        }
        Ok(_) => show(&pool, &headers, &query, query.text("login_hint"), None),
    }
}

/// Checks the name and the password, and goes on to the callback, the new password, or the confirmation.
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
    let request = match AuthorizeRequest::read(&pool, &query) {
        Ok(request) => request,
        Err(refusal) => return refusal.into(),
    };
    let username = fields.text("username");
    let verdict = pool.users.lock().authenticate(username, fields.text("password"), pool.now());
    match verdict {
        Ok(Authenticated::SignedIn(username)) => pool.sign_in(&request, username, None),
        Ok(Authenticated::MustChangePassword(username)) => new_password::ask(&pool, &headers, &query, username),
        Ok(Authenticated::Unconfirmed(username)) => {
            redirect(&format!("/confirm?{}&username={}", query.raw(), encoded(&username)))
        }
        Err(error) => show(&pool, &headers, &query, username, Some(&error.to_string())),
    }
}

fn show(pool: &Pool, headers: &HeaderMap, query: &Parameters, username: &str, message: Option<&str>) -> Response {
    let form = pool.open_form(headers, query);
    let html = pages::login(query.raw(), &form, username, message, pool.shown_provider());
    pool.show_form(&form, html)
}
