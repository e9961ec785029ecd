//! The order of the gateway's checks: where two would refuse, the earlier one answers.

use gatepass_sandbox::seed;

use crate::{browser::World, gateway::call::refuses};

const SCRIPT: &str = "?type=%3Cscript";

#[tokio::test]
async fn the_firewall_comes_before_the_route() {
    let world = World::new().await;

    let answer = world.fetch(&format!("/dev/nowhere{SCRIPT}"), &[]).await;

    refuses(&answer, 403, "ForbiddenException", r#"{"message":"Forbidden"}"#);
}

#[tokio::test]
async fn the_stage_comes_before_the_route() {
    let world = World::new().await;

    let answer = world.fetch("/prod/nowhere", &[]).await;

    refuses(&answer, 403, "ForbiddenException", r#"{"message":"Forbidden"}"#);
}

#[tokio::test]
async fn the_authorizer_comes_before_the_api_key() {
    let world = World::new().await;

    for key in [seed::KEY, seed::DISABLED_KEY] {
        let answer = world.fetch("/dev/pets", &[("dev-auth-token", "bad"), ("x-api-key", key)]).await;

        refuses(&answer, 401, "UnauthorizedException", r#"{"message":"Unauthorized"}"#);
    }
}

#[tokio::test]
async fn the_api_key_comes_after_the_authorizer_and_before_the_integration() {
    let world = World::new().await;
    let token = world.tokens_of(seed::ADA, &[]).await.id;

    let answer = world.call("POST", "/dev/pets", &[("dev-auth-token", &token)], "not a pet").await;

    refuses(&answer, 403, "ForbiddenException", r#"{"message":"Forbidden"}"#);
}

#[tokio::test]
async fn the_quota_comes_before_the_size_of_the_body() {
    let world = World::new().await;
    let token = world.tokens_of(seed::ADA, &[]).await.id;
    let headers = [("dev-auth-token", token.as_str()), ("x-api-key", seed::SLOW_KEY)];
    let large = || vec![b'a'; 10 * 1_024 * 1_024 + 1];

    let first = world.call_with("POST", "/dev/pets", &headers, large()).await;
    let second = world.call_with("POST", "/dev/pets", &headers, large()).await;

    assert_eq!([first.status, second.status], [413, 429]);
}

#[tokio::test]
async fn a_refused_token_uses_no_quota() {
    let world = World::new().await;
    let token = world.tokens_of(seed::ADA, &[]).await.id;
    let key = ("x-api-key", seed::SMALL_QUOTA_KEY);

    for _ in 0..=seed::SMALL_QUOTA {
        assert_eq!(world.fetch("/dev/pets", &[("dev-auth-token", "bad"), key]).await.status, 401);
    }

    assert_eq!(world.fetch("/dev/pets", &[("dev-auth-token", &token), key]).await.status, 200);
}
