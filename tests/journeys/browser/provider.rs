//! An identity provider behind the pool that lets nobody sign in inside an app's window, as Google does.

use gatepass_journeys::{Browser, Desk, Options, role, text};
use gatepass_sandbox::seed::{FEDERATED_USERNAME, PROVIDER, PROVIDER_ACCOUNT, PUBLIC_CLIENT};
use gatepass_stage::{Identities, Pools, SignIn, Way};

use super::{SCOPES, last_page, stage};
use crate::Journey;

#[tokio::test]
async fn a_provider_that_refuses_the_window_leads_to_the_browser_which_is_remembered() -> Journey {
    let (stage, callback) = stage().await?;
    let mut desk = Desk::open(Options::new("browser-provider")).await?;
    let browser = Browser::open(&desk).await?;
    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, &callback, SCOPES), Way::code()).await?;
    desk.sign_in_window().await?;
    desk.close_sign_in().await?;
    desk.open_identity("127.0.0.1 user").await?;
    desk.edit_identity(&[("Name", ""), ("Identity provider", PROVIDER)]).await?;

    desk.click(&role("button", "Sign in").within(role("dialog", "Session of "))).await?;
    let shown = desk.see_refused("does not let anybody sign in inside an app's window").await?;
    assert!(shown.contains("This provider wants the browser"), "{shown}");
    desk.sign_in_closed().await?;
    assert!(desk.sign_in_windows()?.is_empty(), "the refusing page stays open");
    desk.click(&role("button", "Sign in in the browser")).await?;

    let chooser = browser.tab("the provider's page", |tab| tab.url.contains("/o/oauth2/")).await?;
    chooser.click(&role("button", PROVIDER_ACCOUNT)).await?;
    last_page(&browser, &callback, &format!("You are signed in as {PROVIDER_ACCOUNT}")).await?;
    desk.see_signed_in(PROVIDER_ACCOUNT).await?;

    // The pool remembers the place, also after a restart.
    desk.restart().await?;
    desk.open_identity(PROVIDER_ACCOUNT).await?;
    desk.see(&text(FEDERATED_USERNAME).within(role("table", "Claims"))).await?;
    desk.click(&role("button", "Sign out")).await?;
    last_page(&browser, &callback, "You are signed out").await?;
    desk.see(&text("in your browser. It never sees your password.")).await?;
    desk.click(&role("button", "Sign in").within(role("dialog", "Session of "))).await?;
    let chooser = browser.tab("the provider's page", |tab| tab.url.contains("/o/oauth2/")).await?;
    chooser.click(&role("button", PROVIDER_ACCOUNT)).await?;
    desk.see_signed_in(PROVIDER_ACCOUNT).await?;
    Ok(())
}
