//! Signing up, confirming, and a forgotten password.

use gatepass_sandbox::seed;
use rstest::rstest;

use crate::browser::{Answer, World, authorize_query, encoded};

const PASSWORD: &str = "A-Good-Password-1";

async fn sign_up(world: &World, username: &str, email: &str, password: &str) -> Answer {
    let page = format!("/signup?{}", authorize_query(&[]));
    let csrf = world.browser.get(&page).await.hidden("_csrf");
    let fields = [
        ("_csrf", csrf.as_str()),
        ("username", username),
        ("requiredAttributes[email]", email),
        ("password", password),
    ];
    world.browser.post(&page, &fields).await
}

async fn forget(world: &World, username: &str) -> Answer {
    let page = format!("/forgotPassword?{}", authorize_query(&[]));
    let csrf = world.browser.get(&page).await.hidden("_csrf");
    world.browser.post(&page, &[("_csrf", &csrf), ("username", username)]).await
}

#[tokio::test]
async fn a_new_account_is_confirmed_with_the_code_and_signed_in() {
    let world = World::new().await;

    let made = sign_up(&world, "lovelace", "lovelace@example.com", PASSWORD).await;
    let confirm = made.location();
    let page = world.browser.get(&confirm).await;
    let (csrf, code) = (page.hidden("_csrf"), page.sent_code());
    let wrong = world.browser.post(&confirm, &[("_csrf", &csrf), ("verification_code", "wrong")]).await;
    let right = world.browser.post(&confirm, &[("_csrf", &csrf), ("verification_code", &code)]).await;
    let afterwards = world.browser.sign_in(("lovelace", PASSWORD), &[]).await;

    assert!(confirm.starts_with("/confirm?"), "{confirm}");
    assert!(wrong.body.contains("Invalid verification code provided"));
    assert!(right.location().starts_with("https://example.com/#id_token="));
    assert!(afterwards.location().starts_with("https://example.com/#id_token="));
}

#[tokio::test]
async fn an_account_that_is_not_confirmed_is_sent_to_its_confirmation() {
    let world = World::new().await;
    sign_up(&world, "lovelace", "lovelace@example.com", PASSWORD).await;

    let answer = world.browser.sign_in(("lovelace", PASSWORD), &[]).await;

    assert!(answer.location().starts_with("/confirm?"));
    assert!(answer.location().ends_with("&username=lovelace"));
}

#[tokio::test]
async fn another_code_replaces_the_first() {
    let world = World::new().await;
    let confirm = sign_up(&world, "lovelace", "lovelace@example.com", PASSWORD).await.location();
    let page = world.browser.get(&confirm).await;
    let (csrf, query) = (page.hidden("_csrf"), confirm.split_once('?').unwrap().1.to_owned());

    let resent = world.browser.post(&format!("/resendcode?{query}"), &[("_csrf", &csrf)]).await;
    let second = world.browser.get(&confirm).await.sent_code();
    let answer = world.browser.post(&confirm, &[("_csrf", &csrf), ("verification_code", &second)]).await;

    assert_eq!((resent.status, resent.location()), (302, confirm));
    assert!(answer.location().starts_with("https://example.com/#id_token="));
}

#[tokio::test]
async fn the_link_of_a_mail_confirms_as_well() {
    let world = World::new().await;
    let confirm = sign_up(&world, "lovelace", "lovelace@example.com", PASSWORD).await.location();
    let code = world.browser.get(&confirm).await.sent_code();
    let link = |code: &str| {
        let query = [("client_id", seed::PUBLIC_CLIENT), ("user_name", "lovelace"), ("confirmation_code", code)];
        format!("/confirmUser?{}", encoded(&query))
    };

    let wrong = world.browser.get(&link("wrong")).await;
    let right = world.browser.get(&link(&code)).await;

    assert_eq!(wrong.status, 400);
    assert_eq!(right.status, 200);
    assert!(right.body.contains("Your registration has been confirmed!"));
}

#[rstest]
#[case("ada", "other@example.com", PASSWORD, "User already exists")]
#[case("other", "ada@example.com", PASSWORD, "User already exists")]
#[case("other", "other@example.com", "weak", "Password not long enough")]
#[case("o t h e r", "other@example.com", PASSWORD, "Enter a username")]
#[case("other", "nowhere", PASSWORD, "an email address")]
#[tokio::test]
async fn an_account_that_cannot_be_is_refused_on_the_form(
    #[case] username: &str,
    #[case] email: &str,
    #[case] password: &str,
    #[case] message: &str,
) {
    let world = World::new().await;

    let answer = sign_up(&world, username, email, password).await;

    assert_eq!(answer.status, 200);
    assert!(answer.body.contains(message), "{message}");
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_with_the_code() {
    let world = World::new().await;
    let confirm = forget(&world, "ada").await.location();
    let page = world.browser.get(&confirm).await;
    let (csrf, code) = (page.hidden("_csrf"), page.sent_code());
    let reset = async |code: &str, first: &str, second: &str| {
        let fields = [
            ("_csrf", csrf.as_str()),
            ("verification_code", code),
            ("new_password", first),
            ("confirm_password", second),
        ];
        world.browser.post(&confirm, &fields).await
    };

    let wrong_code = reset("wrong", PASSWORD, PASSWORD).await;
    let weak = reset(&code, "weak", "weak").await;
    let differs = reset(&code, PASSWORD, "Another-Password-1").await;
    let right = reset(&code, PASSWORD, PASSWORD).await;
    let again = reset(&code, PASSWORD, PASSWORD).await;

    assert!(confirm.starts_with("/confirmforgotPassword?"));
    assert!(wrong_code.body.contains("Invalid verification code provided"));
    assert!(weak.body.contains("Password not long enough"));
    assert!(differs.body.contains("The passwords do not match."));
    assert!(right.location().starts_with("/login?"));
    assert!(again.body.contains("Invalid verification code provided"));
    assert_eq!(world.browser.sign_in(("ada", PASSWORD), &[]).await.status, 302);
    assert_eq!(world.browser.sign_in(seed::ADA, &[]).await.status, 200);
}

#[tokio::test]
async fn who_must_still_change_a_temporary_password_cannot_reset_it() {
    let world = World::new().await;

    let answer = forget(&world, seed::NEWCOMER.0).await;

    assert!(answer.body.contains("User password cannot be reset in the current state."));
}

#[tokio::test]
async fn a_name_that_nobody_has_is_answered_like_one_that_somebody_has() {
    let world = World::new().await;

    assert!(forget(&world, "nobody").await.location().starts_with("/confirmforgotPassword?"));
}

#[rstest]
#[case("/signup")]
#[case("/confirm")]
#[case("/resendcode")]
#[case("/forgotPassword")]
#[case("/confirmforgotPassword")]
#[case("/changePassword")]
#[tokio::test]
async fn no_form_is_read_that_is_not_from_its_page(#[case] path: &str) {
    let world = World::new().await;

    let answer = world.browser.post(&format!("{path}?{}", authorize_query(&[])), &[("username", "ada")]).await;

    assert_eq!(answer.status, 403);
}
