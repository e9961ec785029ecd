//! The authorization code: which redirect is taken for it, how it is redeemed, and what is checked afterwards.

use std::collections::HashMap;

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatepass_identity::{
    Attempt, BlockReason, Grant, GrantError, Granted, LEEWAY, Navigation, Network, RefusalCode, Session, SignInOptions,
    TokenRefusal, TokenUse, discover, preflight, redeem, verify,
};
use gatepass_vault::Secret;
use rstest::rstest;
use serde_json::json;
use url::Url;

use crate::pool::{
    CLIENT, Minting, POOL_ID, Reply, TOKEN, TestPool, is_pending, now, redirected_with_code, sent, state,
};

fn start(server: &TestPool, grant: Grant) -> Attempt {
    Attempt::start(&server.pool_by(grant), &SignInOptions::default(), now()).unwrap()
}

async fn sign_in(server: &TestPool, spoil: fn(&mut Minting)) -> Result<Session, TokenRefusal> {
    let mut attempt = start(server, Grant::Code);
    let mut tokens = server.tokens(&attempt, now());
    spoil(&mut tokens);
    server.gives(tokens.finish(), &json!({"refresh_token": "refresh-1"}));
    let code = redirected_with_code(&mut attempt, "code-1");
    let network = Network::new();
    let tokens = redeem(code, None, &network, now()).await.unwrap();
    let shown = format!("{tokens:?}");
    assert!(!shown.contains("eyJ") && !shown.contains("refresh-1"), "{shown}");
    verify(tokens, &network, now(), LEEWAY).await
}

#[tokio::test]
async fn a_code_becomes_a_session_with_a_refresh_token() {
    let server = TestPool::start().await;
    let session = sign_in(&server, |_| {}).await.unwrap();
    assert_eq!(session.username(), "ada");
    assert!(session.can_refresh());
    let view = session.view();
    assert!(view.refreshable);
    assert!(view.checks.iter().any(|check| check.name == "PKCE"));
}

#[tokio::test]
async fn the_code_is_redeemed_with_the_verifier_and_the_callback_that_it_was_asked_for_with() {
    let server = TestPool::start().await;
    let mut attempt = start(&server, Grant::Code);
    assert_eq!(sent(&attempt, "response_type"), "code");
    assert_eq!(sent(&attempt, "code_challenge_method"), "S256");
    server.gives(server.tokens(&attempt, now()).finish(), &json!({}));
    redeem(redirected_with_code(&mut attempt, "code-1"), None, &Network::new(), now()).await.unwrap();

    let asked = server.asked_at(TOKEN);
    let [asked] = asked.as_slice() else { panic!("{} questions", asked.len()) };
    let verifier = &asked.form["code_verifier"];
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
    assert_eq!(challenge, sent(&attempt, "code_challenge"));
    assert!((43..=128).contains(&verifier.len()));
    let mut form = asked.form.clone();
    form.remove("code_verifier");
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", "code-1"),
        ("redirect_uri", "https://example.com/"),
        ("client_id", CLIENT),
    ];
    assert_eq!(form, HashMap::from(expected.map(|(name, value)| (name.to_owned(), value.to_owned()))));
    assert_eq!(asked.authorization, None);
}

#[tokio::test]
async fn a_client_with_a_secret_proves_itself_by_a_header() {
    let server = TestPool::start().await;
    let mut attempt = start(&server, Grant::Code);
    server.gives(server.tokens(&attempt, now()).finish(), &json!({}));
    let secret = Secret::new("a+b");
    redeem(redirected_with_code(&mut attempt, "code-1"), Some(&secret), &Network::new(), now()).await.unwrap();
    let asked = server.asked_at(TOKEN).remove(0);
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{CLIENT}:a%2Bb"));
    assert_eq!(asked.authorization, Some(format!("Basic {pair}")));
    assert!(!asked.form.values().any(|value| value == "a+b"));
}

#[rstest]
#[case::nonce_of_another(|t: &mut Minting| t.id.claims["nonce"] = json!("another"), |r: &TokenRefusal| matches!(r, TokenRefusal::Nonce { present: true }))]
#[case::no_nonce(|t: &mut Minting| { t.id.claims.as_object_mut().unwrap().remove("nonce"); }, |r: &TokenRefusal| matches!(r, TokenRefusal::Nonce { present: false }))]
#[case::hash_of_another(
    |t: &mut Minting| { t.tied = false; t.id.claims["at_hash"] = json!("abcdefghijklmnopqrstuv"); },
    |r: &TokenRefusal| matches!(r, TokenRefusal::AccessTokenHash { present: true })
)]
#[case::other_client(|t: &mut Minting| t.id.claims["aud"] = json!("another"), |r: &TokenRefusal| matches!(r, TokenRefusal::Audience { .. }))]
#[case::of_two_users(
    |t: &mut Minting| { t.untie(); t.access.claims["sub"] = json!("another-user"); },
    |r: &TokenRefusal| matches!(r, TokenRefusal::OtherSubject)
)]
#[case::no_id_token(|t: &mut Minting| t.after = |id, _| id.clear(), |r: &TokenRefusal| matches!(r, TokenRefusal::Missing { token: TokenUse::Id }))]
#[tokio::test]
async fn the_tokens_of_a_code_are_checked_like_any(
    #[case] spoil: fn(&mut Minting),
    #[case] expected: fn(&TokenRefusal) -> bool,
) {
    let refusal = sign_in(&TestPool::start().await, spoil).await.unwrap_err();
    assert!(expected(&refusal), "{refusal:?}");
}

#[tokio::test]
async fn with_a_code_the_hash_of_the_access_token_may_be_left_out() {
    let server = TestPool::start().await;
    assert_eq!(sign_in(&server, Minting::untie).await.unwrap().username(), "ada");
}

/// AWS WAF's common rules refuse a request that does not say who makes it.
#[tokio::test]
async fn the_pool_is_told_which_program_asks() {
    let server = TestPool::start().await;
    sign_in(&server, |_| {}).await.unwrap();
    discover(&server.issuer(), None, &Network::new(), now()).await.unwrap_err();
    preflight(&server.pool(), &SignInOptions::default(), &Network::new(), now()).await.unwrap();
    let keys = format!("/{POOL_ID}/.well-known/jwks.json");
    let configuration = format!("/{POOL_ID}/.well-known/openid-configuration");
    for path in [TOKEN, &keys, &configuration, "/oauth2/authorize"] {
        let asked = server.asked_at(path).remove(0);
        assert_eq!(asked.agent, Some(format!("Gatepass/{}", env!("CARGO_PKG_VERSION"))), "{path}");
    }
}

fn go(attempt: &mut Attempt, url: &str) -> Navigation {
    let url = url.replace("STATE", &state(attempt));
    attempt.navigation(&Url::parse(&url).unwrap(), now())
}

#[rstest]
#[case::fragment("https://example.com/#code=abc&state=STATE")]
#[case::empty("https://example.com/?code=&state=STATE")]
#[case::tokens("https://example.com/#id_token=a.b.c&access_token=d.e.f&state=STATE")]
#[tokio::test]
async fn what_is_no_code_in_the_query_is_no_answer_to_a_question_for_a_code(#[case] url: &str) {
    let server = TestPool::start().await;
    match go(&mut start(&server, Grant::Code), url) {
        Navigation::Callback(Err(refusal)) => {
            assert_eq!(refusal.code, RefusalCode::NoTokens);
            assert!(refusal.to_string().contains("Authorization code grant"), "{refusal}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_code_is_no_answer_to_a_question_for_tokens() {
    let server = TestPool::start().await;
    let outcome = go(&mut start(&server, Grant::Implicit), "https://example.com/?code=abc&state=STATE");
    assert!(
        matches!(&outcome, Navigation::Callback(Err(refusal)) if refusal.code == RefusalCode::NoTokens),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn the_hop_from_the_identity_provider_to_the_pool_is_let_through() {
    let server = TestPool::start().await;
    let mut attempt = start(&server, Grant::Code);
    let hop = format!("{}/oauth2/idpresponse?code=abc&state=STATE", server.domain);
    assert!(matches!(go(&mut attempt, &hop), Navigation::Allow));
    assert!(is_pending(&mut attempt, now()));
    let outcome = go(&mut attempt, "https://example.com/?code=abc&state=STATE");
    assert!(matches!(outcome, Navigation::Callback(Ok(Granted::Code(_)))), "{outcome:?}");
}

#[tokio::test]
async fn two_codes_at_once_are_ignored_and_the_same_one_twice_is_one() {
    let server = TestPool::start().await;
    let mut attempt = start(&server, Grant::Code);
    match go(&mut attempt, "https://example.com/?code=abc&code=def&state=STATE") {
        Navigation::Block(reason) => assert_eq!(reason, BlockReason::Ambiguous { parameter: "code" }),
        other => panic!("{other:?}"),
    }
    assert!(is_pending(&mut attempt, now()));
    let outcome = go(&mut attempt, "https://example.com/?code=abc&code=abc&state=STATE");
    assert!(matches!(outcome, Navigation::Callback(Ok(Granted::Code(_)))), "{outcome:?}");
}

#[tokio::test]
async fn tokens_that_are_no_bearer_tokens_are_not_taken() {
    let server = TestPool::start().await;
    let mut attempt = start(&server, Grant::Code);
    server.gives(server.tokens(&attempt, now()).finish(), &json!({"token_type": "DPoP"}));
    let outcome = redeem(redirected_with_code(&mut attempt, "code-1"), None, &Network::new(), now()).await;
    assert!(
        matches!(&outcome, Err(GrantError::TokenType { found: Some(found), .. }) if found == "dpop"),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_code_that_the_pool_does_not_know_is_told() {
    let server = TestPool::start().await;
    server.answers_at(TOKEN, Reply::json(400, &json!({"error": "invalid_grant"})));
    let mut attempt = start(&server, Grant::Code);
    let outcome = redeem(redirected_with_code(&mut attempt, "code-1"), None, &Network::new(), now()).await;
    assert!(
        matches!(&outcome, Err(GrantError::Refused(refusal)) if refusal.code == RefusalCode::InvalidGrant),
        "{outcome:?}"
    );
}
