//! Tokens that expire while a journey looks on, and what the window tells of it.

use std::time::Duration;

use gatepass_journeys::{Desk, Outcome, Target, css, role, text};
use gatepass_sandbox::Options;
use gatepass_stage::Requests;

use crate::servers::api::{Api, HEADER};

/// Long enough to build a request, short enough to wait for. What renews ahead of time looks every 30 seconds.
const LIFE: Duration = Duration::from_secs(8);
/// A session at the pool that is over when its tokens are.
pub const SESSION: Duration = Duration::from_secs(6);

/// A sandbox whose tokens do not last.
pub fn short_lived() -> Options {
    Options { id_token: LIFE, access_token: LIFE, ..Options::default() }
}

/// Means the part of the window with the response.
pub fn response() -> Target {
    css("section[aria-label=Response]")
}

/// Builds a request to the API that takes the chosen identity's token along.
pub async fn build(desk: &Desk, api: &Api) -> Outcome {
    desk.new_request(&api.url()).await?;
    desk.send_token_in(HEADER).await
}

/// Waits until the title bar tells that the token of the chosen identity has expired.
pub async fn see_expired(desk: &Desk, name: &str) -> Outcome {
    desk.see(&css(format!("header button[aria-label^='Identity {name}'][aria-label$=expired]"))).await
}

/// Waits for a line on how the request was sent.
pub async fn see_note(desk: &Desk, note: &str) -> Outcome {
    desk.see(&text(note).within(role("list", "How it was sent"))).await
}

/// Waits until the request asks for somebody to sign in.
pub async fn see_asked(desk: &Desk, name: &str) -> Outcome {
    desk.see(&text(format!("{name}’s session is over.")).within(response())).await
}
