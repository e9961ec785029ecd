//! Signing in at the identity provider: the way there, and GET /oauth2/idpresponse, the way back.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};

use super::{
    Pool,
    authorize::AuthorizeRequest,
    pages,
    reply::{cookie, page, redirect, with_cookie},
};
use crate::{parameters::Parameters, random, seed};

const STATE_COOKIE: &str = "csrf-state";
const WAY_LIFE: Duration = Duration::from_mins(5);

/// The authorize request of a user who is at the provider, by the state that the provider was given.
#[derive(Debug)]
pub struct AtProvider {
    query: String,
}

impl Pool {
    /// Names the provider that the login page offers.
    pub fn shown_provider(&self) -> Option<&'static str> {
        self.options.show_providers.then_some(seed::PROVIDER)
    }

    /// Sends a user to the provider; the cookie ties the way back to this browser.
    pub fn send_to_provider(&self, query: &Parameters) -> Response {
        let state = random::base64url(96);
        let now = self.now();
        self.at_provider.lock().insert(
            state.clone(),
            AtProvider { query: query.raw().to_owned() },
            now + WAY_LIFE,
            now,
        );
        let cookie =
            format!("{STATE_COOKIE}={state}; Max-Age={}; Path=/;{}", WAY_LIFE.as_secs(), self.cookie_attributes());
        with_cookie(redirect(&self.provider.authorize_url(&state, query.get("login_hint"))), &cookie)
    }
}

/// Takes the provider's answer, and ends the sign-in that was begun.
pub async fn get_response(State(pool): State<Arc<Pool>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let answer = Parameters::read(&query.unwrap_or_default());
    let own_state = answer.get("state").filter(|state| cookie(&headers, STATE_COOKIE) == Some(state));
    let Some(begun) = own_state.and_then(|state| pool.at_provider.lock().take(state, pool.now())) else {
        // Guess: the text.
        return page(StatusCode::BAD_REQUEST, pages::error("invalid state"));
    };
    let request = match AuthorizeRequest::read(&pool, &Parameters::read(&begun.query)) {
        Ok(request) => request,
        Err(refusal) => return refusal.into(),
    };
    match answer.get("code").and_then(|code| pool.provider.redeem(code)) {
        Some(account) => {
            let username = pool.users.lock().federate(account, pool.now());
            pool.sign_in(&request, username, None)
        }
        // Guess: both errors.
        None if answer.text("error") == "access_denied" => request.refused("access_denied").into(),
        None => request.refused("invalid_request").into(),
    }
}
