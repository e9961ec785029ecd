//! POST /oauth2/token.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use gatepass_sandbox::seed;
use http::Method;
use rstest::rstest;
use serde_json::json;

use crate::{
    browser::{World, claim_names, claims, encoded},
    code_grant::{VERIFIER, code, exchange, refused},
};

#[tokio::test]
async fn a_code_with_its_verifier_gives_three_tokens() {
    let world = World::new().await;
    let code = code(&world.browser, &[("nonce", "n")]).await;

    let answer = exchange(&world.browser, &code, &[]).await;

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
    let code = code(&world.browser, &[]).await;

    exchange(&world.browser, &code, &[]).await;

    refused(&exchange(&world.browser, &code, &[]).await, "invalid_grant");
}

#[rstest]
#[case(299, 200)]
#[case(300, 400)]
#[tokio::test]
async fn a_code_is_good_for_five_minutes(#[case] seconds: u64, #[case] status: u16) {
    let world = World::new().await;
    let code = code(&world.browser, &[]).await;

    world.later(seconds);

    assert_eq!(exchange(&world.browser, &code, &[]).await.status, status);
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
    let code = code(&world.browser, &[]).await;

    refused(&exchange(&world.browser, &code, changes).await, error);
}

#[tokio::test]
async fn a_redirect_uri_that_differs_adds_a_description() {
    let world = World::new().await;
    let code = code(&world.browser, &[]).await;

    let answer = exchange(&world.browser, &code, &[("redirect_uri", seed::CALLBACKS[1])]).await;

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
    let code = code(&world.browser, &[("client_id", seed::SECRET_CLIENT)]).await;
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

#[rstest]
#[case::in_the_form(seed::CLIENT_SECRET, false, true)]
#[case::by_basic(seed::CLIENT_SECRET, true, true)]
#[case::wrong_in_the_form("wrong", false, false)]
#[case::wrong_by_basic("wrong", true, false)]
#[case::none_in_the_form("", false, false)]
#[case::none_by_basic("", true, false)]
#[tokio::test]
async fn client_credentials_are_given_for_the_secret_alone(
    #[case] secret: &str,
    #[case] basic: bool,
    #[case] right: bool,
) {
    let world = World::new().await;
    let header = format!("Basic {}", STANDARD.encode(format!("{}:{secret}", seed::SECRET_CLIENT)));
    let mut fields = vec![("grant_type", "client_credentials"), ("scope", seed::WRITE_SCOPE)];
    let headers: &[(&str, &str)] = if basic { &[("authorization", &header)] } else { &[] };
    if !basic {
        fields.extend([("client_id", seed::SECRET_CLIENT), ("client_secret", secret)]);
    }

    let answer = world.browser.send(Method::POST, "/oauth2/token", headers, Some(&encoded(&fields))).await;

    if right {
        assert_eq!(claims(answer.json()["access_token"].as_str().unwrap())["scope"], json!(seed::WRITE_SCOPE));
    } else {
        refused(&answer, "invalid_client");
    }
}

#[rstest]
#[case("Basic not-base64!")]
#[case("Basic bm9jb2xvbg==")]
#[case("Bearer abc")]
#[tokio::test]
async fn an_authorization_header_that_cannot_be_read_proves_no_client(#[case] authorization: &str) {
    let world = World::new().await;
    let form = encoded(&[("grant_type", "client_credentials"), ("client_id", seed::PUBLIC_CLIENT)]);

    let headers = [("authorization", authorization)];
    let answer = world.browser.send(Method::POST, "/oauth2/token", &headers, Some(&form)).await;

    refused(&answer, "invalid_client");
}
