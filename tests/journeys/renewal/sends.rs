//! Requests whose token has expired: renewed for by refresh token or session, after a 401, or asked for in place.

use std::error::Error;
use std::time::Duration;

use gatepass_journeys::{Desk, Display, Options as DeskOptions, css, label, role, text};
use gatepass_sandbox::Options;
use gatepass_stage::{Pools, Requests, SignIn, Stage, Way, answered};

use super::expired::{SESSION, build, response, see_asked, see_expired, see_note, short_lived};
use crate::Journey;
use crate::servers::api::{Api, now};
use crate::servers::token_endpoint::TokenEndpoint;

/// Ada, with a request that takes her token along; the token and the pool's session are over.
async fn over(name: &str) -> Result<(Stage, Api, Desk), Box<dyn Error>> {
    let stage = Stage::with(Options { session: SESSION, ..short_lived() }).await?;
    let api = Api::start().await?;
    let desk = Desk::open(DeskOptions::new(name)).await?;
    desk.connect(&stage.login_page()).await?;
    desk.type_credentials("ada", &stage.user("ada").password).await?;
    desk.sign_in_closed().await?;
    build(&desk, &api).await?;
    see_expired(&desk, "ada").await?;
    Ok((stage, api, desk))
}

#[tokio::test]
async fn an_expired_token_is_renewed_by_refresh_token_before_its_request_goes_out() -> Journey {
    let stage = Stage::with(short_lived()).await?;
    let (endpoint, api) = (TokenEndpoint::before(&stage).await?, Api::start().await?);
    let desk = Desk::open(DeskOptions::new("send-by-refresh-token")).await?;
    let url = endpoint.url();
    desk.connect_by(&stage.login_page(), Way::code().with_token_endpoint(&url)).await?;
    desk.type_credentials("ada", &stage.user("ada").password).await?;
    desk.sign_in_closed().await?;
    build(&desk, &api).await?;
    see_expired(&desk, "ada").await?;
    let display = Display::open()?;
    display.watch()?;

    desk.send_for("200").await?;
    see_note(&desk, "Token renewed before sending").await?;
    assert_eq!(endpoint.grants(), ["authorization_code", "refresh_token"]);
    let arrived = api.arrived();
    assert!(arrived.len() == 1 && arrived[0].taken, "it went out with the old token first");
    desk.see_no_window(&display)?;
    Ok(())
}

#[tokio::test]
async fn an_expired_token_is_renewed_through_the_session_in_a_window_that_nobody_sees() -> Journey {
    let stage = Stage::with(short_lived()).await?;
    let api = Api::start().await?;
    let desk = Desk::open(DeskOptions::new("send-through-the-session")).await?;
    desk.connect(&stage.login_page()).await?;
    desk.type_credentials("ada", &stage.user("ada").password).await?;
    desk.sign_in_closed().await?;
    build(&desk, &api).await?;
    see_expired(&desk, "ada").await?;
    let display = Display::open()?;
    display.watch()?;

    desk.send_for("200").await?;
    see_note(&desk, "Token renewed before sending").await?;
    desk.sign_in_closed().await?;
    let arrived = api.arrived();
    assert!(arrived.len() == 1 && arrived[0].taken, "it went out with the old token first");
    desk.see_no_window(&display)?;
    Ok(())
}

#[tokio::test]
async fn a_token_that_the_api_calls_expired_is_renewed_and_sent_again_once() -> Journey {
    let stage = Stage::open().await?;
    let (endpoint, api) = (TokenEndpoint::before(&stage).await?, Api::start().await?);
    let desk = Desk::open(DeskOptions::new("send-after-a-401")).await?;
    let url = endpoint.url();
    desk.connect_by(&stage.login_page(), Way::code().with_token_endpoint(&url)).await?;
    desk.sign_in_as(&stage, "ada").await?;
    build(&desk, &api).await?;
    desk.send_for("200").await?;

    api.call_expired_what_has_come();
    desk.click(&role("button", "Send")).await?;
    see_note(&desk, "The API said the token had expired: renewed and sent again").await?;
    desk.text_with(&answered(), "200").await?;
    assert_eq!(endpoint.grants(), ["authorization_code", "refresh_token"]);
    let arrived = api.arrived();
    assert_eq!(arrived.iter().map(|arrived| arrived.taken).collect::<Vec<_>>(), [true, false, true]);
    assert!(arrived[0].token == arrived[1].token && arrived[1].token != arrived[2].token);
    Ok(())
}

#[tokio::test]
async fn when_the_session_is_over_the_request_asks_in_place_and_goes_on_by_itself() -> Journey {
    let (stage, api, desk) = over("send-asks-in-place").await?;

    desk.click(&role("button", "Send")).await?;
    see_asked(&desk, "ada").await?;
    desk.see(&text("Sign in, and the request goes on by itself.")).await?;
    assert!(api.arrived().is_empty(), "it went out with the old token");
    desk.click(&role("button", "Sign in").within(response())).await?;
    desk.type_credentials("ada", &stage.user("ada").password).await?;
    desk.sign_in_closed().await?;
    desk.text_with(&answered(), "200").await?;
    see_note(&desk, "Token renewed before sending").await?;
    assert_eq!(api.served_users(), ["ada"]);
    Ok(())
}

#[tokio::test]
async fn what_waits_for_one_user_does_not_go_out_as_another() -> Journey {
    let (stage, api, desk) = over("send-as-nobody-else").await?;

    desk.click(&role("button", "Send")).await?;
    see_asked(&desk, "ada").await?;
    desk.click(&role("button", "Sign in").within(response())).await?;
    desk.type_credentials("grace", &stage.user("grace").password).await?;
    desk.sign_in_closed().await?;
    desk.see_refused("belongs to another user").await?;
    desk.close_sheet().await?;
    desk.see(&text("Not sent: the session of ada is over.")).await?;
    assert!(api.arrived().is_empty(), "it went out: {:?}", api.served_users());
    Ok(())
}

#[tokio::test]
async fn several_tabs_that_wait_share_one_sign_in() -> Journey {
    let (stage, api, desk) = over("sends-share-a-sign-in").await?;

    for tab in 1..=3 {
        if tab > 1 {
            build(&desk, &api).await?;
        }
        desk.click(&role("button", "Send")).await?;
        see_asked(&desk, "ada").await?;
    }
    assert!(api.arrived().is_empty(), "one went out with the old token");
    desk.click(&role("button", "Sign in").within(response())).await?;
    desk.type_credentials("ada", &stage.user("ada").password).await?;
    desk.sign_in_closed().await?;
    desk.text_with(&answered(), "200").await?;
    desk.until("all three at the API", async || Ok((api.served_users().len() == 3).then_some(()))).await?;
    let tokens: Vec<String> = api.arrived().into_iter().map(|arrived| arrived.token).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]), "one was renewed for once more");
    for tab in 0..3 {
        desk.click(&css("[role=tab]").within(role("tablist", "Open requests")).nth(tab)).await?;
        desk.text_with(&answered(), "200").await?;
    }
    assert!(desk.sign_in_windows()?.is_empty());
    Ok(())
}

#[tokio::test]
async fn while_the_app_is_used_a_token_is_renewed_before_it_ends() -> Journey {
    /// What renews ahead looks every 30 seconds, and renews what has less than a tenth of its life left.
    const LIFE: Duration = Duration::from_secs(33);
    let stage = Stage::with(Options { id_token: LIFE, access_token: LIFE, ..Options::default() }).await?;
    let endpoint = TokenEndpoint::before(&stage).await?;
    let desk = Desk::open(DeskOptions::new("renewed-ahead").patience(Duration::from_mins(1))).await?;
    let url = endpoint.url();
    desk.connect_by(&stage.login_page(), Way::code().with_token_endpoint(&url)).await?;
    desk.sign_in_as(&stage, "ada").await?;
    let signed_in = now();

    desk.until("a renewal that nobody asked for", async || {
        Ok((endpoint.grants() == ["authorization_code", "refresh_token"]).then_some(()))
    })
    .await?;
    assert!(now() <= signed_in + LIFE.as_secs(), "the token had ended before it was renewed");
    desk.see_signed_in("ada").await?;
    assert!(desk.sign_in_windows()?.is_empty());
    Ok(())
}

#[tokio::test]
async fn two_users_whose_tokens_expire_together_each_get_their_own() -> Journey {
    let stage = Stage::with(short_lived()).await?;
    let api = Api::start().await?;
    let desk = Desk::open(DeskOptions::new("two-users-renewed").with_separate_jars()).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_by_keys(&stage, "ada", "Sign in · ").await?;
    desk.add_identity("Grace H.").await?;
    desk.sign_in_by_keys(&stage, "grace", "Sign in · Grace H.").await?;
    for name in ["ada", "Grace H."] {
        build(&desk, &api).await?;
        desk.choose(&label("Identity"), &format!("{name} · 127.0.0.1 always")).await?;
    }
    desk.see(&css("button[aria-label^='Session of ada'][aria-label$=expired]")).await?;
    desk.see(&css("button[aria-label^='Session of Grace'][aria-label$=expired]")).await?;

    let tab = |index| css("[role=tab]").within(role("tablist", "Open requests")).nth(index);
    // Neither waits for the other's answer.
    desk.click(&role("button", "Send")).await?;
    desk.click(&tab(0)).await?;
    desk.click(&role("button", "Send")).await?;
    desk.text_with(&answered(), "200").await?;
    desk.until("both at the API", async || Ok((api.arrived().len() == 2).then_some(()))).await?;
    let mut users = api.served_users();
    users.sort();
    assert_eq!(users, ["ada", "grace"]);
    desk.click(&tab(1)).await?;
    desk.text_with(&answered(), "200").await?;
    Ok(())
}
