//! GET and POST /login: the form, its protection, and what follows.

use gatepass_sandbox::{LoginPages, seed};
use rstest::rstest;

use crate::browser::{World, authorize_query};

#[tokio::test]
async fn the_form_stands_twice_for_phone_and_desktop() {
    let world = World::new().await;

    let page = world.browser.get(&format!("/login?{}", authorize_query(&[]))).await;

    assert_eq!(page.status, 200);
    for part in [
        "<form name=\"cognitoSignInForm\" action=\"/login?response_type=token&amp;",
        "method=\"POST\"",
        "<input type=\"hidden\" name=\"_csrf\" value=\"",
        "<input type=\"hidden\" name=\"cognitoAsfData\" value=\"\"",
        "<input id=\"signInFormUsername\" name=\"username\"",
        "<input id=\"signInFormPassword\" name=\"password\" type=\"password\"",
        "<input name=\"signInSubmitButton\" type=\"Submit\"",
    ] {
        assert_eq!(page.body.matches(part).count(), 2, "{part}");
    }
    assert!(page.body.contains("visible-xs") && page.body.contains("visible-md"));
    assert_eq!(page.hidden("_csrf"), world.browser.cookie("XSRF-TOKEN").unwrap());
    assert_eq!(page.headers["content-type"], "text/html;charset=UTF-8");
}

#[tokio::test]
async fn a_hint_fills_the_username_of_both_forms_and_what_was_entered_replaces_it() {
    let world = World::new().await;
    let hint = [("login_hint", "grace@example.com")];

    let page = world.browser.get(&format!("/login?{}", authorize_query(&hint))).await;
    let again = world.browser.sign_in(("ada", "wrong"), &hint).await;

    let filled = |body: &str, name: &str| body.matches(&format!("aria-label=\"Username\" value=\"{name}\"")).count();
    assert_eq!((filled(&page.body, "grace@example.com"), filled(&again.body, "ada")), (2, 2));
}

#[tokio::test]
async fn a_hint_is_carried_to_the_login_page_and_cannot_become_markup() {
    let world = World::new().await;
    let query = authorize_query(&[("login_hint", "\"><script>")]);

    let answer = world.browser.get(&format!("/oauth2/authorize?{query}")).await;
    let page = world.browser.get(&answer.location()).await;

    assert!(page.body.contains("value=\"&quot;&gt;&lt;script&gt;\""));
    assert!(!page.body.contains("<script>"));
}

#[rstest]
#[case::managed(LoginPages::Managed, "pt-BR", "pt-BR", "pt-BR")]
#[case::a_language_that_it_does_not_speak(LoginPages::Managed, "tlh\"", "en", "en-US")]
#[case::none(LoginPages::Managed, "", "en", "en-US")]
#[case::classic(LoginPages::Classic, "de", "en", "en-US")]
#[tokio::test]
async fn managed_login_honours_lang(
    #[case] pages: LoginPages,
    #[case] asked: &str,
    #[case] marked: &str,
    #[case] header: &str,
) {
    let world = World::with(|options| options.login_pages = pages).await;

    for page in ["/login", "/signup", "/forgotPassword"] {
        let answer = world.browser.get(&format!("{page}?{}", authorize_query(&[("lang", asked)]))).await;

        assert!(answer.body.starts_with(&format!("<!DOCTYPE html><html lang=\"{marked}\">")), "{}", &answer.body[..60]);
        assert_eq!(answer.header("content-language"), header);
    }
}

#[tokio::test]
async fn the_cookies_of_the_form_come_with_it() {
    let world = World::new().await;

    let cookies = world.browser.get(&format!("/login?{}", authorize_query(&[]))).await.cookies();

    let names: Vec<&str> = cookies.iter().map(|cookie| cookie.split('=').next().unwrap()).collect();
    assert_eq!(names, ["XSRF-TOKEN", "csrf-state", "csrf-state-legacy"]);
}

#[rstest]
#[case(false, "Max-Age=3600; Path=/; HttpOnly; SameSite=Lax")]
#[case(true, "Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Lax")]
#[tokio::test]
async fn the_session_cookie_has_the_real_attributes(#[case] secure: bool, #[case] attributes: &str) {
    let world = World::with(|options| options.secure_cookies = secure).await;

    let answer = world.browser.sign_in(seed::ADA, &[]).await;

    let cookies = answer.cookies();
    let (value, found) = cookies[0].strip_prefix("cognito=").unwrap().split_once("; ").unwrap();
    assert_eq!((cookies.len(), found), (1, attributes));
    assert!(value.len() > 64, "{value}");
}

#[tokio::test]
async fn a_sign_in_answers_302_straight_to_the_callback_with_the_recorded_headers() {
    let world = World::new().await;

    let answer = world.browser.sign_in(seed::ADA, &[]).await;

    assert_eq!(answer.status, 302);
    for (name, value) in [
        ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
        ("pragma", "no-cache"),
        ("strict-transport-security", "max-age=31536000 ; includeSubDomains"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.header(name), value);
    }
    assert_eq!(answer.header("x-amz-cognito-request-id").len(), 36);
    let location = answer.location();
    let names: Vec<&str> = location
        .strip_prefix("https://example.com/#")
        .unwrap()
        .split('&')
        .map(|pair| pair.split('=').next().unwrap())
        .collect();
    assert_eq!(names, ["id_token", "access_token", "expires_in", "token_type", "state"]);
    assert!(location.ends_with("&expires_in=3600&token_type=Bearer&state=the+state"), "{location}");
}

#[rstest]
#[case("https://example.com/")]
#[case("http://localhost:4180/callback")]
#[case("gatepass://callback")]
#[case("http://127.0.0.1:9/extra")]
#[tokio::test]
async fn each_registered_callback_gets_the_tokens(#[case] callback: &str) {
    let world = World::with(|options| options.extra_callbacks.push("http://127.0.0.1:9/extra".to_owned())).await;

    let answer = world.browser.sign_in(seed::ADA, &[("redirect_uri", callback), ("state", "")]).await;

    assert!(answer.location().starts_with(&format!("{callback}#id_token=")), "{}", answer.location());
    assert!(answer.location().ends_with("&token_type=Bearer"));
}

#[tokio::test]
async fn an_email_address_signs_in_as_well() {
    let world = World::new().await;

    let answer = world.browser.sign_in(("Ada@Example.com", seed::ADA.1), &[]).await;

    assert!(answer.location().starts_with("https://example.com/#id_token="));
}

#[rstest]
#[case(("ada", "wrong"))]
#[case(("nobody", "wrong"))]
#[case(("", ""))]
#[tokio::test]
async fn a_wrong_name_or_password_shows_the_form_again(#[case] user: (&str, &str)) {
    let world = World::new().await;

    let answer = world.browser.sign_in(user, &[]).await;

    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("Incorrect username or password."));
    assert!(answer.body.contains("name=\"cognitoSignInForm\""));
    assert_eq!(world.browser.cookie("cognito"), None);
}

#[tokio::test]
async fn after_five_wrong_passwords_even_the_right_one_must_wait() {
    let world = World::new().await;
    for _ in 0..5 {
        world.browser.sign_in(("ada", "wrong"), &[]).await;
    }

    let at_once = world.browser.sign_in(seed::ADA, &[]).await;
    world.later(1);
    let later = world.browser.sign_in(seed::ADA, &[]).await;

    assert!(at_once.body.contains("Password attempts exceeded"));
    assert_eq!(later.status, 302);
}

#[rstest]
#[case::absent(&[])]
#[case::foreign(&[("_csrf", "11111111-2222-3333-4444-555555555555")])]
#[tokio::test]
async fn a_form_that_is_not_from_the_page_is_refused(#[case] csrf: &[(&str, &str)]) {
    let world = World::new().await;
    let login = format!("/login?{}", authorize_query(&[]));
    world.browser.get(&login).await;
    let mut fields = vec![("username", seed::ADA.0), ("password", seed::ADA.1)];
    fields.extend(csrf);

    let answer = world.browser.post(&login, &fields).await;

    assert_eq!((answer.status, answer.location()), (403, String::new()));
    assert_eq!(world.browser.cookie("cognito"), None);
}

#[rstest]
#[case(299, 302)]
#[case(300, 400)]
#[tokio::test]
async fn a_login_page_lives_for_five_minutes(#[case] seconds: u64, #[case] status: u16) {
    let world = World::new().await;
    let login = format!("/login?{}", authorize_query(&[]));
    let csrf = world.browser.get(&login).await.hidden("_csrf");

    world.later(seconds);
    let fields = [("_csrf", csrf.as_str()), ("username", seed::ADA.0), ("password", seed::ADA.1)];
    let answer = world.browser.post(&login, &fields).await;

    assert_eq!(answer.status, status);
    assert_eq!(answer.body.contains("Something went wrong"), status == 400);
}

#[tokio::test]
async fn two_login_pages_of_one_browser_can_both_be_posted() {
    let world = World::new().await;
    let login = format!("/login?{}", authorize_query(&[]));
    let first = world.browser.get(&login).await.hidden("_csrf");
    world.browser.get(&login).await;

    let fields = [("_csrf", first.as_str()), ("username", seed::GRACE.0), ("password", seed::GRACE.1)];

    assert_eq!(world.browser.post(&login, &fields).await.status, 302);
}
