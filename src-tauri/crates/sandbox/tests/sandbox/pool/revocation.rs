//! POST /oauth2/revoke.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use gatepass_sandbox::seed;
use http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    browser::{World, encoded},
    code_grant::{code, exchange, refresh, refused, tokens},
};

#[tokio::test]
async fn a_revoked_refresh_token_is_dead_and_revoking_it_again_is_no_error() {
    let world = World::new().await;
    let tokens = tokens(&world.browser).await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let fields = [("token", refresh_token), ("client_id", seed::PUBLIC_CLIENT)];

    let first = world.browser.post("/oauth2/revoke", &fields).await;
    let second = world.browser.post("/oauth2/revoke", &fields).await;

    assert_eq!((first.status, first.body.as_str()), (200, ""));
    assert_eq!((second.status, second.body.as_str()), (200, ""));
    refused(&refresh(&world.browser, refresh_token, seed::PUBLIC_CLIENT).await, "invalid_grant");
}

#[rstest]
#[case::no_token(&[("client_id", seed::PUBLIC_CLIENT)], 400, "invalid_request")]
#[case::an_access_token(&[("client_id", seed::PUBLIC_CLIENT), ("token", "a.b.c")], 400, "unsupported_token_type")]
#[case::an_unknown_client(&[("client_id", "nobody"), ("token", "a.b.c.d.e")], 401, "invalid_client")]
#[case::no_secret(&[("client_id", seed::SECRET_CLIENT), ("token", "a.b.c.d.e")], 401, "invalid_client")]
#[tokio::test]
async fn a_bad_revocation_is_told_by_its_error(
    #[case] fields: &[(&str, &str)],
    #[case] status: u16,
    #[case] error: &str,
) {
    let world = World::new().await;

    let answer = world.browser.post("/oauth2/revoke", fields).await;

    assert_eq!((answer.status, answer.json()), (status, json!({ "error": error })));
}

#[tokio::test]
async fn another_client_cannot_revoke_a_refresh_token() {
    let world = World::new().await;
    let tokens = tokens(&world.browser).await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();

    world.browser.post("/oauth2/revoke", &[("token", refresh_token), ("client_id", seed::CODE_CLIENT)]).await;

    assert_eq!(refresh(&world.browser, refresh_token, seed::PUBLIC_CLIENT).await.status, 200);
}

#[tokio::test]
async fn revoking_a_sign_in_ends_its_access_token_at_the_pool() {
    let world = World::new().await;
    let tokens = tokens(&world.browser).await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let before = world.browser.send(Method::GET, "/oauth2/userInfo", &headers, None).await;

    let fields = [("token", tokens["refresh_token"].as_str().unwrap()), ("client_id", seed::PUBLIC_CLIENT)];
    world.browser.post("/oauth2/revoke", &fields).await;
    let after = world.browser.send(Method::GET, "/oauth2/userInfo", &headers, None).await;

    assert_eq!([before.status, after.status], [200, 401]);
}

#[rstest]
#[case::the_first(0)]
#[case::the_second(1)]
#[case::the_last(2)]
#[tokio::test]
async fn revoking_any_refresh_token_of_a_sign_in_kills_them_all(#[case] revoked: usize) {
    let world = World::with(|options| options.rotation = Some(Duration::from_mins(1))).await;
    let other = refresh_token(&tokens(&world.browser).await);
    let mut family = vec![refresh_token(&tokens(&world.browser).await)];
    for _ in 0..2 {
        let next = refresh(&world.browser, family.last().unwrap(), seed::PUBLIC_CLIENT).await.json();
        family.push(refresh_token(&next));
    }

    let fields = [("token", family[revoked].as_str()), ("client_id", seed::PUBLIC_CLIENT)];
    world.browser.post("/oauth2/revoke", &fields).await;

    for token in &family {
        refused(&refresh(&world.browser, token, seed::PUBLIC_CLIENT).await, "invalid_grant");
    }
    assert_eq!(refresh(&world.browser, &other, seed::PUBLIC_CLIENT).await.status, 200);
}

#[tokio::test]
async fn a_client_with_a_secret_revokes_by_basic() {
    let world = World::new().await;
    let secret = ("client_secret", seed::CLIENT_SECRET);
    let code = code(&world.browser, &[("client_id", seed::SECRET_CLIENT)]).await;
    let tokens = exchange(&world.browser, &code, &[("client_id", seed::SECRET_CLIENT), secret]).await.json();
    let form = encoded(&[("token", &refresh_token(&tokens))]);
    let basic = |secret: &str| format!("Basic {}", STANDARD.encode(format!("{}:{secret}", seed::SECRET_CLIENT)));
    let refreshed = async || {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", seed::SECRET_CLIENT),
            secret,
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ];
        world.browser.post("/oauth2/token", &fields).await.status
    };
    let revoke = async |secret: &str| {
        let headers = [("authorization", &*basic(secret))];
        world.browser.send(Method::POST, "/oauth2/revoke", &headers, Some(&form)).await.status
    };

    let wrong = (revoke("wrong").await, refreshed().await);
    let right = (revoke(seed::CLIENT_SECRET).await, refreshed().await);

    assert_eq!((wrong, right), ((401, 200), (200, 400)));
}

#[tokio::test]
async fn revocation_is_by_post_only() {
    let world = World::new().await;

    assert_eq!(world.browser.get("/oauth2/revoke").await.status, 405);
}

fn refresh_token(tokens: &Value) -> String {
    tokens["refresh_token"].as_str().unwrap().to_owned()
}
