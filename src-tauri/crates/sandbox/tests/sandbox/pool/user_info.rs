//! GET /oauth2/userInfo.

use gatepass_sandbox::seed;
use http::Method;
use rstest::rstest;
use serde_json::json;

use crate::browser::{Answer, World, claims};

const DEAD: &str = "error=\"invalid_token\", error_description=\"Access token is expired, disabled, or deleted, or the \
                    user has globally signed out.\"";

async fn ask(world: &World, authorization: &str) -> Answer {
    world.browser.send(Method::GET, "/oauth2/userInfo", &[("authorization", authorization)], None).await
}

#[tokio::test]
async fn the_attributes_come_with_the_flags_as_text() {
    let world = World::new().await;
    let tokens = world.tokens_of(seed::ADA, &[]).await;

    let answer = ask(&world, &format!("Bearer {}", tokens.access)).await;

    let expected = json!({
        "sub": claims(&tokens.id)["sub"],
        "email_verified": "true",
        "email": "ada@example.com",
        "phone_number_verified": "false",
        "phone_number": "+15550100",
        "username": "ada",
    });
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[rstest]
#[case::id_token(true, "openid", 0)]
#[case::without_openid(false, "email", 0)]
#[case::expired(false, "openid", 3_600)]
#[tokio::test]
async fn a_token_that_is_not_good_here_is_a_401(#[case] id: bool, #[case] scope: &str, #[case] seconds: u64) {
    let world = World::new().await;
    let tokens = world.tokens_of(seed::ADA, &[("scope", scope)]).await;
    world.later(seconds);

    let answer = ask(&world, &format!("Bearer {}", if id { tokens.id } else { tokens.access })).await;

    assert_eq!((answer.status, answer.header("www-authenticate")), (401, DEAD));
}

#[tokio::test]
async fn a_token_that_is_none_is_a_401() {
    let world = World::new().await;

    assert_eq!(ask(&world, "Bearer made.up.token").await.header("www-authenticate"), DEAD);
}

#[rstest]
#[case("Basic abc")]
#[case("")]
#[tokio::test]
async fn no_bearer_token_is_a_400(#[case] authorization: &str) {
    let world = World::new().await;

    let answer = ask(&world, authorization).await;

    assert_eq!(answer.status, 400);
    assert!(answer.header("www-authenticate").contains("error=\"invalid_request\""));
}
