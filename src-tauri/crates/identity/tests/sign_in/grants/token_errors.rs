//! What the token endpoint says when it gives no tokens, in words; and that no secret is ever among them.

use gatepass_identity::{
    Attempt, Grant, GrantError, HttpError, Network, RefusalCode, SignInOptions, client_credentials, redeem,
};
use gatepass_vault::Secret;
use rstest::rstest;
use serde_json::{Value, json};

use crate::pool::{CLIENT, POOL_ID, Reply, TOKEN, TestPool, now, redirected_with_code, words_of};

async fn ask(reply: Reply) -> GrantError {
    let server = TestPool::start().await;
    server.answers_at(TOKEN, reply);
    let mut attempt = Attempt::start(&server.pool_by(Grant::Code), &SignInOptions::default(), now()).unwrap();
    redeem(redirected_with_code(&mut attempt, "code-1"), None, &Network::new(), now()).await.unwrap_err()
}

#[rstest]
#[case::invalid_request(400, json!({"error": "invalid_request"}), RefusalCode::InvalidRequest, "Check that client")]
#[case::invalid_client(400, json!({"error": "invalid_client"}), RefusalCode::InvalidClient, "has a client secret there, enter the same one here")]
#[case::invalid_client_by_401(401, json!({"error": "invalid_client"}), RefusalCode::InvalidClient, "Compare the client id")]
#[case::invalid_grant(400, json!({"error": "invalid_grant"}), RefusalCode::InvalidGrant, "Sign in again")]
#[case::unauthorized_client(400, json!({"error": "unauthorized_client"}), RefusalCode::UnauthorizedClient, "tick Authorization code grant")]
#[case::invalid_redirect(
    400,
    json!({"error": "unauthorized_client", "error_description": "invalid_redirect"}),
    RefusalCode::RedirectMismatch,
    "add exactly https://example.com/ to the allowed callback URLs"
)]
#[case::unsupported_grant_type(400, json!({"error": "unsupported_grant_type"}), RefusalCode::UnsupportedGrantType, "this pool's own")]
#[case::invalid_scope(400, json!({"error": "invalid_scope"}), RefusalCode::InvalidScope, "Asked for: openid email")]
#[case::unsupported_token_type(400, json!({"error": "unsupported_token_type"}), RefusalCode::UnsupportedTokenType, "Only refresh tokens")]
#[case::other(400, json!({"error": "teapot", "error_description": "short"}), RefusalCode::Unknown, "documentation of Amazon Cognito")]
#[tokio::test]
async fn each_refusal_is_told_with_its_fix(
    #[case] status: u16,
    #[case] body: Value,
    #[case] expected: RefusalCode,
    #[case] fix: &str,
) {
    let GrantError::Refused(refusal) = ask(Reply::json(status, &body)).await else { panic!("no refusal") };
    assert_eq!(refusal.code, expected);
    assert!(refusal.fix.contains(fix), "{refusal}");
}

#[rstest]
#[case::a_setting("invalid_client", true)]
#[case::a_session("invalid_grant", false)]
#[tokio::test]
async fn the_command_that_shows_the_client_comes_with_what_its_settings_may_mend(
    #[case] error: &str,
    #[case] shown: bool,
) {
    let GrantError::Refused(refusal) = ask(Reply::json(400, &json!({ "error": error }))).await else {
        panic!("no refusal")
    };
    let command = format!(
        "aws cognito-idp describe-user-pool-client --region us-east-1 --user-pool-id {POOL_ID} --client-id {CLIENT}"
    );
    assert_eq!(refusal.cli, shown.then_some(command));
}

#[tokio::test]
async fn the_scopes_that_were_asked_for_are_told_when_the_code_is_refused_for_one() {
    let server = TestPool::start().await;
    server.answers_at(TOKEN, Reply::json(400, &json!({"error": "invalid_scope"})));
    let options = SignInOptions { extra_scopes: vec!["shop/reed".into()], ..SignInOptions::default() };
    let mut attempt = Attempt::start(&server.pool_by(Grant::Code), &options, now()).unwrap();
    let outcome = redeem(redirected_with_code(&mut attempt, "code-1"), None, &Network::new(), now()).await;
    let Err(GrantError::Refused(refusal)) = outcome else { panic!("{outcome:?}") };
    assert!(refusal.fix.contains("Asked for: openid email shop/reed."), "{refusal}");
}

#[tokio::test]
async fn a_machine_is_told_of_the_scopes_that_machines_get() {
    let server = TestPool::start().await;
    server.answers_at(TOKEN, Reply::json(400, &json!({"error": "invalid_scope"})));
    let pool = server.pool_by(Grant::ClientCredentials);
    let options = SignInOptions { extra_scopes: vec!["shop/reed".into()], ..SignInOptions::default() };
    let error = client_credentials(&pool, &options, &Secret::new("s"), &Network::new(), now()).await.unwrap_err();
    let GrantError::Refused(refusal) = error else { panic!("{error:?}") };
    assert!(refusal.fix.contains("custom scopes only"), "{refusal}");
    assert!(refusal.fix.contains("Asked for: shop/read shop/reed."), "{refusal}");
}

#[rstest]
#[case::unknown("teapot", "check client 1example23456789abcdefghij and its client secret.")]
#[case::grant(
    "unauthorized_client",
    "tick Client credentials under OAuth grant types, save, and ask for the token again"
)]
#[case::credentials(
    "invalid_grant",
    "Compare client id 1example23456789abcdefghij and client secret with the app client's"
)]
#[case::declined("access_denied", "ask the owner")]
#[tokio::test]
async fn a_machine_is_told_neither_to_sign_in_nor_of_a_callback(#[case] error: &str, #[case] expected: &str) {
    let server = TestPool::start().await;
    server.answers_at(TOKEN, Reply::json(400, &json!({ "error": error })));
    let (pool, options) = (server.pool_by(Grant::ClientCredentials), SignInOptions::default());
    let outcome = client_credentials(&pool, &options, &Secret::new("s"), &Network::new(), now()).await;
    let Err(GrantError::Refused(refusal)) = outcome else { panic!("{outcome:?}") };
    let words = refusal.to_string();
    assert!(words.contains(expected), "{words}");
    for of_a_user in ["ign in", "sign-in", "callback"] {
        assert!(!words.contains(of_a_user), "{words}");
    }
}

#[rstest]
#[case::server_failure(Reply { status: 503, content_type: "text/html", body: "<html>".into(), ..Reply::keys(&[]) }, "answered 503 without a reason")]
#[case::method(Reply { status: 405, body: Vec::new(), ..Reply::keys(&[]) }, "answered 405 without a reason")]
#[case::no_tokens(Reply::json(200, &json!({"hello": "world"})), "JSON that holds no tokens")]
#[case::a_list(Reply::json(200, &json!([1])), "JSON that holds no tokens")]
#[case::wrong_type(Reply::json(200, &json!({"access_token": 1, "token_type": "Bearer"})), "JSON that holds no tokens")]
#[tokio::test]
async fn an_answer_without_tokens_and_without_a_reason_is_told(#[case] reply: Reply, #[case] expected: &str) {
    let error = ask(reply).await;
    assert!(error.to_string().contains(expected), "{error:?}");
}

#[rstest]
#[case::a_word("DPoP", "gave tokens of the type \"dpop\"; expected Bearer")]
#[case::with_signs("N_A-1", "gave tokens of the type \"n_a-1\"; expected Bearer")]
#[case::the_longest_word("abcdefghijklmnop", "gave tokens of the type \"abcdefghijklmnop\"; expected Bearer")]
#[case::too_long("abcdefghijklmnopq", "gave tokens of another type; expected Bearer")]
#[case::words("a kind", "gave tokens of another type; expected Bearer")]
#[case::no_letters("\u{202e}", "gave tokens of another type; expected Bearer")]
#[case::nothing("", "gave tokens of another type; expected Bearer")]
#[tokio::test]
async fn a_kind_of_token_is_named_where_it_is_a_word(#[case] kind: &str, #[case] expected: &str) {
    let error = ask(Reply::json(200, &json!({"access_token": "a.b.c", "token_type": kind}))).await;
    assert!(error.to_string().contains(expected), "{error}");
}

#[tokio::test]
async fn a_page_in_place_of_tokens_is_told() {
    let error = ask(Reply { content_type: "text/html", body: "<html>".into(), ..Reply::keys(&[]) }).await;
    assert!(matches!(&error, GrantError::Http(HttpError::NotJson { found, .. }) if found == "text/html"), "{error:?}");
}

/// Answers that say back what they were asked with, or hold tokens that cannot be taken.
fn echoes(secret: &str) -> Vec<Reply> {
    let page = |status| Reply { status, content_type: "text/html", body: secret.into(), ..Reply::keys(&[]) };
    let mut replies: Vec<Reply> = [200, 400, 401, 500].map(page).into();
    for status in [400, 401, 500] {
        replies.push(Reply::json(status, &json!({ "error": secret })));
        replies.push(Reply::json(
            status,
            &json!({"error": "invalid_grant", "error_description": format!("no {secret}!")}),
        ));
        replies
            .push(Reply::json(status, &json!({"error": "teapot", "error_description": secret, "error_uri": secret})));
        replies.push(Reply::json(status, &json!({ "access_token": secret })));
    }
    replies.push(Reply::json(200, &json!({"access_token": secret, "token_type": 1})));
    replies.push(Reply::json(200, &json!({"access_token": secret, "refresh_token": secret, "id_token": [secret]})));
    replies.push(Reply::json(200, &json!({"access_token": secret, "token_type": "mac", "id_token": secret})));
    replies.push(Reply::json(200, &json!({ "error": secret })));
    replies.push(Reply::json(200, &json!({"access_token": secret, "token_type": secret})));
    replies.push(Reply::json(200, &json!({"access_token": "x", "refresh_token": secret, "token_type": secret})));
    replies.push(Reply::json(200, &json!({"access_token": "x", "token_type": secret, "id_token": secret})));
    replies.push(Reply::json(200, &json!({"access_token": "x", "token_type": format!("the-kind-{secret}")})));
    replies.push(Reply { location: Some(format!("/?code={secret}")), ..page(302) });
    replies
}

#[tokio::test]
async fn no_code_verifier_secret_or_token_is_in_any_error() {
    let server = TestPool::start().await;
    for secret in ["canary-code", "canary-secret", "canary-token"] {
        for reply in echoes(secret) {
            let body = String::from_utf8(reply.body.clone()).unwrap();
            server.answers_at(TOKEN, reply);
            let mut attempt = Attempt::start(&server.pool_by(Grant::Code), &SignInOptions::default(), now()).unwrap();
            let code = redirected_with_code(&mut attempt, "canary-code");
            let shown = format!("{code:?} {attempt:?}");
            let client_secret = Secret::new("canary-secret");
            let error = redeem(code, Some(&client_secret), &Network::new(), now()).await.unwrap_err();
            let machine = server.pool_by(Grant::ClientCredentials);
            let options = SignInOptions::default();
            let other = client_credentials(&machine, &options, &client_secret, &Network::new(), now()).await;
            let verifier = server.asked_at(TOKEN).iter().find_map(|asked| asked.form.get("code_verifier").cloned());
            let words = format!("{shown} {} {}", words_of(&error), words_of(&other.unwrap_err()));
            assert!(!words.contains(&verifier.unwrap()), "the verifier is shown");
            if secret == "canary-token" && body.contains("error") {
                // What the pool says of its own accord is quoted: only what was sent can be known to be a secret.
                continue;
            }
            if secret == "canary-code" {
                assert!(!words_of(&error).contains(secret), "{body}: {words}");
            } else {
                assert!(!words.contains(secret), "{body}: {words}");
            }
        }
    }
}
