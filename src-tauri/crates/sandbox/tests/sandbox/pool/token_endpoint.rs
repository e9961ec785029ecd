//! POST /oauth2/token and POST /oauth2/revoke.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use gatepass_sandbox::seed;
use http::Method;
use rstest::rstest;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::browser::{Answer, START, World, claim_names, claims, encoded};

const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more-0123456789";

async fn code(world: &World, changes: &[(&str, &str)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let mut all =
        vec![("response_type", "code"), ("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    all.extend(changes);
    world.browser.sign_in(seed::ADA, &all).await.location_parameter("code").unwrap()
}

async fn exchange(world: &World, code: &str, changes: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("client_id", seed::PUBLIC_CLIENT),
        ("code", code),
        ("redirect_uri", seed::CALLBACKS[0]),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in changes {
        fields.retain(|(key, _)| key != name);
        fields.push((name, value));
    }
    fields.retain(|(_, value)| !value.is_empty());
    world.browser.post("/oauth2/token", &fields).await
}

async fn refresh(world: &World, refresh_token: &str, client_id: &str) -> Answer {
    let fields = [("grant_type", "refresh_token"), ("client_id", client_id), ("refresh_token", refresh_token)];
    world.browser.post("/oauth2/token", &fields).await
}

fn refused(answer: &Answer, error: &str) {
    assert_eq!((answer.status, answer.json()), (400, json!({ "error": error })));
    assert_eq!(answer.header("content-type"), "application/json;charset=UTF-8");
}

#[tokio::test]
async fn a_code_with_its_verifier_gives_three_tokens() {
    let world = World::new().await;
    let code = code(&world, &[("nonce", "n")]).await;

    let answer = exchange(&world, &code, &[]).await;

    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json;charset=UTF-8"));
    let body = answer.json();
    let names: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["id_token", "access_token", "refresh_token", "expires_in", "token_type"]);
    assert_eq!((&body["expires_in"], &body["token_type"]), (&json!(3_600), &json!("Bearer")));
    let refresh_token = body["refresh_token"].as_str().unwrap();
    assert_eq!(refresh_token.split('.').count(), 5);
    assert!((1_700..1_900).contains(&refresh_token.len()), "{}", refresh_token.len());
    let (id, access) = (claims(body["id_token"].as_str().unwrap()), claims(body["access_token"].as_str().unwrap()));
    assert_eq!((&id["nonce"], &id["origin_jti"]), (&json!("n"), &access["origin_jti"]));
}

#[tokio::test]
async fn a_code_is_good_once() {
    let world = World::new().await;
    let code = code(&world, &[]).await;

    exchange(&world, &code, &[]).await;

    refused(&exchange(&world, &code, &[]).await, "invalid_grant");
}

#[rstest]
#[case(299, 200)]
#[case(300, 400)]
#[tokio::test]
async fn a_code_is_good_for_five_minutes(#[case] seconds: u64, #[case] status: u16) {
    let world = World::new().await;
    let code = code(&world, &[]).await;

    world.later(seconds);

    assert_eq!(exchange(&world, &code, &[]).await.status, status);
}

#[rstest]
#[case::unknown_code(&[("code", "made-up")], "invalid_grant")]
#[case::wrong_verifier(&[("code_verifier", "wrong")], "invalid_grant")]
#[case::no_verifier(&[("code_verifier", "")], "invalid_grant")]
#[case::code_of_another_client(&[("client_id", seed::CODE_CLIENT)], "invalid_grant")]
#[case::no_code(&[("code", "")], "invalid_request")]
#[case::no_redirect_uri(&[("redirect_uri", "")], "invalid_request")]
#[case::no_grant_type(&[("grant_type", "")], "invalid_request")]
#[case::unknown_grant_type(&[("grant_type", "password")], "unsupported_grant_type")]
#[case::unknown_client(&[("client_id", "nobody")], "invalid_client")]
#[case::no_client(&[("client_id", "")], "invalid_client")]
#[case::secret_missing(&[("client_id", seed::SECRET_CLIENT)], "invalid_client")]
#[case::secret_wrong(&[("client_id", seed::SECRET_CLIENT), ("client_secret", "wrong")], "invalid_client")]
#[case::grant_not_ticked(&[("grant_type", "client_credentials")], "unauthorized_client")]
#[case::no_refresh_token(&[("grant_type", "refresh_token")], "invalid_request")]
#[case::unknown_refresh_token(&[("grant_type", "refresh_token"), ("refresh_token", "a.b.c.d.e")], "invalid_grant")]
#[tokio::test]
async fn a_bad_request_is_told_by_its_error(#[case] changes: &[(&str, &str)], #[case] error: &str) {
    let world = World::new().await;
    let code = code(&world, &[]).await;

    refused(&exchange(&world, &code, changes).await, error);
}

#[tokio::test]
async fn a_redirect_uri_that_differs_adds_a_description() {
    let world = World::new().await;
    let code = code(&world, &[]).await;

    let answer = exchange(&world, &code, &[("redirect_uri", seed::CALLBACKS[1])]).await;

    let body = json!({ "error": "unauthorized_client", "error_description": "invalid_redirect" });
    assert_eq!((answer.status, answer.json()), (400, body));
}

#[tokio::test]
async fn the_endpoint_takes_forms_by_post_only() {
    let world = World::new().await;

    let get = world.browser.get("/oauth2/token").await;
    let json = [("content-type", "application/json")];
    let post = world.browser.send(Method::POST, "/oauth2/token", &json, None).await;

    assert_eq!(get.status, 405);
    refused(&post, "invalid_request");
}

#[rstest]
#[case::in_the_form(false)]
#[case::by_basic(true)]
#[tokio::test]
async fn a_client_with_a_secret_proves_it(#[case] basic: bool) {
    let world = World::new().await;
    let code = code(&world, &[("client_id", seed::SECRET_CLIENT)]).await;
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", seed::CALLBACKS[0]),
        ("code_verifier", VERIFIER),
    ];
    let header = format!("Basic {}", STANDARD.encode(format!("{}:{}", seed::SECRET_CLIENT, seed::CLIENT_SECRET)));
    let headers: &[(&str, &str)] = if basic { &[("authorization", &header)] } else { &[] };
    if !basic {
        fields.extend([("client_id", seed::SECRET_CLIENT), ("client_secret", seed::CLIENT_SECRET)]);
    }

    let answer = world.browser.send(Method::POST, "/oauth2/token", headers, Some(&encoded(&fields))).await;

    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_refresh_token_gives_new_tokens_for_thirty_days_and_no_other_refresh_token() {
    let world = World::new().await;
    let first = exchange(&world, &code(&world, &[("nonce", "n")]).await, &[]).await.json();
    let refresh_token = first["refresh_token"].as_str().unwrap();

    world.later(30 * 24 * 3_600 - 1);
    let renewed = refresh(&world, refresh_token, seed::PUBLIC_CLIENT).await.json();
    world.later(1);
    let too_late = refresh(&world, refresh_token, seed::PUBLIC_CLIENT).await;

    let names: Vec<&String> = renewed.as_object().unwrap().keys().collect();
    assert_eq!(names, ["id_token", "access_token", "expires_in", "token_type"]);
    let (before, after) = (claims(first["id_token"].as_str().unwrap()), claims(renewed["id_token"].as_str().unwrap()));
    assert_eq!((&after["auth_time"], &after["origin_jti"]), (&json!(START.as_secs()), &before["origin_jti"]));
    assert_eq!(after["iat"], json!(START.as_secs() + 30 * 24 * 3_600 - 1));
    assert!(!after.contains_key("nonce"));
    refused(&too_late, "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_is_good_for_its_own_client_only() {
    let world = World::new().await;
    let tokens = exchange(&world, &code(&world, &[]).await, &[]).await.json();

    let answer = refresh(&world, tokens["refresh_token"].as_str().unwrap(), seed::CODE_CLIENT).await;

    refused(&answer, "invalid_grant");
}

#[rstest]
#[case(Some("petstore/write"), Ok("petstore/write"))]
#[case(None, Ok("petstore/read petstore/write"))]
#[case(Some("openid"), Err("invalid_scope"))]
#[case(Some("petstore/other"), Err("invalid_scope"))]
#[tokio::test]
async fn client_credentials_give_an_access_token_of_the_client_itself(
    #[case] scope: Option<&str>,
    #[case] expected: Result<&str, &str>,
) {
    let world = World::new().await;
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("client_id", seed::SECRET_CLIENT),
        ("client_secret", seed::CLIENT_SECRET),
    ];
    fields.extend(scope.map(|scope| ("scope", scope)));

    let answer = world.browser.post("/oauth2/token", &fields).await;

    match expected {
        Err(error) => refused(&answer, error),
        Ok(scope) => {
            let body = answer.json();
            let names: Vec<&String> = body.as_object().unwrap().keys().collect();
            assert_eq!(names, ["access_token", "expires_in", "token_type"]);
            let token = body["access_token"].as_str().unwrap();
            assert_eq!((&claims(token)["scope"], &claims(token)["sub"]), (&json!(scope), &json!(seed::SECRET_CLIENT)));
            assert!(!claim_names(token).contains(&"username".to_owned()));
        }
    }
}

#[tokio::test]
async fn a_revoked_refresh_token_is_dead_and_revoking_it_again_is_no_error() {
    let world = World::new().await;
    let tokens = exchange(&world, &code(&world, &[]).await, &[]).await.json();
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let fields = [("token", refresh_token), ("client_id", seed::PUBLIC_CLIENT)];

    let first = world.browser.post("/oauth2/revoke", &fields).await;
    let second = world.browser.post("/oauth2/revoke", &fields).await;

    assert_eq!((first.status, first.body.as_str()), (200, ""));
    assert_eq!((second.status, second.body.as_str()), (200, ""));
    refused(&refresh(&world, refresh_token, seed::PUBLIC_CLIENT).await, "invalid_grant");
}

#[rstest]
#[case::no_token(&[("client_id", seed::PUBLIC_CLIENT)], 400, "invalid_request")]
#[case::an_access_token(&[("client_id", seed::PUBLIC_CLIENT), ("token", "a.b.c")], 400, "unsupported_token_type")]
#[case::an_unknown_client(&[("client_id", "nobody"), ("token", "a.b.c.d.e")], 401, "invalid_client")]
#[case::no_secret(&[("client_id", seed::SECRET_CLIENT), ("token", "a.b.c.d.e")], 401, "invalid_client")]
#[tokio::test]
async fn a_bad_revocation_is_told_by_its_error(
    #[case] fields: &[(&str, &str)],
    #[case] status: u16,
    #[case] error: &str,
) {
    let world = World::new().await;

    let answer = world.browser.post("/oauth2/revoke", fields).await;

    assert_eq!((answer.status, answer.json()), (status, json!({ "error": error })));
}

#[tokio::test]
async fn another_client_cannot_revoke_a_refresh_token() {
    let world = World::new().await;
    let tokens = exchange(&world, &code(&world, &[]).await, &[]).await.json();
    let refresh_token = tokens["refresh_token"].as_str().unwrap();

    world.browser.post("/oauth2/revoke", &[("token", refresh_token), ("client_id", seed::CODE_CLIENT)]).await;

    assert_eq!(refresh(&world, refresh_token, seed::PUBLIC_CLIENT).await.status, 200);
}

#[tokio::test]
async fn revoking_a_sign_in_ends_its_access_token_at_the_pool() {
    let world = World::new().await;
    let tokens = exchange(&world, &code(&world, &[]).await, &[]).await.json();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let before = world.browser.send(Method::GET, "/oauth2/userInfo", &headers, None).await;

    let fields = [("token", tokens["refresh_token"].as_str().unwrap()), ("client_id", seed::PUBLIC_CLIENT)];
    world.browser.post("/oauth2/revoke", &fields).await;
    let after = world.browser.send(Method::GET, "/oauth2/userInfo", &headers, None).await;

    assert_eq!([before.status, after.status], [200, 401]);
}
