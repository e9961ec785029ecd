//! A machine's token: client credentials, an access token and nothing else.

use gatepass_identity::{
    Attempt, Grant, LEEWAY, LoadError, Network, Session, SignInOptions, StartError, TokenRefusal, TokenUse,
    client_credentials, verify,
};
use gatepass_vault::{Secret, Vault};
use rstest::rstest;
use serde_json::json;

use crate::pool::{CLIENT, Minting, TOKEN, TestPool, now, unix};

/// Spoils nothing but takes away what a machine's token does not have.
fn as_machine(tokens: &mut Minting) {
    tokens.id.claims = json!({});
    tokens.access.claims["sub"] = json!(CLIENT);
    tokens.access.claims["scope"] = json!("shop/read");
    tokens.access.claims.as_object_mut().unwrap().retain(|name, _| name != "username" && name != "auth_time");
    tokens.after = |id, _| id.clear();
}

async fn ask(server: &TestPool, options: &SignInOptions, spoil: fn(&mut Minting)) -> Result<Session, TokenRefusal> {
    let attempt = Attempt::start(&server.pool(), &SignInOptions::default(), now()).unwrap();
    let mut tokens = server.tokens(&attempt, now());
    as_machine(&mut tokens);
    spoil(&mut tokens);
    server.gives(tokens.finish(), &json!({}));
    let (pool, network) = (server.pool_by(Grant::ClientCredentials), Network::new());
    let tokens = client_credentials(&pool, options, &Secret::new("s3cret"), &network, now()).await.unwrap();
    verify(tokens, &network, now(), LEEWAY).await
}

#[tokio::test]
async fn a_machine_has_an_access_token_only_and_is_named_by_its_client() {
    let server = TestPool::start().await;
    let session = ask(&server, &SignInOptions::default(), |_| {}).await.unwrap();
    assert!(session.token(TokenUse::Id).is_none());
    assert!(!session.can_refresh());
    assert_eq!((session.subject(), session.username()), (CLIENT, CLIENT));
    let view = session.view();
    assert_eq!(view.scopes, ["shop/read"]);
    assert_eq!(view.id_token_expires, None);
    let checks: Vec<&str> = view.checks.iter().map(|check| check.name.as_str()).collect();
    assert!(checks.contains(&"Signature") && checks.contains(&"Audience"), "{checks:?}");
    assert!(!checks.contains(&"State") && !checks.contains(&"Nonce"), "{checks:?}");
}

#[tokio::test]
async fn the_credentials_go_into_the_header_and_the_scopes_into_the_form_once() {
    let server = TestPool::start().await;
    let options = SignInOptions {
        extra_scopes: vec!["shop/write".into(), "shop/read".into()],
        resource: Some("https://api.example.com".into()),
        ..SignInOptions::default()
    };
    ask(&server, &options, |_| {}).await.unwrap();
    let asked = server.asked_at(TOKEN).remove(0);
    assert_eq!(asked.form["grant_type"], "client_credentials");
    assert_eq!(asked.form["scope"], "shop/read shop/write");
    assert_eq!(asked.form["resource"], "https://api.example.com");
    assert_eq!(asked.form.len(), 3);
    assert!(asked.authorization.unwrap().starts_with("Basic "));
}

#[rstest]
#[case::of_another_client(|t: &mut Minting| t.access.claims["client_id"] = json!("another"), |r: &TokenRefusal| matches!(r, TokenRefusal::Audience { token: TokenUse::Access, .. }))]
#[case::expired(|t: &mut Minting| t.access.claims["exp"] = json!(unix(now()) - 61), |r: &TokenRefusal| matches!(r, TokenRefusal::Expired { .. }))]
#[case::an_id_token(|t: &mut Minting| t.access.claims["token_use"] = json!("id"), |r: &TokenRefusal| matches!(r, TokenRefusal::TokenUse { .. }))]
#[case::of_another_pool(|t: &mut Minting| t.access.claims["iss"] = json!("https://evil.test/"), |r: &TokenRefusal| matches!(r, TokenRefusal::Issuer { .. }))]
#[case::opaque(|t: &mut Minting| t.after = |id, access| { id.clear(); *access = "opaque".into(); }, |r: &TokenRefusal| matches!(r, TokenRefusal::Form { .. }))]
#[tokio::test]
async fn the_token_of_a_machine_is_checked_like_any(
    #[case] spoil: fn(&mut Minting),
    #[case] expected: fn(&TokenRefusal) -> bool,
) {
    let server = TestPool::start().await;
    let refusal = ask(&server, &SignInOptions::default(), spoil).await.unwrap_err();
    assert!(expected(&refusal), "{refusal:?}");
}

#[tokio::test]
async fn there_is_nobody_to_sign_in_for_a_machine() {
    let server = TestPool::start().await;
    let outcome = Attempt::start(&server.pool_by(Grant::ClientCredentials), &SignInOptions::default(), now());
    assert!(matches!(outcome, Err(StartError::NoLoginPage)));
}

#[tokio::test]
async fn a_machine_s_session_is_kept_but_not_for_a_user_s_pool() {
    let server = TestPool::start().await;
    let vault = Vault::in_memory("a test");
    let session = ask(&server, &SignInOptions::default(), |_| {}).await.unwrap();
    session.save(&vault, "robot").await.unwrap();
    let loaded = Session::load(&vault, "robot", session.pool()).await.unwrap().unwrap();
    assert_eq!(loaded.view(), session.view());
    let outcome = Session::load(&vault, "robot", &server.pool_by(Grant::Code)).await;
    assert!(matches!(outcome, Err(LoadError::OtherGrant)), "{outcome:?}");
}
