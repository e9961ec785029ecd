//! The session cookie, on which silent renewal rides.

use gatepass_sandbox::seed;

use crate::browser::{Tokens, World, authorize_query, claims};

#[tokio::test]
async fn while_a_session_lives_authorize_answers_at_once_with_fresh_tokens() {
    let world = World::new().await;
    let first = Tokens::from_fragment(&world.browser.sign_in(seed::ADA, &[]).await.location());

    world.later(1_800);
    let answer = world.browser.get(&format!("/oauth2/authorize?{}", authorize_query(&[]))).await;

    let second = Tokens::from_fragment(&answer.location());
    let (before, after) = (claims(&first.id), claims(&second.id));
    let seconds = |name: &str| after[name].as_u64().unwrap() - before[name].as_u64().unwrap();
    assert_eq!([seconds("iat"), seconds("exp"), seconds("auth_time")], [1_800, 1_800, 0]);
    assert_ne!(before["jti"], after["jti"]);
}

#[tokio::test]
async fn a_session_is_good_for_every_client_of_the_pool() {
    let world = World::new().await;
    world.browser.sign_in(seed::ADA, &[]).await;

    let changes = [("client_id", seed::CODE_CLIENT), ("response_type", "code"), ("scope", "openid")];
    let answer = world.browser.get(&format!("/oauth2/authorize?{}", authorize_query(&changes))).await;

    assert_eq!(answer.location_parameter("code").map(|code| code.len()), Some(36));
}

#[tokio::test]
async fn a_session_ends_an_hour_after_the_sign_in_however_often_it_was_used() {
    let world = World::new().await;
    let authorize = format!("/oauth2/authorize?{}", authorize_query(&[]));
    world.browser.sign_in(seed::ADA, &[]).await;

    world.later(3_599);
    let before = world.browser.get(&authorize).await;
    world.later(1);
    let after = world.browser.get(&authorize).await;

    assert!(before.location().starts_with("https://example.com/#id_token="));
    assert!(after.location().starts_with("/login?"));
}

#[tokio::test]
async fn a_session_can_be_shortened() {
    let world = World::with(|options| options.session = std::time::Duration::from_secs(5)).await;

    let answer = world.browser.sign_in(seed::ADA, &[]).await;
    world.later(5);
    let after = world.browser.get(&format!("/oauth2/authorize?{}", authorize_query(&[]))).await;

    assert!(answer.cookies()[0].contains("Max-Age=5; "));
    assert!(after.location().starts_with("/login?"));
}

#[tokio::test]
async fn a_made_up_cookie_is_no_session() {
    let world = World::new().await;
    let authorize = format!("/oauth2/authorize?{}", authorize_query(&[]));

    let answer = world.browser.send(http::Method::GET, &authorize, &[("cookie", "cognito=made-up")], None).await;

    assert!(answer.location().starts_with("/login?"));
}
