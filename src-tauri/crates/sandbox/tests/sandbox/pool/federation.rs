//! Signing in at the identity provider, from the authorize request to the callback.

use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use gatepass_sandbox::{LoginPages, seed};
use http::Method;
use rstest::rstest;
use serde_json::json;
use url::Url;

use crate::{
    browser::{Answer, Browser, START, Tokens, World, authorize_query, claims},
    code_grant,
};

const PROVIDER: (&str, &str) = ("identity_provider", seed::PROVIDER);
const WEBKIT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15";
const CHROMIUM: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

/// Goes to the provider, and tells the address there.
async fn to_provider(world: &World, changes: &[(&str, &str)]) -> String {
    world.browser.get(&format!("/oauth2/authorize?{}", authorize_query(changes))).await.location()
}

/// Posts the provider's page, and tells the address to which that leads.
async fn choose(world: &World, address: &str, fields: &[(&str, &str)]) -> String {
    let consent = address.replace("/o/oauth2/v2/auth?", "/signin/oauth/consent?");
    world.browser.post(&consent, fields).await.location()
}

/// Signs in at the provider, and gives the pool's last answer.
async fn sign_in(world: &World, changes: &[(&str, &str)]) -> Answer {
    let address = to_provider(world, changes).await;
    let back = choose(world, &address, &[("account", seed::PROVIDER_ACCOUNT)]).await;
    world.browser.get(&back).await
}

fn names(address: &str) -> Vec<String> {
    Url::parse(address).unwrap().query_pairs().map(|(name, _)| name.into_owned()).collect()
}

#[rstest]
#[case::by_its_name(PROVIDER)]
#[case::by_an_identifier(("idp_identifier", seed::PROVIDER_IDENTIFIER))]
#[tokio::test]
async fn a_named_provider_is_asked_and_its_code_goes_through_the_pool_to_the_callback(#[case] named: (&str, &str)) {
    let world = World::new().await;
    let domain = &world.sandbox.description().pool.domain;

    let address = to_provider(&world, &[named]).await;
    let page = world.browser.get(&address).await;
    let back = choose(&world, &address, &[("account", seed::PROVIDER_ACCOUNT)]).await;
    let answer = world.browser.get(&back).await;

    assert!(address.starts_with(&format!("{}/o/oauth2/v2/auth?client_id=", world.sandbox.provider_origin())));
    assert_eq!(names(&address), ["client_id", "redirect_uri", "scope", "response_type", "state"]);
    assert_eq!(page.status, 200);
    assert!(page.body.contains(
        "<button class=\"btn btn-primary submitButton-customizable\" name=\"account\" value=\"ada@example.org\">"
    ));
    assert!(back.starts_with(&format!("{domain}/oauth2/idpresponse?state=")), "{back}");
    assert_eq!(names(&back), ["state", "code", "scope", "authuser", "prompt"]);
    assert_eq!(answer.status, 302);
    assert!(answer.location().starts_with("https://example.com/#id_token="), "{}", answer.location());
    assert!(answer.location().ends_with("&state=the+state"));
}

#[tokio::test]
async fn the_tokens_tell_the_user_who_came_from_the_provider() {
    let world = World::new().await;

    let tokens = Tokens::from_fragment(&sign_in(&world, &[PROVIDER]).await.location());

    let (id, access) = (claims(&tokens.id), claims(&tokens.access));
    let identity = json!({
        "userId": seed::PROVIDER_SUBJECT,
        "providerName": "Google",
        "providerType": "Google",
        "issuer": null,
        "primary": "true",
        "dateCreated": START.as_millis().to_string(),
    });
    for (name, value) in [
        ("cognito:username", json!(seed::FEDERATED_USERNAME)),
        ("cognito:groups", json!(["us-east-1_SandBox01_Google"])),
        ("identities", json!([identity])),
        ("email", json!("ada@example.org")),
        ("email_verified", json!(false)),
        ("auth_time", json!(START.as_secs())),
    ] {
        assert_eq!(id[name], value, "{name}");
    }
    assert_eq!(access["username"], json!(seed::FEDERATED_USERNAME));
    let bearer = format!("Bearer {}", tokens.access);
    let info = world.browser.send(Method::GET, "/oauth2/userInfo", &[("authorization", &bearer)], None).await.json();
    assert_eq!(info["identities"], json!(json!([identity]).to_string()));
}

#[tokio::test]
async fn the_same_account_is_the_same_user_again_and_the_session_answers_at_once() {
    let world = World::new().await;
    let first = claims(&Tokens::from_fragment(&sign_in(&world, &[PROVIDER]).await.location()).id);

    world.later(60);
    let at_once = claims(&Tokens::from_fragment(&to_provider(&world, &[PROVIDER]).await).id);
    world.browser.get(&format!("/logout?client_id={}&logout_uri=https://example.com/", seed::PUBLIC_CLIENT)).await;
    let second = claims(&Tokens::from_fragment(&sign_in(&world, &[PROVIDER]).await.location()).id);

    let who = ["sub", "identities"];
    assert_eq!(who.map(|name| &at_once[name]), who.map(|name| &first[name]));
    assert_eq!(who.map(|name| &second[name]), who.map(|name| &first[name]));
    let auth_times = [&at_once, &second].map(|claims| claims["auth_time"].as_u64().unwrap() - START.as_secs());
    assert_eq!(auth_times, [0, 60]);
}

#[tokio::test]
async fn the_code_grant_goes_the_same_way_and_its_refresh_token_renews() {
    let world = World::new().await;

    let answer = sign_in(&world, &[PROVIDER, ("response_type", "code")]).await;
    let code = answer.location_parameter("code").unwrap();
    let tokens = code_grant::exchange(&world.browser, &code, &[("code_verifier", "")]).await.json();
    let renewed =
        code_grant::refresh(&world.browser, tokens["refresh_token"].as_str().unwrap(), seed::PUBLIC_CLIENT).await;

    let claims = claims(renewed.json()["id_token"].as_str().unwrap());
    assert_eq!(claims["cognito:username"], json!(seed::FEDERATED_USERNAME));
}

#[tokio::test]
async fn a_hint_is_passed_to_the_provider() {
    let world = World::new().await;

    let address = to_provider(&world, &[PROVIDER, ("login_hint", "ada+1@example.org")]).await;

    assert!(address.ends_with("&login_hint=ada%2B1%40example.org"), "{address}");
}

#[tokio::test]
async fn cognito_as_the_provider_is_the_pool_itself() {
    let world = World::new().await;

    assert!(to_provider(&world, &[("identity_provider", "COGNITO")]).await.starts_with("/login?"));
}

#[rstest]
#[case::none("none", "https://example.com/?error=login_required")]
#[case::login("login", "http://127.0.0.1:")]
#[tokio::test]
async fn managed_login_honours_prompt_with_a_provider_as_well(#[case] prompt: &str, #[case] leads_to: &str) {
    let world = World::with(|options| options.login_pages = LoginPages::Managed).await;

    let location = to_provider(&world, &[PROVIDER, ("prompt", prompt)]).await;

    assert!(location.starts_with(leads_to), "{location}");
}

#[tokio::test]
async fn a_user_who_cancels_at_the_provider_is_told_at_the_callback() {
    let world = World::new().await;
    let address = to_provider(&world, &[PROVIDER]).await;

    let back = choose(&world, &address, &[("cancel", "cancel")]).await;
    let answer = world.browser.get(&back).await;

    assert_eq!(names(&back), ["state", "error"]);
    assert_eq!(answer.location(), "https://example.com/?error=access_denied&state=the+state");
    assert_eq!(world.browser.cookie("cognito"), None);
}

#[rstest]
#[case::made_up_code("code=made-up")]
#[case::no_code("x=y")]
#[tokio::test]
async fn an_answer_without_a_good_code_signs_nobody_in(#[case] parameters: &str) {
    let world = World::new().await;
    let address = Url::parse(&to_provider(&world, &[PROVIDER]).await).unwrap();
    let state = address.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();

    let answer = world.browser.get(&format!("/oauth2/idpresponse?state={state}&{parameters}")).await;

    assert_eq!(answer.location_parameter("error").as_deref(), Some("invalid_request"));
    assert_eq!(world.browser.cookie("cognito"), None);
}

#[tokio::test]
async fn an_answer_is_taken_once_and_in_time_and_only_in_the_browser_that_asked() {
    let world = World::new().await;
    let elsewhere = Browser::new(&world.sandbox.description().pool.domain);
    let account = [("account", seed::PROVIDER_ACCOUNT)];
    let begin = async || choose(&world, &to_provider(&world, &[PROVIDER]).await, &account).await;

    let stolen = elsewhere.get(&begin().await).await;
    let late = begin().await;
    world.later(300);
    let late = world.browser.get(&late).await;
    let good = begin().await;
    let (first, again) = (world.browser.get(&good).await, world.browser.get(&good).await);

    for (answer, what) in [(&stolen, "stolen"), (&late, "late"), (&again, "again")] {
        assert_eq!((answer.status, answer.location()), (400, String::new()), "{what}");
        assert!(answer.body.contains("An error was encountered"), "{what}");
    }
    assert_eq!((first.status, elsewhere.cookie("cognito")), (302, None));
}

#[rstest]
#[case("ada@example.org")]
#[case(seed::FEDERATED_USERNAME)]
#[tokio::test]
async fn a_user_from_the_provider_has_no_password_at_the_pool(#[case] name: &str) {
    let world = World::new().await;
    sign_in(&world, &[PROVIDER]).await;
    let page = format!("/forgotPassword?{}", authorize_query(&[]));
    let csrf = world.browser.get(&page).await.hidden("_csrf");

    let signed_in = world.browser.sign_in((name, ""), &[]).await;
    let forgotten = world.browser.post(&page, &[("_csrf", &csrf), ("username", name)]).await;

    assert!(signed_in.body.contains("Incorrect username or password."));
    assert!(forgotten.body.contains("User password cannot be reset in the current state."));
}

#[rstest]
#[case::webkit("user-agent", WEBKIT, true, false)]
#[case::webkit_where_it_is_let("user-agent", WEBKIT, false, true)]
#[case::chromium("user-agent", CHROMIUM, true, true)]
#[case::an_application("x-requested-with", "org.example.app", true, false)]
#[tokio::test]
async fn a_web_view_is_refused_by_the_provider_and_a_browser_is_not(
    #[case] header: &str,
    #[case] value: &str,
    #[case] refuses: bool,
    #[case] served: bool,
) {
    let world = World::with(|options| options.provider_refuses_web_views = refuses).await;
    let address = to_provider(&world, &[PROVIDER]).await;
    let consent = address.replace("/o/oauth2/v2/auth?", "/signin/oauth/consent?");

    let page = world.browser.send(Method::GET, &address, &[(header, value)], None).await;
    let posted =
        world.browser.send(Method::POST, &consent, &[(header, value)], Some("account=ada%40example.org")).await;

    assert_eq!((page.status, page.location().is_empty()), if served { (200, true) } else { (302, false) });
    assert_eq!(posted.location().contains("/oauth2/idpresponse?"), served);
}

#[tokio::test]
async fn the_refusal_is_a_page_whose_address_names_it() {
    let world = World::new().await;
    let address = to_provider(&world, &[PROVIDER]).await;

    let refusal = world.browser.send(Method::GET, &address, &[("user-agent", WEBKIT)], None).await;
    let page = world.browser.get(&format!("{}{}", world.sandbox.provider_origin(), refusal.location())).await;

    assert!(refusal.location().starts_with("/signin/oauth/error?authError="), "{}", refusal.location());
    let error = URL_SAFE.decode(refusal.location_parameter("authError").unwrap()).unwrap();
    assert!(error.starts_with(b"\n\x14disallowed_useragent"));
    assert_eq!(page.status, 403);
    assert!(page.body.contains("Error 403: disallowed_useragent"));
}

#[rstest]
#[case("client_id=123456789012", "client_id=other", 401, "invalid_client")]
#[case("idpresponse", "elsewhere", 400, "redirect_uri_mismatch")]
#[case("response_type=code", "response_type=token", 400, "invalid_request")]
#[tokio::test]
async fn the_provider_knows_one_client_with_one_address(
    #[case] part: &str,
    #[case] instead: &str,
    #[case] status: u16,
    #[case] error: &str,
) {
    let world = World::new().await;
    let address = to_provider(&world, &[PROVIDER]).await.replace(part, instead);

    let refusal = world.browser.get(&address).await;
    let page = world.browser.get(&format!("{}{}", world.sandbox.provider_origin(), refusal.location())).await;

    assert_eq!((refusal.status, page.status), (302, status));
    assert!(page.body.contains(error), "{}", page.body);
}

#[tokio::test]
async fn the_login_page_offers_the_provider_where_it_is_asked_to() {
    let plain = World::new().await;
    let offering = World::with(|options| options.show_providers = true).await;
    let login = format!("/login?{}", authorize_query(&[("identity_provider", "COGNITO")]));

    let without = plain.browser.get(&login).await;
    let with = offering.browser.get(&login).await;
    let target = with.body.split("href=\"").find(|rest| rest.starts_with("/oauth2/authorize")).unwrap();
    let target = target.split('"').next().unwrap().replace("&amp;", "&");

    assert!(!without.body.contains("Continue with"));
    assert_eq!(with.body.matches(">Continue with Google</a>").count(), 2);
    let leads_to = offering.browser.get(&target).await.location();
    assert!(leads_to.starts_with(offering.sandbox.provider_origin()), "{leads_to}");
}
