//! The refresh token grant, and the rotation of its tokens.

use std::time::Duration;

use gatepass_sandbox::seed;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    browser::{START, World, claims},
    code_grant::{code, exchange, refresh, refused, tokens},
};

const MONTH: u64 = 30 * 24 * 3_600;

#[tokio::test]
async fn a_refresh_token_gives_new_tokens_for_thirty_days_and_no_other_refresh_token() {
    let world = World::new().await;
    let first = exchange(&world.browser, &code(&world.browser, &[("nonce", "n")]).await, &[]).await.json();
    let refresh_token = first["refresh_token"].as_str().unwrap();

    world.later(MONTH - 1);
    let renewed = refresh(&world.browser, refresh_token, seed::PUBLIC_CLIENT).await.json();
    world.later(1);
    let too_late = refresh(&world.browser, refresh_token, seed::PUBLIC_CLIENT).await;

    let names: Vec<&String> = renewed.as_object().unwrap().keys().collect();
    assert_eq!(names, ["id_token", "access_token", "expires_in", "token_type"]);
    let (before, after) = (claims(first["id_token"].as_str().unwrap()), claims(renewed["id_token"].as_str().unwrap()));
    assert_eq!((&after["auth_time"], &after["origin_jti"]), (&json!(START.as_secs()), &before["origin_jti"]));
    assert_eq!(after["iat"], json!(START.as_secs() + MONTH - 1));
    assert!(!after.contains_key("nonce"));
    refused(&too_late, "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_is_good_for_its_own_client_only() {
    let world = World::new().await;
    let tokens = tokens(&world.browser).await;

    let answer = refresh(&world.browser, tokens["refresh_token"].as_str().unwrap(), seed::CODE_CLIENT).await;

    refused(&answer, "invalid_grant");
}

async fn rotating(grace: u64) -> World {
    World::with(|options| options.rotation = Some(Duration::from_secs(grace))).await
}

fn refresh_token(tokens: &Value) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

#[tokio::test]
async fn with_rotation_each_use_gives_the_next_refresh_token_of_the_same_sign_in() {
    let world = rotating(60).await;

    let first = tokens(&world.browser).await;
    let second = refresh(&world.browser, refresh_token(&first), seed::PUBLIC_CLIENT).await.json();
    let third = refresh(&world.browser, refresh_token(&second), seed::PUBLIC_CLIENT).await.json();

    let names: Vec<&String> = second.as_object().unwrap().keys().collect();
    assert_eq!(names, ["id_token", "access_token", "refresh_token", "expires_in", "token_type"]);
    assert_ne!(refresh_token(&first), refresh_token(&second));
    assert_ne!(refresh_token(&second), refresh_token(&third));
    let sign_in = |tokens: &Value| claims(tokens["access_token"].as_str().unwrap())["origin_jti"].clone();
    assert_eq!((sign_in(&second), sign_in(&third)), (sign_in(&first), sign_in(&first)));
}

#[rstest]
#[case::within_the_grace_period(10, 9, 200)]
#[case::at_its_end(10, 10, 400)]
#[case::without_one(0, 0, 400)]
#[tokio::test]
async fn a_refresh_token_that_was_used_is_good_for_the_grace_period(
    #[case] grace: u64,
    #[case] seconds: u64,
    #[case] status: u16,
) {
    let world = rotating(grace).await;
    let first = tokens(&world.browser).await;
    let second = refresh(&world.browser, refresh_token(&first), seed::PUBLIC_CLIENT).await.json();

    world.later(seconds);
    let again = refresh(&world.browser, refresh_token(&first), seed::PUBLIC_CLIENT).await;

    assert_eq!(again.status, status);
    if status == 400 {
        refused(&again, "invalid_grant");
    }
    assert_eq!(refresh(&world.browser, refresh_token(&second), seed::PUBLIC_CLIENT).await.status, 200);
}

#[tokio::test]
async fn a_use_in_the_grace_period_does_not_prolong_it() {
    let world = rotating(10).await;
    let first = tokens(&world.browser).await;

    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(refresh(&world.browser, refresh_token(&first), seed::PUBLIC_CLIENT).await.status);
        world.later(5);
    }

    assert_eq!(statuses, [200, 200, 400]);
}

#[tokio::test]
async fn a_refresh_token_that_another_client_sends_is_not_used_up() {
    let world = rotating(0).await;
    let first = tokens(&world.browser).await;

    refused(&refresh(&world.browser, refresh_token(&first), seed::CODE_CLIENT).await, "invalid_grant");

    assert_eq!(refresh(&world.browser, refresh_token(&first), seed::PUBLIC_CLIENT).await.status, 200);
}

#[rstest]
#[case::from_the_first(0)]
#[case::from_one_in_its_grace_period(30)]
#[tokio::test]
async fn the_next_refresh_token_has_the_life_that_was_left_to_the_first(#[case] in_grace: u64) {
    let world = rotating(60).await;
    let first = tokens(&world.browser).await;
    world.later(MONTH - 100);
    refresh(&world.browser, refresh_token(&first), seed::PUBLIC_CLIENT).await;
    world.later(in_grace);
    let next = refresh(&world.browser, refresh_token(&first), seed::PUBLIC_CLIENT).await.json();

    world.later(99 - in_grace);
    let last = refresh(&world.browser, refresh_token(&next), seed::PUBLIC_CLIENT).await.json();
    world.later(1);
    let too_late = refresh(&world.browser, refresh_token(&last), seed::PUBLIC_CLIENT).await;

    assert_eq!(claims(last["access_token"].as_str().unwrap())["iat"], json!(START.as_secs() + MONTH - 1));
    refused(&too_late, "invalid_grant");
}

#[tokio::test]
async fn of_many_uses_at_once_without_a_grace_period_one_is_good() {
    let world = rotating(0).await;
    let first = tokens(&world.browser).await;

    let uses = (0..20).map(|_| refresh(&world.browser, refresh_token(&first), seed::PUBLIC_CLIENT));
    let answers = futures_util::future::join_all(uses).await;

    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    answers.iter().filter(|answer| answer.status != 200).for_each(|answer| refused(answer, "invalid_grant"));
}
