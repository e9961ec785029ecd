//! Which navigation is taken for the answer, and which is not.

use std::time::{Duration, SystemTime};

use gatepass_identity::{Attempt, BlockReason, LIFETIME, Navigation, PoolFacts, SignInOptions, UserPool};
use rstest::rstest;
use url::Url;

use crate::pool::{is_pending, now, state};

const DOMAIN: &str = "https://shop.auth.eu-west-1.amazoncognito.com";

fn pool(callback: &str) -> UserPool {
    UserPool::new(&PoolFacts {
        domain: DOMAIN.into(),
        client_id: "1example23456789abcdefghij".into(),
        callback: callback.into(),
        scopes: vec!["openid".into()],
        ..PoolFacts::default()
    })
    .unwrap()
}

fn start(callback: &str) -> Attempt {
    Attempt::start(&pool(callback), &SignInOptions::default(), now()).unwrap()
}

fn go(attempt: &mut Attempt, url: &str) -> Navigation {
    let url = url.replace("STATE", &state(attempt));
    attempt.navigation(&Url::parse(&url).unwrap(), now())
}

const ANSWER: &str = "#id_token=a.b.c&access_token=d.e.f&expires_in=3600&token_type=Bearer&state=STATE";

fn takes_the_true_one(attempt: &mut Attempt) -> bool {
    let callback = attempt.pool().callback().unwrap().as_str().to_owned();
    matches!(go(attempt, &format!("{callback}{ANSWER}")), Navigation::Callback(Ok(_)))
}

#[rstest]
#[case::look_alike_host("https://example.com.evil.test/")]
#[case::look_alike_before("https://evil-example.com/")]
#[case::subdomain("https://www.example.com/")]
#[case::final_dot("https://example.com./")]
#[case::punycode("https://xn--exmple-cua.com/")]
#[case::user_info_that_looks_like_the_host("https://example.com@evil.test/")]
#[case::user_info_before_the_host("https://ada@example.com/")]
#[case::password_before_the_host("https://:pw@example.com/")]
#[case::backslash("https://example.com\\@evil.test/")]
#[case::other_port("https://example.com:8443/")]
#[case::other_scheme("http://example.com/")]
#[case::other_path("https://example.com/callback")]
#[case::doubled_slash("https://example.com//")]
#[case::path_parameter("https://example.com/;x")]
#[case::encoded_dots_in_the_path("https://example.com/%2e%2e%2f")]
#[case::encoded_dot_in_the_host("https://example.com%2eevil.test/")]
#[case::encoded_slash("https://evil.test%2f@example.com/")]
#[case::host_in_the_path("https://evil.test/https://example.com/")]
#[case::host_in_the_query("https://evil.test/?https://example.com/")]
#[case::inner_hop("https://shop.auth.eu-west-1.amazoncognito.com/oauth2/idpresponse?code=abc&state=STATE")]
#[case::inner_hop_elsewhere("https://idp.example.org/callback?code=abc&state=STATE")]
fn another_place_with_the_right_answer_is_let_through_untouched(#[case] place: &str) {
    let mut attempt = start("https://example.com/");
    let outcome = go(&mut attempt, &format!("{place}{ANSWER}"));
    assert!(matches!(outcome, Navigation::Allow), "{outcome:?}");
    assert!(takes_the_true_one(&mut attempt));
}

#[rstest]
#[case::upper_case_path("https://example.com/Callback", "https://example.com/callback")]
#[case::missing_slash("https://example.com/callback/", "https://example.com/callback")]
#[case::climbing_past("https://example.com/a/b", "https://example.com/a/c/%2e%2e/%2e%2e/b")]
#[case::encoded_letter("https://example.com/callback", "https://example.com/%63allback")]
#[case::localhost_by_number("http://localhost:3000/", "http://127.0.0.1:3000/")]
#[case::other_app_host("gatepass://callback", "gatepass://other")]
fn a_callback_with_a_path_is_compared_letter_by_letter(#[case] callback: &str, #[case] place: &str) {
    let mut attempt = start(callback);
    let outcome = go(&mut attempt, &format!("{place}{ANSWER}"));
    assert!(!matches!(outcome, Navigation::Callback(_)), "{outcome:?}");
    assert!(takes_the_true_one(&mut attempt));
}

#[rstest]
#[case::app("tauri://localhost/index.html")]
#[case::asset("asset://localhost/etc/passwd")]
#[case::ipc("ipc://localhost/cmd")]
#[case::data("data:text/html,hello")]
#[case::blob("blob:https://example.com/1234")]
#[case::file("file:///etc/passwd")]
#[case::script("javascript:alert(1)")]
#[case::about("about:blank")]
#[case::upper_case_app("TAURI://localhost/index.html")]
#[case::callback_in_a_view("view-source:https://example.com/")]
fn a_place_that_is_not_the_web_is_stopped(#[case] place: &str) {
    let mut attempt = start("https://example.com/");
    let outcome = go(&mut attempt, place);
    assert!(matches!(outcome, Navigation::Block(BlockReason::Scheme { .. })), "{outcome:?}");
    assert!(takes_the_true_one(&mut attempt));
}

#[rstest]
#[case::as_captured(
    "https://example.com/#id_token=a.b.c&access_token=d.e.f&expires_in=3600&token_type=Bearer&state=STATE"
)]
#[case::another_order("https://example.com/#state=STATE&token_type=bearer&access_token=d.e.f&id_token=a.b.c")]
#[case::extra_query("https://example.com/?lang=en#id_token=a.b.c&access_token=d.e.f&state=STATE")]
#[case::router_slash("https://example.com/#/access_token=d.e.f&id_token=a.b.c&state=STATE")]
#[case::state_in_both("https://example.com/?state=STATE#access_token=d.e.f&id_token=a.b.c&state=STATE")]
#[case::upper_case_scheme_and_host("HTTPS://EXAMPLE.COM/#access_token=d.e.f&id_token=a.b.c&state=STATE")]
#[case::default_port("https://example.com:443/#access_token=d.e.f&id_token=a.b.c&state=STATE")]
#[case::encoded_host("https://example%2ecom/#access_token=d.e.f&id_token=a.b.c&state=STATE")]
#[case::unknown_parameters("https://example.com/#x=1&access_token=d.e.f&id_token=a.b.c&state=STATE&y")]
fn the_true_answer_is_taken_in_every_shape_that_was_seen(#[case] url: &str) {
    let mut attempt = start("https://example.com/");
    let outcome = go(&mut attempt, url);
    assert!(matches!(outcome, Navigation::Callback(Ok(_))), "{outcome:?}");
    assert!(!is_pending(&mut attempt, now()));
}

#[rstest]
#[case("https://example.com")]
#[case("https://example.com/signed-in?fixed=1")]
#[case("http://localhost:3000/callback")]
#[case("http://127.0.0.1:1/")]
#[case("http://[::1]:4180/")]
#[case("gatepass://callback")]
#[case("com.example.app:/signed-in")]
fn every_form_of_callback_is_recognised(#[case] callback: &str) {
    assert!(takes_the_true_one(&mut start(callback)));
}

/// A frame or a page's own history can bring these; none may end the user's sign-in.
#[rstest]
#[case::without_state("https://example.com/#id_token=a.b.c&access_token=d.e.f", BlockReason::NoState)]
#[case::bare("https://example.com/", BlockReason::NoState)]
#[case::framed("https://example.com/?framed=1", BlockReason::NoState)]
#[case::code_without_state("https://example.com/?code=abc", BlockReason::NoState)]
#[case::empty_state("https://example.com/#access_token=d.e.f&state=", BlockReason::ForeignState)]
#[case::invented_state("https://example.com/#access_token=d.e.f&state=0123456789", BlockReason::ForeignState)]
#[case::longer_state("https://example.com/#access_token=d.e.f&state=STATEx", BlockReason::ForeignState)]
#[case::blank_in_state("https://example.com/#access_token=d.e.f&state=+STATE", BlockReason::ForeignState)]
#[case::foreign_state_of_an_error("https://example.com/?error=access_denied&state=x", BlockReason::ForeignState)]
#[case::two_states("https://example.com/?state=x#access_token=d.e.f&state=STATE", BlockReason::Ambiguous { parameter: "state" })]
#[case::two_tokens("https://example.com/#id_token=a.b.c&id_token=x.y.z&state=STATE", BlockReason::Ambiguous { parameter: "id_token" })]
fn a_forged_answer_is_stopped_and_the_true_one_still_comes_through(#[case] url: &str, #[case] expected: BlockReason) {
    let mut attempt = start("https://example.com/");
    match go(&mut attempt, url) {
        Navigation::Block(reason) => assert_eq!(reason, expected),
        other => panic!("{other:?}"),
    }
    assert!(is_pending(&mut attempt, now()));
    assert!(takes_the_true_one(&mut attempt));
}

/// Any page can send the browser to the callback while a sign-in waits there.
#[rstest]
#[case::in_the_query("https://example.com/?error=x&error_description=Call+0800", BlockReason::NoState)]
#[case::in_the_fragment("https://example.com/#error=access_denied", BlockReason::NoState)]
#[case::with_an_invented_state("https://example.com/?error=access_denied&state=x", BlockReason::ForeignState)]
#[case::without_any_answer("https://example.com/", BlockReason::NoState)]
#[case::at_another_place("https://evil.test/?error=access_denied&state=STATE", BlockReason::NotTheCallback)]
#[case::on_the_pool_s_error_page(
    "https://shop.auth.eu-west-1.amazoncognito.com/error?error=x",
    BlockReason::NotTheCallback
)]
fn what_a_browser_brings_without_the_state_is_ignored_errors_too(#[case] url: &str, #[case] expected: BlockReason) {
    let mut attempt = start("https://example.com/");
    let state = state(&attempt);
    let mut bring = |url: &str| {
        let url = Url::parse(&url.replace("STATE", &state)).unwrap();
        attempt.answer_from_browser(&url, now())
    };
    match bring(url) {
        Navigation::Block(reason) => assert_eq!(reason, expected),
        other => panic!("{other:?}"),
    }
    let outcome = bring(&format!("https://example.com/{ANSWER}"));
    assert!(matches!(outcome, Navigation::Callback(Ok(_))), "{outcome:?}");
    let outcome = bring(&format!("https://example.com/{ANSWER}"));
    assert!(matches!(outcome, Navigation::Block(BlockReason::AlreadyAnswered)), "{outcome:?}");
}

#[test]
fn an_error_that_a_browser_brings_with_the_state_is_the_answer() {
    let mut attempt = start("https://example.com/");
    let url = format!("https://example.com/?error=access_denied&state={}", state(&attempt));
    let outcome = attempt.answer_from_browser(&Url::parse(&url).unwrap(), now());
    assert!(matches!(outcome, Navigation::Callback(Err(_))), "{outcome:?}");
    assert!(!is_pending(&mut attempt, now()));
}

#[test]
fn tokens_in_the_query_are_not_taken() {
    let mut attempt = start("https://example.com/");
    let outcome = go(&mut attempt, "https://example.com/?id_token=a.b.c&access_token=d.e.f&state=STATE");
    assert!(matches!(outcome, Navigation::Callback(Err(_))), "{outcome:?}");
}

#[test]
fn an_answer_is_taken_once() {
    let mut attempt = start("https://example.com/");
    assert!(takes_the_true_one(&mut attempt));
    for url in ["https://example.com/#access_token=d.e.f&state=STATE", "https://example.com/?error=access_denied"] {
        let outcome = go(&mut attempt, url);
        assert!(matches!(outcome, Navigation::Block(BlockReason::AlreadyAnswered)), "{outcome:?}");
    }
}

#[test]
fn an_attempt_dies_after_five_minutes() {
    let mut attempt = start("https://example.com/");
    let answer = Url::parse(&format!("https://example.com/{}", ANSWER.replace("STATE", &state(&attempt)))).unwrap();
    let late = now() + LIFETIME;
    assert!(is_pending(&mut attempt, late - Duration::from_secs(1)));
    assert!(!is_pending(&mut attempt, late));
    assert!(matches!(attempt.navigation(&answer, late), Navigation::Block(BlockReason::Expired)));
    assert_eq!(attempt.deadline(), late);
}

#[test]
fn a_cancelled_attempt_takes_nothing() {
    let mut attempt = start("https://example.com/");
    attempt.cancel();
    assert!(!is_pending(&mut attempt, now()));
    let outcome = go(&mut attempt, &format!("https://example.com/{ANSWER}"));
    assert!(matches!(outcome, Navigation::Block(BlockReason::Cancelled)), "{outcome:?}");
}

#[test]
fn two_attempts_at_once_take_each_their_own_answer() {
    let (mut one, mut other) = (start("https://example.com/"), start("https://example.com/"));
    let answer = |attempt: &Attempt| {
        Url::parse(&format!("https://example.com/{}", ANSWER.replace("STATE", &state(attempt)))).unwrap()
    };
    let (for_one, for_other) = (answer(&one), answer(&other));
    let swapped = [one.navigation(&for_other, now()), other.navigation(&for_one, now())];
    assert!(swapped.iter().all(|outcome| matches!(outcome, Navigation::Block(BlockReason::ForeignState))));
    assert!(matches!(one.navigation(&for_one, now()), Navigation::Callback(Ok(_))));
    assert!(matches!(other.navigation(&for_other, now()), Navigation::Callback(Ok(_))));
    assert_ne!(one.id(), other.id());
}

#[test]
fn a_clock_that_was_set_back_does_not_end_an_attempt() {
    let mut attempt = start("https://example.com/");
    let answer = Url::parse(&format!("https://example.com/{}", ANSWER.replace("STATE", &state(&attempt)))).unwrap();
    let outcome = attempt.navigation(&answer, SystemTime::UNIX_EPOCH);
    assert!(matches!(outcome, Navigation::Callback(Ok(_))), "{outcome:?}");
}
