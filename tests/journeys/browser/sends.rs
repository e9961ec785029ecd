//! Requests whose token came from the browser and has expired: renewed without it, or by signing in there once more.

use gatepass_journeys::{Browser, Desk, Options as DeskOptions, role, text};
use gatepass_sandbox::Options;
use gatepass_sandbox::seed::PUBLIC_CLIENT;
use gatepass_stage::{Pools, Requests, SignIn, Stage, Way, answered};

use super::{SCOPES, fill_in, last_page, login_page, see_free, see_tabs, stage_with};
use crate::Journey;
use crate::renewal::expired::{SESSION, build, response, see_asked, see_expired, see_note, short_lived};
use crate::servers::api::Api;
use crate::servers::token_endpoint::TokenEndpoint;

#[tokio::test]
async fn a_refresh_token_from_the_browser_renews_before_a_request_and_no_tab_is_opened() -> Journey {
    let (stage, callback) = stage_with(short_lived()).await?;
    let (endpoint, api) = (TokenEndpoint::before(&stage).await?, Api::start().await?);
    let desk = Desk::open(DeskOptions::new("browser-send-by-refresh-token")).await?;
    let browser = Browser::open(&desk).await?;
    let url = endpoint.url();
    let way = Way::code().in_browser().with_token_endpoint(&url);
    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, &callback, SCOPES), way).await?;
    fill_in(&login_page(&browser, &stage).await?, &stage, "ada").await?;
    last_page(&browser, &callback, "You are signed in as ada").await?;
    build(&desk, &api).await?;
    see_expired(&desk, "ada").await?;
    let before = browser.tabs().await?;

    desk.send_for("200").await?;
    see_note(&desk, "Token renewed before sending").await?;
    assert_eq!(endpoint.grants(), ["authorization_code", "refresh_token"]);
    let arrived = api.arrived();
    assert!(arrived.len() == 1 && arrived[0].taken, "it went out with the old token first");
    assert_eq!(browser.tabs().await?, before, "the browser was asked");
    assert!(desk.sign_in_windows()?.is_empty());
    see_free(&desk, &callback).await
}

/// Signs ada in by the implicit grant in the browser, lets her token expire, and sends; the request then asks in place.
async fn ask_in_place(desk: &Desk, browser: &Browser, stage: &Stage, callback: &str, api: &Api) -> Journey {
    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, callback, SCOPES), Way::implicit().in_browser()).await?;
    fill_in(&login_page(browser, stage).await?, stage, "ada").await?;
    last_page(browser, callback, "You are signed in as ada").await?;
    build(desk, api).await?;
    see_expired(desk, "ada").await?;

    desk.click(&role("button", "Send")).await?;
    see_asked(desk, "ada").await?;
    assert_eq!(browser.tabs().await?.len(), 2, "a tab was opened before anybody was asked");
    assert!(api.arrived().is_empty(), "it went out with the old token");
    desk.click(&role("button", "Sign in").within(response())).await?;
    see_tabs(desk, browser, 3).await
}

async fn see_gone_on(desk: &Desk, api: &Api) -> Journey {
    desk.text_with(&answered(), "200").await?;
    see_note(desk, "Token renewed before sending").await?;
    assert_eq!(api.served_users(), ["ada"]);
    assert!(desk.sign_in_windows()?.is_empty());
    Ok(())
}

#[tokio::test]
async fn where_the_browser_has_a_session_a_request_that_asked_goes_on_without_a_form() -> Journey {
    let (stage, callback) = stage_with(short_lived()).await?;
    let api = Api::start().await?;
    let desk = Desk::open(DeskOptions::new("browser-send-over-its-session")).await?;
    let browser = Browser::open(&desk).await?;
    ask_in_place(&desk, &browser, &stage, &callback, &api).await?;
    see_gone_on(&desk, &api).await?;
    assert_eq!(browser.tabs().await?.len(), 3);
    see_free(&desk, &callback).await
}

#[tokio::test]
async fn where_the_browser_has_no_session_a_request_that_asked_goes_on_after_its_form() -> Journey {
    let (stage, callback) = stage_with(Options { session: SESSION, ..short_lived() }).await?;
    let api = Api::start().await?;
    let desk = Desk::open(DeskOptions::new("browser-send-after-the-form")).await?;
    let browser = Browser::open(&desk).await?;
    ask_in_place(&desk, &browser, &stage, &callback, &api).await?;
    let page = login_page(&browser, &stage).await?;
    desk.see(&text("is open in your browser").within(response())).await?;
    assert!(api.arrived().is_empty(), "it went out before anybody had signed in");
    fill_in(&page, &stage, "ada").await?;
    see_gone_on(&desk, &api).await?;
    see_free(&desk, &callback).await
}
