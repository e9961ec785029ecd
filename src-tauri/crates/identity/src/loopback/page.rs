//! The page that the browser shows last, alone in its file and closed to everybody else.

use std::fmt::Write;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use hyper::{Response, StatusCode};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The longest text from outside that a page shows, in characters.
const LONGEST: usize = 500;

static POLICY: LazyLock<String> = LazyLock::new(|| {
    // A browser hashes what it has parsed, where every line ends alike; a checkout on Windows may have other ends.
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.replace("\r\n", "\n")));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
});

/// What a browser is told, as text: it holds names that others chose.
#[derive(Debug)]
pub(super) struct Page {
    outcome: &'static str,
    title: String,
    text: String,
}

impl Page {
    /// The page whose script posts the fragment.
    pub(super) fn waiting() -> Self {
        Self::new("waiting", "Finishing the sign-in", "This takes a moment.")
    }

    pub(super) fn signed_in(name: &str) -> Self {
        let name = shown(name);
        let title =
            if name.is_empty() { "You are signed in".to_owned() } else { format!("You are signed in as {name}") };
        Self::new("signed-in", &title, "Go back to Gatepass; this page can be closed.")
    }

    pub(super) fn failed(title: &str, what_to_do: &str) -> Self {
        Self::new("failed", &shown(title), &shown(what_to_do))
    }

    pub(super) fn signed_out() -> Self {
        Self::new("signed-in", "You are signed out", "The session at the user pool is over; this page can be closed.")
    }

    pub(super) fn ignored() -> Self {
        Self::new(
            "ignored",
            "This answer was ignored",
            "It belongs to no sign-in that is under way. Go back to Gatepass, and sign in from there if you still want to.",
        )
    }

    pub(super) fn unjudged() -> Self {
        Self::new(
            "ignored",
            "The user pool has answered",
            "Go back to Gatepass, which tells how the sign-in ended; this page can be closed.",
        )
    }

    fn new(outcome: &'static str, title: &str, text: &str) -> Self {
        Self { outcome, title: title.to_owned(), text: text.to_owned() }
    }

    /// The page as the answer to a navigation.
    pub(super) fn html(&self) -> Response<Full<Bytes>> {
        let html = format!(
            include_str!("page.html"),
            style = STYLE,
            script = SCRIPT,
            outcome = self.outcome,
            title = escaped(&self.title),
            text = escaped(&self.text),
        );
        response(StatusCode::OK, "text/html; charset=utf-8", html)
    }

    /// What the script of the page that is open already puts into it.
    pub(super) fn json(&self) -> Response<Full<Bytes>> {
        let json = json!({ "outcome": self.outcome, "title": self.title, "text": self.text });
        response(StatusCode::OK, "application/json", json.to_string())
    }
}

/// Sends the browser on, without a word of where it came from.
pub(super) fn lead_on(target: &Url) -> Option<Response<Full<Bytes>>> {
    let mut response = response(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", String::new());
    response.headers_mut().insert(LOCATION, HeaderValue::from_str(target.as_str()).ok()?);
    Some(response)
}

/// What a way in shows that leads nowhere any more.
pub(super) fn used_up() -> Response<Full<Bytes>> {
    let page = Page::new(
        "ignored",
        "This link has been used",
        "It leads to the sign-in only once. Go back to Gatepass and start the sign-in again.",
    );
    let mut response = page.html();
    *response.status_mut() = StatusCode::GONE;
    response
}

/// What a request gets that is none of a sign-in's.
pub(super) fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    response(status, "text/plain; charset=utf-8", status.to_string())
}

fn response(status: StatusCode, content_type: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Text from outside without what would turn the sentence round it, and not longer than a page.
fn shown(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.trim().chars().filter(|&c| !c.is_control() && !turns(c)).take(LONGEST).collect()
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        if matches!(c, '&' | '<' | '>' | '"' | '\'') {
            // Writing to a String does not fail.
            let _ = write!(escaped, "&#{};", u32::from(c));
        } else {
            escaped.push(c);
        }
        escaped
    })
}
