//! The pool's session: one hour from the last interactive sign-in, good for every client.

use std::time::Duration;

use axum::response::Response;
use http::HeaderMap;

use super::{
    Pool,
    authorize::AuthorizeRequest,
    reply::{cookie, redirect, with_cookie},
};
use crate::random;

const COOKIE: &str = "cognito";

/// Who signed in, and when.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub username: String,
    /// The time of the interactive sign-in, since the Unix epoch.
    pub auth_time: Duration,
}

impl Pool {
    /// Finds the session that a request rides on.
    pub fn session(&self, headers: &HeaderMap) -> Option<SignedIn> {
        self.sessions.lock().get(cookie(headers, COOKIE)?, self.now()).cloned()
    }

    /// Ends an interactive sign-in: a new session, and the redirect that the request asked for.
    pub fn sign_in(&self, request: &AuthorizeRequest<'_>, username: String, extra_query: Option<&str>) -> Response {
        let now = self.now();
        let signed_in = SignedIn { username, auth_time: now };
        let id = random::base64url(96);
        self.sessions.lock().insert(id.clone(), signed_in.clone(), now + self.options.session, now);
        let cookie =
            format!("{COOKIE}={id}; Max-Age={}; Path=/;{}", self.options.session.as_secs(), self.cookie_attributes());
        with_cookie(redirect(&self.completed(request, signed_in, extra_query)), &cookie)
    }

    /// Ends the session that a request rides on, and clears its cookie.
    pub fn sign_out(&self, headers: &HeaderMap, response: Response) -> Response {
        if let Some(id) = cookie(headers, COOKIE) {
            self.sessions.lock().take(id, self.now());
        }
        let cookie = format!("{COOKIE}=; Max-Age=0; Path=/;{}", self.cookie_attributes());
        with_cookie(response, &cookie)
    }

    /// Writes the attributes that all cookies of the domain have.
    pub fn cookie_attributes(&self) -> &'static str {
        if self.options.secure_cookies { " Secure; HttpOnly; SameSite=Lax" } else { " HttpOnly; SameSite=Lax" }
    }
}
