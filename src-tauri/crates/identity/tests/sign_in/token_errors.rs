//! What the token endpoint says when it gives no tokens, in words; and that no secret is ever among them.

use gatepass_identity::{
    Attempt, Grant, GrantError, HttpError, Network, RefusalCode, SignInOptions, client_credentials, redeem,
};
use gatepass_vault::Secret;
use rstest::rstest;
use serde_json::{Value, json};

use crate::pool::{Reply, TOKEN, TestPool, now, redirected_with_code, words_of};

async fn ask(reply: Reply) -> GrantError {
    let server = TestPool::start().await;
    server.answers_at(TOKEN, reply);
    let mut attempt = Attempt::start(&server.pool_by(Grant::Code), &SignInOptions::default(), now()).unwrap();
    redeem(redirected_with_code(&mut attempt, "code-1"), None, &Network::new(), now()).await.unwrap_err()
}

#[rstest]
#[case::invalid_request(400, json!({"error": "invalid_request"}), RefusalCode::InvalidRequest)]
#[case::invalid_client(400, json!({"error": "invalid_client"}), RefusalCode::InvalidClient)]
#[case::invalid_client_by_401(401, json!({"error": "invalid_client"}), RefusalCode::InvalidClient)]
#[case::invalid_grant(400, json!({"error": "invalid_grant"}), RefusalCode::InvalidGrant)]
#[case::unauthorized_client(400, json!({"error": "unauthorized_client"}), RefusalCode::UnauthorizedClient)]
#[case::invalid_redirect(400, json!({"error": "unauthorized_client", "error_description": "invalid_redirect"}), RefusalCode::RedirectMismatch)]
#[case::unsupported_grant_type(400, json!({"error": "unsupported_grant_type"}), RefusalCode::UnsupportedGrantType)]
#[case::invalid_scope(400, json!({"error": "invalid_scope"}), RefusalCode::InvalidScope)]
#[case::unsupported_token_type(400, json!({"error": "unsupported_token_type"}), RefusalCode::UnsupportedTokenType)]
#[case::other(400, json!({"error": "teapot", "error_description": "short and stout"}), RefusalCode::Unknown)]
#[tokio::test]
async fn each_refusal_is_told_with_its_fix(#[case] status: u16, #[case] body: Value, #[case] expected: RefusalCode) {
    match ask(Reply::json(status, &body)).await {
        GrantError::Refused(refusal) => {
            assert_eq!(refusal.code, expected);
            assert!(refusal.fix.len() > 20, "{refusal}");
        }
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::server_failure(Reply { status: 503, content_type: "text/html", body: "<html>".into(), ..Reply::keys(&[]) }, "answered 503 without a reason")]
#[case::method(Reply { status: 405, body: String::new(), ..Reply::keys(&[]) }, "answered 405 without a reason")]
#[case::no_tokens(Reply::json(200, &json!({"hello": "world"})), "JSON that holds no tokens")]
#[case::a_list(Reply::json(200, &json!([1])), "JSON that holds no tokens")]
#[case::wrong_type(Reply::json(200, &json!({"access_token": 1, "token_type": "Bearer"})), "JSON that holds no tokens")]
#[tokio::test]
async fn an_answer_without_tokens_and_without_a_reason_is_told(#[case] reply: Reply, #[case] expected: &str) {
    let error = ask(reply).await;
    assert!(error.to_string().contains(expected), "{error:?}");
}

#[tokio::test]
async fn a_page_in_place_of_tokens_is_told() {
    let error = ask(Reply { content_type: "text/html", body: "<html>".into(), ..Reply::keys(&[]) }).await;
    assert!(matches!(&error, GrantError::Http(HttpError::NotJson { found, .. }) if found == "text/html"), "{error:?}");
}

/// Answers that say back what they were asked with, or hold tokens that cannot be taken.
fn echoes(secret: &str) -> Vec<Reply> {
    let page = |status| Reply { status, content_type: "text/html", body: secret.to_owned(), ..Reply::keys(&[]) };
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
    replies.push(Reply { location: Some(format!("/?code={secret}")), ..page(302) });
    replies
}

#[tokio::test]
async fn no_code_verifier_secret_or_token_is_in_any_error() {
    let server = TestPool::start().await;
    for secret in ["canary-code", "canary-secret", "canary-token"] {
        for reply in echoes(secret) {
            let body = reply.body.clone();
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
