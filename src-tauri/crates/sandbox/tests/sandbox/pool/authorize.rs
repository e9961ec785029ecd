//! GET /oauth2/authorize: where each bad request ends.

use gatepass_sandbox::{LoginPages, seed};
use rstest::rstest;

use crate::browser::{World, authorize_query};

#[rstest]
#[case::another_path(seed::PUBLIC_CLIENT, "https://example.com/other")]
#[case::no_slash_at_the_end(seed::PUBLIC_CLIENT, "https://example.com")]
#[case::a_port(seed::PUBLIC_CLIENT, "https://example.com:443/")]
#[case::upper_case(seed::PUBLIC_CLIENT, "https://EXAMPLE.com/")]
#[case::a_slash_more(seed::PUBLIC_CLIENT, "http://localhost:4180/callback/")]
#[case::none(seed::PUBLIC_CLIENT, "")]
#[tokio::test]
async fn a_callback_that_is_not_registered_letter_for_letter_is_a_mismatch(
    #[case] client: &str,
    #[case] redirect_uri: &str,
) {
    let world = World::new().await;
    let query = authorize_query(&[("client_id", client), ("redirect_uri", redirect_uri)]);

    for page in ["/oauth2/authorize", "/login"] {
        let answer = world.browser.get(&format!("{page}?{query}")).await;

        assert_eq!(answer.status, 302);
        assert_eq!(answer.location(), format!("/error?error=redirect_mismatch&client_id={client}"));
    }
}

#[tokio::test]
async fn an_unknown_client_ends_at_the_error_page_and_never_at_the_callback() {
    let world = World::new().await;

    let answer = world.browser.get(&format!("/oauth2/authorize?{}", authorize_query(&[("client_id", "nobody")]))).await;

    assert_eq!((answer.status, answer.location()), (302, "/error?error=invalid_client&client_id=nobody".to_owned()));
}

#[rstest]
#[case::id_token_as_response_type(&[("response_type", "id_token")], "invalid_request")]
#[case::both_response_types(&[("response_type", "id_token token")], "invalid_request")]
#[case::no_response_type(&[("response_type", "")], "invalid_request")]
#[case::a_plain_challenge(&[("response_type", "code"), ("code_challenge", "c"), ("code_challenge_method", "plain")], "invalid_request")]
#[case::a_challenge_without_its_method(&[("response_type", "code"), ("code_challenge", "c")], "invalid_request")]
#[case::an_unknown_identity_provider(&[("identity_provider", "Elsewhere")], "invalid_request")]
#[case::a_provider_in_other_case(&[("identity_provider", "google")], "invalid_request")]
#[case::an_unknown_identifier(&[("idp_identifier", "example.com")], "invalid_request")]
#[case::implicit_is_not_ticked(&[("client_id", seed::CODE_CLIENT), ("scope", "openid")], "unauthorized_client")]
#[case::implicit_is_not_ticked_with_secret(&[("client_id", seed::SECRET_CLIENT)], "unauthorized_client")]
#[case::a_scope_of_another_client(&[("scope", "openid petstore/write")], "invalid_scope")]
#[case::a_misspelt_scope(&[("scope", "opened")], "invalid_scope")]
#[tokio::test]
async fn an_error_is_told_in_the_callbacks_query_with_the_state(#[case] changes: &[(&str, &str)], #[case] error: &str) {
    let world = World::new().await;

    for page in ["/oauth2/authorize", "/login"] {
        let answer = world.browser.get(&format!("{page}?{}", authorize_query(changes))).await;

        assert_eq!(answer.status, 302);
        assert!(answer.location().starts_with(&format!("https://example.com/?error={error}")), "{}", answer.location());
        assert_eq!(answer.location_parameter("state").as_deref(), Some("the state"));
    }
}

#[tokio::test]
async fn a_trigger_that_fails_is_a_server_error_after_the_sign_in() {
    let world = World::new().await;

    let answer = world.browser.sign_in(seed::ADA, &[("client_id", seed::FAILING_CLIENT), ("scope", "openid")]).await;

    assert_eq!(answer.location_parameter("error").as_deref(), Some("server_error"));
    assert_eq!(answer.location_parameter("state").as_deref(), Some("the state"));
}

#[tokio::test]
async fn the_login_page_gets_the_same_parameters() {
    let world = World::new().await;
    let query =
        "response_type=token&client_id=1example23456789abcdefghij&redirect_uri=https%3A%2F%2Fexample.com/&x=%20";

    let answer = world.browser.get(&format!("/oauth2/authorize?{query}")).await;

    assert_eq!((answer.status, answer.location()), (302, format!("/login?{query}")));
}

#[tokio::test]
async fn the_classic_pages_ignore_prompt() {
    let world = World::new().await;
    let authorize = format!("/oauth2/authorize?{}", authorize_query(&[("prompt", "none")]));

    let answer = world.browser.get(&authorize).await;

    assert!(answer.location().starts_with("/login?"));
}

#[tokio::test]
async fn managed_login_honours_prompt() {
    let world = World::with(|options| options.login_pages = LoginPages::Managed).await;
    let silent = format!("/oauth2/authorize?{}", authorize_query(&[("prompt", "none")]));
    let interactive = format!("/oauth2/authorize?{}", authorize_query(&[("prompt", "login")]));

    let without_session = world.browser.get(&silent).await;
    world.browser.sign_in(seed::ADA, &[]).await;
    let with_session = world.browser.get(&silent).await;
    let asked_again = world.browser.get(&interactive).await;

    assert_eq!(without_session.location(), "https://example.com/?error=login_required&state=the+state");
    assert!(with_session.location().starts_with("https://example.com/#id_token="));
    assert!(asked_again.location().starts_with("/login?"));
}

#[tokio::test]
async fn managed_login_without_a_style_shows_no_form() {
    let world = World::with(|options| options.login_pages = LoginPages::Unbranded).await;

    let answer = world.browser.get(&format!("/login?{}", authorize_query(&[]))).await;

    assert!(answer.body.contains("Login pages unavailable"));
    assert!(!answer.body.contains("<form"));
}

#[tokio::test]
async fn the_error_page_is_a_400_that_shows_the_code_as_text() {
    let world = World::new().await;

    let answer = world.browser.get("/error?error=redirect_mismatch%3Cb%3E&client_id=x").await;

    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("An error was encountered with the requested page."));
    assert!(answer.body.contains("redirect_mismatch&lt;b&gt;"));
}

#[tokio::test]
async fn a_path_that_the_domain_does_not_have_is_a_404() {
    let world = World::new().await;

    assert_eq!(world.browser.get("/oauth2/elsewhere").await.status, 404);
}
