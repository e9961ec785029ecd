//! What a user pool says when it refuses, in words.

use gatepass_identity::{Attempt, Navigation, PoolFacts, Refusal, RefusalCode, SignInOptions, UserPool};
use rstest::rstest;
use url::Url;

use crate::pool::{is_pending, now, state};

fn start() -> Attempt {
    start_with(&SignInOptions::default())
}

fn start_with(options: &SignInOptions) -> Attempt {
    let pool = UserPool::new(&PoolFacts {
        domain: "https://shop.auth.eu-west-1.amazoncognito.com".into(),
        client_id: "1example23456789abcdefghij".into(),
        callback: "http://localhost:3000/callback".into(),
        scopes: vec!["openid".into(), "shop/read".into()],
        ..PoolFacts::default()
    });
    Attempt::start(&pool.unwrap(), options, now()).unwrap()
}

fn refused(attempt: &mut Attempt, rest: &str) -> Refusal {
    let url = format!("http://localhost:3000/callback{}", rest.replace("STATE", &state(attempt)));
    match attempt.navigation(&Url::parse(&url).unwrap(), now()) {
        Navigation::Callback(Err(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case("access_denied", RefusalCode::AccessDenied, "declined")]
#[case("invalid_request", RefusalCode::InvalidRequest, "Check that client 1example23456789abcdefghij exists")]
#[case("invalid_client", RefusalCode::InvalidClient, "Compare the client id")]
#[case("unauthorized_client", RefusalCode::UnauthorizedClient, "tick Implicit grant")]
#[case("invalid_scope", RefusalCode::InvalidScope, "Asked for: openid shop/read")]
#[case("server_error", RefusalCode::ServerError, "Lambda trigger")]
#[case("temporarily_unavailable", RefusalCode::TemporarilyUnavailable, "Try again in a minute")]
#[case("login_required", RefusalCode::LoginRequired, "Sign in again with the form")]
#[case("redirect_mismatch", RefusalCode::RedirectMismatch, "add exactly http://localhost:3000/callback")]
#[case("unsupported_response_type", RefusalCode::UnsupportedResponseType, "Tick Implicit grant")]
#[case("teapot", RefusalCode::Unknown, "documentation")]
fn an_error_is_told_with_its_fix_from_query_and_fragment(
    #[case] error: &str,
    #[case] code: RefusalCode,
    #[case] expected: &str,
    #[values("?error=E&state=STATE", "?error=E", "#error=E&state=STATE", "#/error=E", "?x=1&state=STATE#error=E")]
    place: &str,
) {
    let mut attempt = start();
    let refusal =
        refused(&mut attempt, &place.replace('E', error).replace("STATE".replace('E', error).as_str(), "STATE"));
    assert_eq!(refusal.code, code);
    let words = refusal.to_string();
    assert!(words.contains(expected), "{words}");
    assert!(!is_pending(&mut attempt, now()));
}

#[test]
fn a_scope_that_only_this_identity_asks_for_is_named_too() {
    let options = SignInOptions { extra_scopes: vec!["shop/reed".into()], ..SignInOptions::default() };
    let refusal = refused(&mut start_with(&options), "?error=invalid_scope");
    assert!(refusal.fix.contains("Asked for: openid shop/read shop/reed."), "{refusal}");
}

#[test]
fn the_pool_s_own_words_are_shown_but_cut_to_size() {
    let refusal = refused(&mut start(), "?error=invalid_request&error_description=Code%0Achallenge+required");
    assert_eq!(refusal.said.as_deref(), Some("Codechallenge required"));
    let long = refused(&mut start(), &format!("?error=invalid_request&error_description={}", "x".repeat(5_000)));
    assert_eq!(long.said.unwrap().len(), 200);
    assert_eq!(refused(&mut start(), "?error=teapot").said.as_deref(), Some("teapot"));
}

#[test]
fn a_callback_that_is_not_registered_is_told_from_the_pool_s_error_page() {
    let mut attempt = start();
    let page = "https://shop.auth.eu-west-1.amazoncognito.com/error?error=redirect_mismatch&client_id=1example23456789abcdefghij";
    match attempt.navigation(&Url::parse(page).unwrap(), now()) {
        Navigation::HostedUiError(refusal) => {
            assert_eq!(refusal.code, RefusalCode::RedirectMismatch);
            assert!(refusal.fix.contains("add exactly http://localhost:3000/callback"), "{refusal}");
        }
        other => panic!("{other:?}"),
    }
    assert!(is_pending(&mut attempt, now()));
}

#[rstest]
#[case::other_host("https://evil.test/error?error=redirect_mismatch")]
#[case::other_page("https://shop.auth.eu-west-1.amazoncognito.com/login?error=redirect_mismatch")]
#[case::no_error("https://shop.auth.eu-west-1.amazoncognito.com/error")]
fn another_page_with_an_error_in_it_is_no_refusal(#[case] page: &str) {
    let outcome = start().navigation(&Url::parse(page).unwrap(), now());
    assert!(matches!(outcome, Navigation::Allow), "{outcome:?}");
}

#[test]
fn an_answer_without_tokens_is_told() {
    assert_eq!(refused(&mut start(), "#state=STATE&expires_in=3600").code, RefusalCode::NoTokens);
    assert_eq!(refused(&mut start(), "?code=abc&state=STATE").code, RefusalCode::NoTokens);
}
