//! GET /logout.

use gatepass_sandbox::seed;
use rstest::rstest;

use crate::browser::{World, authorize_query, encoded};

fn to(logout_uri: &str) -> String {
    format!("/logout?{}", encoded(&[("client_id", seed::PUBLIC_CLIENT), ("logout_uri", logout_uri)]))
}

#[tokio::test]
async fn signing_out_clears_the_cookie_ends_the_session_and_goes_to_the_registered_address() {
    let world = World::new().await;
    world.browser.sign_in(seed::ADA, &[]).await;
    let session = world.browser.cookie("cognito").unwrap();

    let answer = world.browser.get(&to("https://example.com/")).await;
    let authorize = format!("/oauth2/authorize?{}", authorize_query(&[]));
    let stolen = format!("cognito={session}");
    let afterwards = world.browser.send(http::Method::GET, &authorize, &[("cookie", &stolen)], None).await;

    assert_eq!((answer.status, answer.location()), (302, "https://example.com/".to_owned()));
    assert_eq!(answer.cookies(), ["cognito=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"]);
    assert!(afterwards.location().starts_with("/login?"));
}

#[tokio::test]
async fn signing_out_can_lead_back_to_the_login_page() {
    let world = World::new().await;
    world.browser.sign_in(seed::ADA, &[]).await;
    let query = authorize_query(&[]);

    let answer = world.browser.get(&format!("/logout?{query}")).await;

    assert_eq!((answer.status, answer.location()), (302, format!("/login?{query}")));
    assert_eq!(world.browser.cookie("cognito").as_deref(), Some(""));
}

#[tokio::test]
async fn logout_uri_wins_over_redirect_uri() {
    let world = World::new().await;
    let query = authorize_query(&[("logout_uri", "gatepass://callback")]);

    assert_eq!(world.browser.get(&format!("/logout?{query}")).await.location(), "gatepass://callback");
}

#[rstest]
#[case("https://elsewhere.example/")]
#[case("https://example.com")]
#[tokio::test]
async fn an_address_that_is_not_registered_is_a_mismatch_and_leaves_the_session(#[case] logout_uri: &str) {
    let world = World::new().await;
    world.browser.sign_in(seed::ADA, &[]).await;

    let answer = world.browser.get(&to(logout_uri)).await;
    let authorize = format!("/oauth2/authorize?{}", authorize_query(&[]));
    let afterwards = world.browser.get(&authorize).await;

    assert!(answer.location().starts_with("/error?error=redirect_mismatch"));
    assert!(afterwards.location().starts_with("https://example.com/#id_token="));
}

#[tokio::test]
async fn signing_out_to_nowhere_is_a_400() {
    let world = World::new().await;

    assert_eq!(world.browser.get(&format!("/logout?client_id={}", seed::PUBLIC_CLIENT)).await.status, 400);
}
