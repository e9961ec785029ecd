//! The forced new password.

use gatepass_sandbox::seed;
use rstest::rstest;

use crate::browser::{Answer, World, authorize_query};

const OWN_PASSWORD: &str = "My-Own-Password-1";

async fn change(world: &World, page: &Answer, first: &str, second: &str) -> Answer {
    let (csrf, session) = (page.hidden("_csrf"), page.hidden("session"));
    let fields = [
        ("_csrf", csrf.as_str()),
        ("session", session.as_str()),
        ("new_password", first),
        ("confirm_password", second),
    ];
    world.browser.post(&format!("/changePassword?{}", authorize_query(&[])), &fields).await
}

#[tokio::test]
async fn a_temporary_password_leads_to_the_page_for_a_new_one() {
    let world = World::new().await;

    let page = world.browser.sign_in(seed::NEWCOMER, &[]).await;

    assert_eq!((page.status, page.location()), (200, String::new()));
    assert!(page.body.contains("name=\"new_password\"") && page.body.contains("name=\"confirm_password\""));
    assert!(page.body.contains("Change Password"));
    assert_eq!(world.browser.cookie("cognito"), None);
}

#[tokio::test]
async fn the_new_password_signs_in_and_the_temporary_one_no_more() {
    let world = World::new().await;
    let page = world.browser.sign_in(seed::NEWCOMER, &[]).await;

    let changed = change(&world, &page, OWN_PASSWORD, OWN_PASSWORD).await;
    let with_new = world.browser.sign_in((seed::NEWCOMER.0, OWN_PASSWORD), &[]).await;
    let with_temporary = world.browser.sign_in(seed::NEWCOMER, &[]).await;

    assert_eq!(changed.status, 302);
    let location = changed.location();
    let (callback, fragment) = location.split_once('#').unwrap();
    assert!(callback.starts_with("https://example.com/?"), "an extra query was recorded after this step: {callback}");
    assert!(fragment.starts_with("id_token="));
    assert!(with_new.location().starts_with("https://example.com/#id_token="));
    assert!(with_temporary.body.contains("Incorrect username or password."));
}

#[rstest]
#[case("Sh0rt!a", "Sh0rt!a", "Password not long enough")]
#[case("no-upper-case-1", "no-upper-case-1", "must have uppercase characters")]
#[case("NO-LOWER-CASE-1", "NO-LOWER-CASE-1", "must have lowercase characters")]
#[case("No-Digit-At-All", "No-Digit-At-All", "must have numeric characters")]
#[case("NoSymbolAtAll1", "NoSymbolAtAll1", "must have symbol characters")]
#[case("My-Own-Password-1", "My-Own-Password-2", "The passwords do not match.")]
#[tokio::test]
async fn a_password_that_breaks_a_rule_is_asked_for_again(
    #[case] first: &str,
    #[case] second: &str,
    #[case] message: &str,
) {
    let world = World::new().await;
    let page = world.browser.sign_in(seed::NEWCOMER, &[]).await;

    let again = change(&world, &page, first, second).await;
    let then = change(&world, &again, OWN_PASSWORD, OWN_PASSWORD).await;

    assert_eq!(again.status, 200);
    assert!(again.body.contains(message), "{message}");
    assert_eq!(then.status, 302);
}

#[tokio::test]
async fn the_page_can_be_posted_once_and_for_three_minutes() {
    let world = World::new().await;
    let page = world.browser.sign_in(seed::NEWCOMER, &[]).await;
    let late_page = world.browser.sign_in(seed::NEWCOMER, &[]).await;

    let first = change(&world, &page, OWN_PASSWORD, OWN_PASSWORD).await;
    let second = change(&world, &page, "Another-Password-1", "Another-Password-1").await;
    world.later(180);
    let late = change(&world, &late_page, "Another-Password-1", "Another-Password-1").await;

    assert_eq!([first.status, second.status, late.status], [302, 400, 400]);
}

#[tokio::test]
async fn a_temporary_password_is_good_for_seven_days() {
    let world = World::new().await;

    world.later(7 * 24 * 3_600);
    let answer = world.browser.sign_in(seed::NEWCOMER, &[]).await;

    assert!(answer.body.contains("Temporary password has expired"));
}
