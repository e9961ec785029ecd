//! The HTTP API with its JWT authorizer.

use gatepass_sandbox::seed;
use rstest::rstest;

use crate::browser::{Answer, World};

async fn call(world: &World, path: &str, token: Option<&str>) -> Answer {
    let headers: Vec<(&str, &str)> = token.map(|token| ("authorization", token)).into_iter().collect();
    let answer = world.fetch(&format!("/http-api{path}"), &headers).await;
    assert_eq!((answer.header("apigw-requestid").len(), answer.header("x-amzn-requestid")), (16, ""));
    answer
}

fn unauthorized(answer: &Answer, challenge: &str) {
    let found = (answer.status, answer.header("www-authenticate"), answer.body.as_str());
    assert_eq!(found, (401, challenge, r#"{"message":"Unauthorized"}"#));
}

#[tokio::test]
async fn id_and_access_tokens_are_both_taken_bare_or_as_bearer() {
    let world = World::new().await;
    let tokens = world.tokens_of(seed::ADA, &[]).await;

    for token in [&tokens.id, &tokens.access] {
        assert_eq!(call(&world, "/pets", Some(token)).await.status, 200);
        assert_eq!(call(&world, "/pets", Some(&format!("Bearer {token}"))).await.status, 200);
    }
}

#[tokio::test]
async fn no_token_is_answered_with_a_bare_challenge() {
    let world = World::new().await;

    unauthorized(&call(&world, "/pets", None).await, "Bearer");
}

#[tokio::test]
async fn another_clients_token_has_no_valid_audience() {
    let world = World::new().await;
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", seed::SECRET_CLIENT),
        ("client_secret", seed::CLIENT_SECRET),
    ];
    let tokens = world.browser.post("/oauth2/token", &fields).await.json();

    let answer = call(&world, "/pets", tokens["access_token"].as_str()).await;

    let challenge =
        r#"Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience""#;
    unauthorized(&answer, challenge);
}

#[tokio::test]
async fn an_expired_token_is_told_so_with_the_routes_scope() {
    let world = World::new().await;
    let token = world.tokens_of(seed::ADA, &[]).await.access;
    world.later(3_600);

    let answer = call(&world, "/scoped/pets", Some(&token)).await;

    let challenge = r#"Bearer scope="petstore/read" error="invalid_token" error_description="the token has expired""#;
    unauthorized(&answer, challenge);
}

#[rstest]
#[case("rubbish", "number of segments")]
#[case("e30.e30.e30", "header is invalid")]
#[tokio::test]
async fn a_token_that_is_none_is_told_what_is_wrong_with_it(#[case] token: &str, #[case] words: &str) {
    let world = World::new().await;

    let answer = call(&world, "/pets", Some(token)).await;

    assert_eq!(answer.status, 401);
    assert!(answer.header("www-authenticate").contains(words), "{}", answer.header("www-authenticate"));
}

#[tokio::test]
async fn a_token_of_another_pool_has_no_valid_issuer() {
    let (world, other) = (World::new().await, World::new().await);

    let answer = call(&world, "/pets", Some(&other.tokens_of(seed::ADA, &[]).await.id)).await;

    assert!(answer.header("www-authenticate").contains("valid issuer"));
}

#[rstest]
#[case("openid petstore/read", 200)]
#[case("openid", 403)]
#[tokio::test]
async fn a_route_with_a_scope_needs_it(#[case] scope: &str, #[case] status: u16) {
    let world = World::new().await;
    let token = world.tokens_of(seed::ADA, &[("scope", scope)]).await.access;

    assert_eq!(call(&world, "/scoped/pets", Some(&token)).await.status, status);
}

#[tokio::test]
async fn an_unknown_route_is_not_found_and_a_public_one_needs_no_token() {
    let world = World::new().await;

    let unknown = call(&world, "/nowhere", None).await;
    let base = call(&world, "", None).await;
    let public = call(&world, "/public/pets", None).await;

    assert_eq!((unknown.status, unknown.body.as_str()), (404, r#"{"message":"Not Found"}"#));
    assert_eq!([base.status, public.status], [404, 200]);
}

#[tokio::test]
async fn the_sandbox_tells_where_the_api_is() {
    let world = World::new().await;

    assert_eq!(world.sandbox.http_api_url(), format!("{}/http-api", world.sandbox.gateway_origin()));
}
