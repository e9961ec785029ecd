//! Signing out: the tokens leave the keychain, the cookies their jar, and the pool's session ends.

use gatepass_journeys::{Desk, Options, role};
use gatepass_stage::{SignIn, Stage};
use reqwest::header::{COOKIE, LOCATION};
use reqwest::redirect::Policy;

use crate::{Journey, kept};

/// Asks the pool where a sign-in leads that rides on a session cookie.
async fn leads_to(stage: &Stage, cookie: &str) -> Result<String, Box<dyn std::error::Error>> {
    let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build()?;
    let address = stage.login_page().replacen("/login?", "/oauth2/authorize?", 1);
    let answer = client.get(address).header(COOKIE, format!("cognito={cookie}")).send().await?;
    Ok(answer.headers().get(LOCATION).ok_or("the pool sends nowhere")?.to_str()?.to_owned())
}

#[tokio::test]
async fn signing_out_leaves_no_token_no_cookie_and_no_session_at_the_pool() -> Journey {
    let stage = Stage::open().await?;
    let mut desk = Desk::open(Options::new("sign-out").with_separate_jars()).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_by_keys(&stage, "ada", "Sign in · ").await?;
    desk.see_signed_in("ada").await?;
    let identity = kept::identity(&desk, "ada")?;
    let cookie = kept::session_cookie(&desk, &identity).await?;
    assert!(kept::in_keychain(&identity)?);
    assert!(leads_to(&stage, &cookie).await?.contains("#id_token="));

    desk.open_identity("ada").await?;
    desk.click(&role("button", "Sign out")).await?;
    desk.see(&role("button", "Remove").within(role("dialog", "Session of ada"))).await?;
    desk.close_sheet().await?;
    desk.see_signed_out().await?;

    kept::nothing(&desk)?;
    assert!(leads_to(&stage, &cookie).await?.starts_with("/login?"), "the pool's session lives on");
    desk.until("the cookies to be gone from the jar", async || {
        Ok(kept::session_cookies(&desk, &identity).is_empty().then_some(()))
    })
    .await?;

    desk.restart().await?;
    desk.see_signed_out().await?;
    // Grace can type only where the form is shown: ada's session would have answered at once.
    desk.click(&role("button", "Sign in ada")).await?;
    desk.sign_in_by_keys(&stage, "grace", "Sign in · ").await?;
    desk.open_identity("grace").await?;
    assert!(desk.id_token_payload().await?.contains("\"grace\""));
    Ok(())
}
