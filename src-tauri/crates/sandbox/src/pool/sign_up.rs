//! /signup, /confirm, /resendcode and /confirmUser. The sandbox sends no mail: the page shows the code.

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
    pages,
    reply::{page, redirect},
};
use crate::parameters::{Parameters, encoded};

/// Shows the form for a new account.
pub async fn get(State(pool): State<Arc<Pool>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = Parameters::read(&query.unwrap_or_default());
    match AuthorizeRequest::read(&pool, &query) {
        Err(refusal) => refusal.into(),
        Ok(_) => show(&pool, &headers, &query, &Parameters::default(), None),
    }
}

/// Makes the account and goes on to its confirmation.
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
    let (username, email) = (fields.text("username"), fields.text("requiredAttributes[email]"));
    let made = pool.users.lock().sign_up(username, email, fields.text("password"));
    match made {
        Err(error) => show(&pool, &headers, &query, &fields, Some(&error.to_string())),
        Ok(()) => redirect(&format!("/confirm?{}&username={}", query.raw(), encoded(username))),
    }
}

/// Shows the form for the code.
pub async fn get_confirm(State(pool): State<Arc<Pool>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = Parameters::read(&query.unwrap_or_default());
    show_confirm(&pool, &headers, &query, None)
}

/// Confirms the account and signs the user in.
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
    let request = match AuthorizeRequest::read(&pool, &query) {
        Ok(request) => request,
        Err(refusal) => return refusal.into(),
    };
    let username = query.text("username");
    let confirmed = pool.users.lock().confirm(username, fields.text("verification_code"));
    match confirmed {
        Err(error) => show_confirm(&pool, &headers, &query, Some(&error.to_string())),
        Ok(()) => pool.sign_in(&request, username.to_owned(), None),
    }
}

/// Makes another code and shows the form for it again.
pub async fn resend_code(
    State(pool): State<Arc<Pool>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (query, fields) = (Parameters::read(&query.unwrap_or_default()), Parameters::read_body(&body));
    if let Err(refused) = pool.accept_form(&headers, &fields) {
        return refused.into();
    }
    pool.users.lock().resend_code(query.text("username"));
    redirect(&format!("/confirm?{}", query.raw()))
}

/// Confirms an account by the link of an e-mail.
pub async fn confirm_user(State(pool): State<Arc<Pool>>, RawQuery(query): RawQuery) -> Response {
    let query = Parameters::read(&query.unwrap_or_default());
    let confirmed = pool.users.lock().confirm(query.text("user_name"), query.text("confirmation_code"));
    match confirmed {
        Ok(()) => page(StatusCode::OK, pages::confirmed()),
        Err(error) => page(StatusCode::BAD_REQUEST, pages::error(&error.to_string())),
    }
}

fn show(pool: &Pool, headers: &HeaderMap, query: &Parameters, entered: &Parameters, message: Option<&str>) -> Response {
    let form = pool.open_form(headers, query);
    let (username, email) = (entered.text("username"), entered.text("requiredAttributes[email]"));
    let html = pages::sign_up(query.raw(), &form, (username, email), message);
    pool.show_form(&form, html)
}

fn show_confirm(pool: &Pool, headers: &HeaderMap, query: &Parameters, message: Option<&str>) -> Response {
    let code = pool.users.lock().find(query.text("username")).and_then(|user| user.waiting_code().map(str::to_owned));
    let form = pool.open_form(headers, query);
    let html = pages::confirm(query.raw(), &form, code.as_deref(), message);
    pool.show_form(&form, html)
}
