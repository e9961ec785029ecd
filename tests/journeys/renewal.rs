//! Renewal: through the pool's session in a window that nobody sees, and with the form where the session is over.

pub mod expired;
mod rotation;
mod sends;

use std::time::Duration;

use gatepass_journeys::{Desk, DeskError, Display, Options as DeskOptions, Outcome, css, role, text};
use gatepass_sandbox::{Clock, Options};
use gatepass_stage::{SignIn, Stage};
use serde_json::Value;

use crate::Journey;

/// A session that is over after 20 seconds of the pool's clock. Tokens may be a minute ahead of the app's clock.
const SESSION: Duration = Duration::from_secs(20);
const LATER: Duration = Duration::from_secs(25);

async fn issued_at(desk: &Desk) -> Result<u64, DeskError> {
    let payload = serde_json::from_str::<Value>(&desk.id_token_payload().await?).ok();
    let issued = payload.and_then(|payload| payload["iat"].as_u64());
    issued.ok_or_else(|| DeskError::Unexpected("the ID token has no iat".to_owned()))
}

async fn see_issued_since(desk: &Desk, first: u64) -> Outcome {
    desk.until("an ID token that was issued later", async || Ok((issued_at(desk).await? >= first).then_some(()))).await
}

#[tokio::test]
async fn while_the_session_lives_nobody_is_asked_and_no_window_is_seen() -> Journey {
    let clock = Clock::system();
    let stage = Stage::with(Options { clock: clock.clone(), ..Options::default() }).await?;
    let desk = Desk::open(DeskOptions::new("renewal-unseen")).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_as(&stage, "ada").await?;
    desk.open_identity("ada").await?;
    let first = issued_at(&desk).await?;
    let display = Display::open()?;
    display.watch()?;

    clock.advance(LATER);
    desk.click(&role("button", "Renew now")).await?;
    see_issued_since(&desk, first + LATER.as_secs()).await?;

    desk.sign_in_closed().await?;
    desk.see(&role("button", "Renew now")).await?;
    desk.see_no_window(&display)?;
    Ok(())
}

#[tokio::test]
async fn an_expired_token_is_renewed_at_a_click_while_the_session_lives() -> Journey {
    let stage = Stage::with(Options { id_token: Duration::from_secs(2), ..Options::default() }).await?;
    let desk = Desk::open(DeskOptions::new("renewal-of-an-expired-token")).await?;
    desk.connect(&stage.login_page()).await?;
    desk.type_credentials("ada", &stage.user("ada").password).await?;
    desk.sign_in_closed().await?;
    desk.see(&css("header button[aria-label^='Identity ada'][aria-label$=expired]")).await?;
    desk.open_identity("ada").await?;
    let first = issued_at(&desk).await?;

    desk.click(&role("button", "Renew now")).await?;
    see_issued_since(&desk, first + 1).await?;
    desk.sign_in_closed().await?;
    Ok(())
}

#[tokio::test]
async fn when_the_session_is_over_the_form_is_shown_and_renews() -> Journey {
    let clock = Clock::system();
    let stage = Stage::with(Options { clock: clock.clone(), session: SESSION, ..Options::default() }).await?;
    let desk = Desk::open(DeskOptions::new("renewal-with-the-form")).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_as(&stage, "ada").await?;
    desk.open_identity("ada").await?;
    let first = issued_at(&desk).await?;
    let display = Display::open()?;
    display.watch()?;

    clock.advance(LATER);
    desk.click(&role("button", "Renew now")).await?;
    desk.until("the form to be shown", async || {
        Ok(display.appeared()?.filter(|window| window.title.starts_with("Sign in · ada")))
    })
    .await?;
    desk.type_credentials("ada", &stage.user("ada").password).await?;
    desk.sign_in_closed().await?;
    desk.see(&role("button", "Renew now")).await?;
    assert!(issued_at(&desk).await? >= first + LATER.as_secs());
    Ok(())
}

#[tokio::test]
async fn a_renewal_that_is_given_up_or_answered_by_another_user_leaves_the_old_tokens() -> Journey {
    let clock = Clock::system();
    let stage = Stage::with(Options { clock: clock.clone(), session: SESSION, ..Options::default() }).await?;
    let desk = Desk::open(DeskOptions::new("renewal-given-up")).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_as(&stage, "ada").await?;
    desk.open_identity("ada").await?;
    let first = issued_at(&desk).await?;
    clock.advance(LATER);

    desk.click(&role("button", "Renew now")).await?;
    desk.sign_in_window().await?;
    desk.close_sign_in().await?;
    desk.see(&role("button", "Renew now")).await?;
    assert_eq!(issued_at(&desk).await?, first);
    assert!(!desk.sees(&role("alert", "")).await?, "giving up is no error");

    desk.click(&role("button", "Renew now")).await?;
    desk.type_credentials("grace", &stage.user("grace").password).await?;
    desk.sign_in_closed().await?;
    desk.see_refused("belongs to another user").await?;
    assert_eq!(issued_at(&desk).await?, first);
    desk.close_sheet().await?;
    desk.see(&css("header button[aria-label^='Identity ada'][aria-label$=left]")).await?;
    desk.open_identity("ada").await?;
    desk.see(&text("kept in the keychain")).await?;
    Ok(())
}
