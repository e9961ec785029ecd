//! The forced new password of a user whom an administrator made.
//!
//! Guess: the path and the names of the fields, which are those of the page for a forgotten password.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{Pool, authorize::AuthorizeRequest, pages, reply::page, users::UserError};
use crate::{parameters::Parameters, random};

/// Where the form is posted to.
pub const PATH: &str = "/changePassword";

const CHALLENGE_LIFE: Duration = Duration::from_mins(3);

/// A sign-in that goes on once the password is changed.
#[derive(Clone, Debug)]
pub struct Challenge {
    username: String,
}

/// Asks for the new password, after the temporary one was right.
pub fn ask(pool: &Pool, headers: &HeaderMap, query: &Parameters, username: String) -> Response {
    let session = random::uuid();
    let now = pool.now();
    pool.challenges.lock().insert(session.clone(), Challenge { username }, now + CHALLENGE_LIFE, now);
    show(pool, headers, query, &session, None)
}

/// Changes the password and goes on to the callback.
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
    let session = fields.text("session");
    let Some(Challenge { username }) = pool.challenges.lock().get(session, pool.now()).cloned() else {
        return page(StatusCode::BAD_REQUEST, pages::something_went_wrong());
    };
    let password = fields.text("new_password");
    if password != fields.text("confirm_password") {
        return show(&pool, &headers, &query, session, Some("The passwords do not match."));
    }
    let changed: Result<(), UserError> = pool.users.lock().set_password(&username, password);
    if let Err(error) = changed {
        show(&pool, &headers, &query, session, Some(&error.to_string()))
    } else {
        pool.challenges.lock().take(session, pool.now());
        // Guess: what the extra query is; that there is one before the fragment after this step was recorded once.
        pool.sign_in(&request, username, Some("newPassword=true"))
    }
}

fn show(pool: &Pool, headers: &HeaderMap, query: &Parameters, session: &str, message: Option<&str>) -> Response {
    let form = pool.open_form(headers, query);
    let html = pages::new_password(query.raw(), &form, session, message);
    pool.show_form(&form, html)
}
