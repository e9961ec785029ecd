//! Signing in with the code grant, and what the token endpoint answers.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gatepass_sandbox::seed;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::browser::{Answer, Browser};

pub const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more-0123456789";

pub async fn code(browser: &Browser, changes: &[(&str, &str)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let mut all =
        vec![("response_type", "code"), ("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    all.extend(changes);
    browser.sign_in(seed::ADA, &all).await.location_parameter("code").unwrap()
}

pub async fn exchange(browser: &Browser, code: &str, changes: &[(&str, &str)]) -> Answer {
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
    browser.post("/oauth2/token", &fields).await
}

/// Signs in, and gives the three tokens.
pub async fn tokens(browser: &Browser) -> Value {
    exchange(browser, &code(browser, &[]).await, &[]).await.json()
}

pub async fn refresh(browser: &Browser, refresh_token: &str, client_id: &str) -> Answer {
    let fields = [("grant_type", "refresh_token"), ("client_id", client_id), ("refresh_token", refresh_token)];
    browser.post("/oauth2/token", &fields).await
}

/// Checks that the token endpoint refused with an error.
pub fn refused(answer: &Answer, error: &str) {
    assert_eq!((answer.status, answer.json()), (400, json!({ "error": error })));
    assert_eq!(answer.header("content-type"), "application/json;charset=UTF-8");
}
