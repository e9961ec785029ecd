//! A pool that rotates refresh tokens: each is good for one renewal, which brings the next.

use std::time::Duration;

use gatepass_journeys::{Desk, Options as DeskOptions};
use gatepass_sandbox::Options;
use gatepass_stage::{Pools, Requests, SignIn, Stage, Way};

use super::expired::{build, see_expired, see_note, short_lived};
use crate::servers::api::Api;
use crate::servers::token_endpoint::TokenEndpoint;
use crate::{Journey, kept};

#[tokio::test]
async fn each_renewal_is_by_the_refresh_token_that_the_last_one_brought() -> Journey {
    let stage = Stage::with(Options { rotation: Some(Duration::ZERO), ..short_lived() }).await?;
    let (endpoint, api) = (TokenEndpoint::before(&stage).await?, Api::start().await?);
    let desk = Desk::open(DeskOptions::new("refresh-token-rotation").with_separate_jars()).await?;
    let url = endpoint.url();
    desk.connect_by(&stage.login_page(), Way::code().with_token_endpoint(&url)).await?;
    desk.sign_in_by_keys(&stage, "ada", "Sign in · ").await?;
    build(&desk, &api).await?;

    for renewal in 1..=2 {
        see_expired(&desk, "ada").await?;
        desk.send_for("200").await?;
        desk.until("the request at the API", async || Ok((api.arrived().len() == renewal).then_some(()))).await?;
        see_note(&desk, "Token renewed before sending").await?;
        let tokens = refresh_tokens(&endpoint);
        assert_eq!(tokens.len(), renewal + 1, "{:?}", endpoint.grants());
        for (at, token) in tokens.iter().enumerate() {
            assert_eq!(kept::secret_in_keychain(token)?, at == renewal, "refresh token {at} after renewal {renewal}");
        }
    }
    assert_eq!(endpoint.grants(), ["authorization_code", "refresh_token", "refresh_token"]);
    let arrived = api.arrived();
    assert!(arrived.iter().all(|arrived| arrived.taken) && arrived[0].token != arrived[1].token);
    assert!(desk.sign_in_windows()?.is_empty());
    endpoint.hold_secrets(&desk, &["refresh_token"])
}

/// The refresh tokens that have passed, in the order in which they came.
fn refresh_tokens(endpoint: &TokenEndpoint) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for (_, token) in endpoint.secrets().into_iter().filter(|(name, _)| name == "refresh_token") {
        if !tokens.contains(&token) {
            tokens.push(token);
        }
    }
    tokens
}
