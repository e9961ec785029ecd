//! Signing in by the system's browser, a real Chromium: there and back again, cancelled, disturbed, and signed out.

mod forged;
mod provider;
mod sends;

use std::net::TcpListener;

use gatepass_journeys::{
    Browser, Desk, DeskError, Options as DeskOptions, Outcome, Page, WindowView, css, role, search, text,
};
use gatepass_sandbox::seed::{CLIENT_SECRET, PUBLIC_CLIENT, SECRET_CLIENT};
use gatepass_sandbox::{Options, loopback_callback};
use gatepass_stage::{Pools, Requests, SignIn, Stage, Way};
use url::Url;

use crate::servers::token_endpoint::TokenEndpoint;
use crate::{Journey, kept};

const SCOPES: &str = "openid email profile phone";

/// A sandbox whose clients come back to a free port, with that callback.
async fn stage() -> Result<(Stage, String), Box<dyn std::error::Error>> {
    stage_with(Options::default()).await
}

async fn stage_with(options: Options) -> Result<(Stage, String), Box<dyn std::error::Error>> {
    let callback = loopback_callback()?;
    let stage = Stage::with(Options { extra_callbacks: vec![callback.clone()], ..options }).await?;
    Ok((stage, callback))
}

/// Waits for a login page of the sandbox in the browser.
async fn login_page(browser: &Browser, stage: &Stage) -> Result<Page, DeskError> {
    let page = format!("{}/login?", stage.description().pool.domain);
    browser.tab("the login page in the browser", |tab| tab.url.starts_with(&page)).await
}

/// Fills in the form of the login page in the browser and sends it off.
async fn fill_in(page: &Page, stage: &Stage, username: &str) -> Outcome {
    page.fill(&css("input[name=username]"), username).await?;
    page.fill(&css("input[name=password]"), &stage.user(username).password).await?;
    page.click(&css("[name=signInSubmitButton]")).await
}

/// Waits for the page that the browser shows last, and holds its address to be bare.
async fn last_page(browser: &Browser, callback: &str, heading: &str) -> Result<(), Box<dyn std::error::Error>> {
    let page = browser.tab(&format!("the page \"{heading}\""), |tab| tab.title.starts_with(heading)).await?;
    page.text_with(&role("heading", ""), heading).await?;
    assert_eq!(address_of(&page).await?, callback, "the answer is left in the address bar");
    Ok(())
}

async fn address_of(page: &Page) -> Result<String, DeskError> {
    let address = page.evaluate("return location.href;", Vec::new()).await?;
    Ok(address.as_str().unwrap_or_default().to_owned())
}

/// Waits until the browser has so many tabs.
async fn see_tabs(desk: &Desk, browser: &Browser, count: usize) -> Journey {
    let what = format!("{count} tabs in the browser");
    desk.until(&what, async || Ok((browser.tabs().await?.len() == count).then_some(()))).await?;
    Ok(())
}

fn port_of(callback: &str) -> Result<u16, Box<dyn std::error::Error>> {
    Ok(Url::parse(callback)?.port().ok_or("the callback has no port")?)
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// Waits until nobody listens at the callback any more.
async fn see_free(desk: &Desk, callback: &str) -> Journey {
    let port = port_of(callback)?;
    desk.until("the callback's port to be free", async || Ok(is_free(port).then_some(()))).await?;
    Ok(())
}

/// Fails where a secret that has passed the endpoint is in what the browser has written down by its end.
async fn hold_from_browser(desk: &Desk, browser: &Browser, callback: &str, endpoint: &TokenEndpoint) -> Journey {
    // The browser remembers the redirect and the code in it, which is spent, and worth nothing without the verifier.
    let secrets: Vec<(String, String)> = endpoint.secrets().into_iter().filter(|(name, _)| name != "code").collect();
    browser.close().await?;
    let (profile, history) = (browser.profile(), browser.profile().join("Default/History"));
    assert!(!search(&[("the callback", callback)], &[&history])?.is_empty(), "the browser has not written its history");
    desk.search_for_secrets(&secrets, &[&profile])?;
    Ok(())
}

#[tokio::test]
async fn a_code_comes_back_from_the_browser_and_is_redeemed() -> Journey {
    let (stage, callback) = stage().await?;
    let endpoint = TokenEndpoint::before(&stage).await?;
    let desk = Desk::open(DeskOptions::new("browser-code")).await?;
    let browser = Browser::open(&desk).await?;

    let url = endpoint.url();
    let way = Way::code().in_browser().with_token_endpoint(&url);
    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, &callback, SCOPES), way).await?;
    let page = login_page(&browser, &stage).await?;
    let asked = address_of(&page).await?;
    assert!(asked.contains("response_type=code") && asked.contains("code_challenge_method=S256"), "{asked}");
    fill_in(&page, &stage, "ada").await?;
    last_page(&browser, &callback, "You are signed in as ada").await?;
    desk.see_signed_in("ada").await?;
    see_free(&desk, &callback).await?;
    assert!(desk.sign_in_windows()?.is_empty(), "a window was opened as well");

    desk.open_identity("ada").await?;
    desk.see(&text("PKCE").within(role("list", "Checks passed"))).await?;
    desk.see(&text("renews by refresh token")).await?;
    desk.close_sheet().await?;
    desk.new_request(&stage.url("/token/pets")).await?;
    desk.send_token_in("dev-auth-token").await?;
    desk.send_for("200").await?;
    endpoint.hold_secrets(&desk, &["code", "code_verifier", "refresh_token", "id_token", "access_token"])?;
    hold_from_browser(&desk, &browser, &callback, &endpoint).await
}

#[tokio::test]
async fn a_client_with_a_secret_redeems_the_code_that_came_back_from_the_browser() -> Journey {
    let (stage, callback) = stage().await?;
    let endpoint = TokenEndpoint::before(&stage).await?;
    let desk = Desk::open(DeskOptions::new("browser-code-secret")).await?;
    let browser = Browser::open(&desk).await?;

    let url = endpoint.url();
    let way = Way::code().in_browser().with_secret(CLIENT_SECRET).with_token_endpoint(&url);
    desk.connect_by(&stage.login_page_of(SECRET_CLIENT, &callback, SCOPES), way).await?;
    let page = login_page(&browser, &stage).await?;
    assert!(address_of(&page).await?.contains("code_challenge_method=S256"), "a secret does not replace PKCE");
    fill_in(&page, &stage, "ada").await?;
    last_page(&browser, &callback, "You are signed in as ada").await?;
    desk.see_signed_in("ada").await?;
    assert!(kept::client_secret_in_keychain(&desk)?);
    desk.open_identity("ada").await?;
    desk.click(&role("button", "Renew now")).await?;
    desk.until("a renewal by the refresh token", async || {
        Ok((endpoint.grants() == ["authorization_code", "refresh_token"]).then_some(()))
    })
    .await?;
    desk.see(&role("button", "Renew now")).await?;
    desk.close_sheet().await?;
    assert_eq!(browser.tabs().await?.len(), 2, "the renewal opened a tab");
    endpoint.hold_secrets(&desk, &["client_secret", "code", "code_verifier", "refresh_token"])?;
    hold_from_browser(&desk, &browser, &callback, &endpoint).await
}

#[tokio::test]
async fn tokens_in_a_fragment_come_back_from_the_browser() -> Journey {
    let (stage, callback) = stage().await?;
    let desk = Desk::open(DeskOptions::new("browser-implicit")).await?;
    let browser = Browser::open(&desk).await?;

    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, &callback, SCOPES), Way::implicit().in_browser()).await?;
    fill_in(&login_page(&browser, &stage).await?, &stage, "grace").await?;
    last_page(&browser, &callback, "You are signed in as grace").await?;
    desk.see_signed_in("grace").await?;
    desk.open_identity("grace").await?;
    desk.see(&text("signs in again to renew")).await?;
    let tokens = desk.reveal_tokens().await?;
    desk.close_sheet().await?;
    desk.new_request(&stage.url("/token/pets")).await?;
    desk.send_token_in("dev-auth-token").await?;
    desk.send_for("200").await?;
    desk.search_for_secrets(&tokens, &[])?;
    Ok(())
}

#[tokio::test]
async fn a_sign_in_in_the_browser_can_be_cancelled_and_frees_its_port() -> Journey {
    let (stage, callback) = stage().await?;
    let desk = Desk::open(DeskOptions::new("browser-cancelled")).await?;
    let browser = Browser::open(&desk).await?;

    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, &callback, SCOPES), Way::code().in_browser()).await?;
    let forsaken = address_of(&login_page(&browser, &stage).await?).await?;
    assert!(!is_free(port_of(&callback)?), "nobody waits for the browser");
    desk.open_identity("127.0.0.1 user").await?;
    desk.see(&text("is open in your browser")).await?;
    desk.click(&role("button", "Cancel the sign-in")).await?;
    desk.see(&text("Not signed in.")).await?;
    see_free(&desk, &callback).await?;
    desk.close_sheet().await?;
    desk.see_signed_out().await?;
    kept::nothing(&desk)?;

    // The page of the first try is still open; what comes of it belongs to no sign-in any more.
    desk.click(&role("button", "Sign in").within(css("header.title-bar"))).await?;
    see_tabs(&desk, &browser, 3).await?;
    let forsaken = browser.tab("the tab of the first try", |tab| tab.url == forsaken).await?;
    fill_in(&forsaken, &stage, "grace").await?;
    last_page(&browser, &callback, "This answer was ignored").await?;
    desk.see(&role("button", "Identity 127.0.0.1 user, ")).await?;
    kept::nothing(&desk)?;

    fill_in(&login_page(&browser, &stage).await?, &stage, "ada").await?;
    last_page(&browser, &callback, "You are signed in as ada").await?;
    desk.see_signed_in("ada").await?;
    Ok(())
}

#[tokio::test]
async fn a_port_that_another_program_has_is_told_and_no_tab_is_opened() -> Journey {
    let (stage, callback) = stage().await?;
    let desk = Desk::open(DeskOptions::new("browser-port-taken")).await?;
    let browser = Browser::open(&desk).await?;
    let port = port_of(&callback)?;
    let other = TcpListener::bind(("127.0.0.1", port))?;

    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, &callback, SCOPES), Way::code().in_browser()).await?;
    let shown = desk.see_refused(&format!("port {port} is in use")).await?;
    assert!(shown.contains("register a callback with another port"), "{shown}");
    assert_eq!(browser.tabs().await?.len(), 1, "a tab was opened that cannot come back");
    kept::nothing(&desk)?;

    drop(other);
    desk.click(&role("button", "Sign in").within(role("dialog", "Session of "))).await?;
    fill_in(&login_page(&browser, &stage).await?, &stage, "ada").await?;
    last_page(&browser, &callback, "You are signed in as ada").await?;
    desk.see_signed_in("ada").await?;
    Ok(())
}

#[tokio::test]
async fn signing_out_ends_the_session_in_the_browser_too() -> Journey {
    let (stage, callback) = stage().await?;
    let desk = Desk::open(DeskOptions::new("browser-sign-out")).await?;
    let browser = Browser::open(&desk).await?;
    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, &callback, SCOPES), Way::code().in_browser()).await?;
    fill_in(&login_page(&browser, &stage).await?, &stage, "ada").await?;
    desk.see_signed_in("ada").await?;

    desk.open_identity("ada").await?;
    desk.click(&role("button", "Sign out")).await?;
    last_page(&browser, &callback, "You are signed out").await?;
    desk.see(&role("button", "Remove").within(role("dialog", "Session of ada"))).await?;
    desk.close_sheet().await?;
    desk.see_signed_out().await?;
    kept::nothing(&desk)?;
    see_free(&desk, &callback).await?;

    // Grace can type only where the form is shown: ada's session would have answered at once.
    desk.click(&role("button", "Sign in ada")).await?;
    fill_in(&login_page(&browser, &stage).await?, &stage, "grace").await?;
    desk.see(&role("button", "Session of grace")).await?;
    desk.open_identity("grace").await?;
    assert!(desk.id_token_payload().await?.contains("\"grace\""));
    Ok(())
}

#[tokio::test]
async fn a_browser_that_the_app_was_the_first_to_open_outlives_it() -> Journey {
    let (stage, callback) = stage().await?;
    let mut desk = Desk::open(DeskOptions::new("browser-first-opened")).await?;
    let browser = Browser::install(&desk)?;
    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, &callback, SCOPES), Way::code().in_browser()).await?;
    let browser = browser.opened().await?;
    fill_in(&login_page(&browser, &stage).await?, &stage, "ada").await?;
    last_page(&browser, &callback, "You are signed in as ada").await?;
    desk.see_signed_in("ada").await?;

    desk.close().await?;
    last_page(&browser, &callback, "You are signed in as ada").await?;
    desk.start().await?;
    desk.see_signed_in("ada").await?;
    Ok(())
}

#[tokio::test]
async fn a_double_click_on_sign_in_is_one_sign_in() -> Journey {
    let (stage, callback) = stage().await?;
    let desk = Desk::open(DeskOptions::new("browser-double-click")).await?;
    let browser = Browser::open(&desk).await?;
    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, &callback, SCOPES), Way::code().in_browser()).await?;
    let forsaken = address_of(&login_page(&browser, &stage).await?).await?;
    desk.open_identity("127.0.0.1 user").await?;
    desk.click(&role("button", "Cancel the sign-in")).await?;
    let sign_in = role("button", "Sign in").within(role("dialog", "Session of "));
    desk.double_click(&sign_in).await?;

    let this = |tab: &WindowView| tab.url.contains("/login?") && tab.url != forsaken;
    fill_in(&browser.tab("the tab of both clicks", this).await?, &stage, "ada").await?;
    last_page(&browser, &callback, "You are signed in as ada").await?;
    desk.see_signed_in("ada").await?;
    assert!(!desk.sees(&role("alert", "")).await?, "an error is shown");
    // The empty page, the one that was forsaken, and one for both clicks.
    assert_eq!(browser.tabs().await?.len(), 3, "each click opened a tab");
    Ok(())
}
