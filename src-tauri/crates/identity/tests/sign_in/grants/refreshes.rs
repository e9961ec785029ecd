//! Renewal by a refresh token, with and without rotation, and the end of what it stands for.

use gatepass_identity::{
    Attempt, Grant, GrantError, HttpError, LEEWAY, Network, PoolFacts, RefusalCode, Session, SignInOptions,
    TokenRefusal, TokenUse, UserPool, redeem, refresh, revoke, verify,
};
use gatepass_vault::{Secret, Vault};
use rstest::rstest;
use serde_json::{Value, json};

use crate::pool::{CLIENT, Minting, Reply, TOKEN, TestPool, now, redirected_with_code};

async fn signed_in(server: &TestPool, pool: &UserPool, rest: &Value) -> Session {
    let mut attempt = Attempt::start(pool, &SignInOptions::default(), now()).unwrap();
    server.gives(server.tokens(&attempt, now()).finish(), rest);
    let code = redirected_with_code(&mut attempt, "code-1");
    let network = Network::new();
    verify(redeem(code, None, &network, now()).await.unwrap(), &network, now(), LEEWAY).await.unwrap()
}

async fn with_refresh_token(server: &TestPool) -> Session {
    signed_in(server, &server.pool_by(Grant::Code), &json!({"refresh_token": "refresh-1"})).await
}

/// The tokens that a refresh brings: they repeat no nonce.
fn refreshed(server: &TestPool, spoil: fn(&mut Minting)) -> (String, String) {
    let attempt = Attempt::start(&server.pool(), &SignInOptions::default(), now()).unwrap();
    let mut tokens = server.tokens(&attempt, now());
    tokens.id.claims.as_object_mut().unwrap().remove("nonce");
    tokens.access.claims["jti"] = json!("the second");
    spoil(&mut tokens);
    tokens.finish()
}

async fn renew(session: &Session) -> Result<Session, TokenRefusal> {
    let network = Network::new();
    let tokens = refresh(session, None, &network, now()).await.unwrap();
    verify(tokens, &network, now(), LEEWAY).await
}

#[rstest]
#[case::without_rotation(json!({}), "refresh-1")]
#[case::with_rotation(json!({"refresh_token": "refresh-2"}), "refresh-2")]
#[case::with_an_empty_one(json!({"refresh_token": ""}), "refresh-1")]
#[tokio::test]
async fn a_session_is_renewed_and_the_right_refresh_token_goes_on(#[case] rest: Value, #[case] next: &str) {
    let server = TestPool::start().await;
    let session = with_refresh_token(&server).await;
    server.gives(refreshed(&server, |_| {}), &rest);
    let renewed = renew(&session).await.unwrap();
    assert_eq!(renewed.subject(), session.subject());
    renew(&renewed).await.unwrap();

    let sent: Vec<_> = server.asked_at(TOKEN).into_iter().map(|asked| asked.form).collect();
    assert_eq!(sent[1]["grant_type"], "refresh_token");
    assert_eq!(sent[1]["client_id"], CLIENT);
    assert_eq!((sent[1]["refresh_token"].as_str(), sent[2]["refresh_token"].as_str()), ("refresh-1", next));
}

#[tokio::test]
async fn the_tokens_of_another_user_are_refused() {
    let server = TestPool::start().await;
    let session = with_refresh_token(&server).await;
    let of_another = |t: &mut Minting| {
        t.id.claims["sub"] = json!("another-user");
        t.access.claims["sub"] = json!("another-user");
    };
    server.gives(refreshed(&server, of_another), &json!({}));
    let refusal = renew(&session).await.unwrap_err();
    assert!(matches!(refusal, TokenRefusal::OtherUser), "{refusal:?}");
    let words = refusal.to_string();
    assert!(words.contains("what the renewal brought belongs to another user") && !words.contains("window"), "{words}");
}

#[rstest]
#[case::access_token(|t: &mut Minting| { t.untie(); t.access.claims["sub"] = json!("another-user"); })]
#[case::id_token(|t: &mut Minting| { t.untie(); t.id.claims["sub"] = json!("another-user"); })]
#[case::nobody_s_access_token(|t: &mut Minting| { t.untie(); t.access.claims.as_object_mut().unwrap().remove("sub"); })]
#[tokio::test]
async fn the_tokens_of_two_users_are_refused_though_no_hash_ties_them(#[case] spoil: fn(&mut Minting)) {
    let server = TestPool::start().await;
    let session = with_refresh_token(&server).await;
    server.gives(refreshed(&server, spoil), &json!({}));
    let refusal = renew(&session).await.unwrap_err();
    assert!(matches!(refusal, TokenRefusal::OtherSubject), "{refusal:?}");
}

/// OpenID Connect Core §12.2: a refreshed ID token may repeat the nonce of the sign-in, and no other.
#[tokio::test]
async fn a_refreshed_id_token_repeats_the_nonce_of_the_former_one_or_none() {
    let server = TestPool::start().await;
    let session = with_refresh_token(&server).await;
    let with_nonce = |nonce: &str| {
        let attempt = Attempt::start(&server.pool(), &SignInOptions::default(), now()).unwrap();
        let mut tokens = server.tokens(&attempt, now());
        tokens.id.claims["nonce"] = json!(nonce);
        tokens.finish()
    };
    server.gives(with_nonce("another"), &json!({}));
    let refusal = renew(&session).await.unwrap_err();
    assert!(matches!(refusal, TokenRefusal::Nonce { present: true }), "{refusal:?}");

    server.gives(with_nonce(&nonce_of(&session)), &json!({}));
    let renewed = renew(&session).await.unwrap();
    assert_eq!(checks(&renewed), ["User", "Nonce", "Access token hash"]);
    assert_eq!(checks(&session), ["State", "PKCE", "Nonce", "Access token hash"]);
    assert_eq!(kept(&renewed).await.view(), renewed.view());
    server.gives(refreshed(&server, |_| {}), &json!({}));
    let without = renew(&renewed).await.unwrap();
    assert_eq!(checks(&without), ["User", "Access token hash"]);

    server.gives(with_nonce(&nonce_of(&session)), &json!({}));
    let refusal = renew(&without).await.unwrap_err();
    assert!(matches!(refusal, TokenRefusal::Nonce { present: true }), "{refusal:?}");
}

#[tokio::test]
async fn a_refresh_without_an_id_token_keeps_the_former_one_and_takes_the_rest() {
    let server = TestPool::start().await;
    let session = with_refresh_token(&server).await;
    server.gives((String::new(), refreshed(&server, |_| {}).1), &json!({"refresh_token": "refresh-2"}));
    let renewed = renew(&session).await.unwrap();
    assert_eq!(renewed.token(TokenUse::Id), session.token(TokenUse::Id));
    assert_ne!(renewed.token(TokenUse::Access), session.token(TokenUse::Access));
    assert_eq!(checks(&renewed), ["User", "ID token", "Nonce"]);

    let loaded = kept(&renewed).await;
    assert_eq!(loaded.view(), renewed.view());
    renew(&loaded).await.unwrap();
    assert_eq!(server.asked_at(TOKEN)[2].form["refresh_token"], "refresh-2");
    server.gives(refreshed(&server, |_| {}), &json!({}));
    assert_eq!(checks(&renew(&loaded).await.unwrap()), ["User", "Access token hash"]);
}

#[tokio::test]
async fn a_former_id_token_stays_only_with_the_pool_that_it_is_from() {
    let server = TestPool::start().await;
    let session = with_refresh_token(&server).await;
    server.gives((String::new(), refreshed(&server, |_| {}).1), &json!({}));
    let facts = PoolFacts { issuer: None, ..session.pool().facts() };
    let renewed = renew(&session.clone().on(UserPool::new(&facts).unwrap())).await.unwrap();
    assert_eq!(renewed.pool().issuer(), session.pool().issuer());

    let other = PoolFacts { pool_id: Some("us-east-1_TestPool2".into()), ..facts };
    let refusal = renew(&session.on(UserPool::new(&other).unwrap())).await.unwrap_err();
    assert!(matches!(refusal, TokenRefusal::Issuer { token: TokenUse::Id, .. }), "{refusal:?}");
}

#[rstest]
#[case::of_another(|t: &mut Minting| t.access.claims["sub"] = json!("another-user"))]
#[case::of_nobody(|t: &mut Minting| { t.access.claims.as_object_mut().unwrap().remove("sub"); })]
#[tokio::test]
async fn a_former_id_token_is_not_joined_to_the_access_token_of_another_user(#[case] spoil: fn(&mut Minting)) {
    let server = TestPool::start().await;
    let session = with_refresh_token(&server).await;
    let (_, access) = refreshed(&server, spoil);
    server.gives((String::new(), access), &json!({}));
    let refusal = renew(&session).await.unwrap_err();
    assert!(matches!(refusal, TokenRefusal::OtherUser), "{refusal:?}");
}

#[tokio::test]
async fn a_refresh_under_the_implicit_grant_needs_no_hash_of_the_access_token() {
    let server = TestPool::start().await;
    let session = with_refresh_token(&server).await;
    let implicit = UserPool::new(&PoolFacts { grant: Grant::Implicit, ..session.pool().facts() }).unwrap();
    let vault = Vault::in_memory("a test");
    session.save(&vault, "ada").await.unwrap();
    let session = Session::load(&vault, "ada", &implicit).await.unwrap().unwrap();
    server.gives(refreshed(&server, Minting::untie), &json!({}));
    assert_eq!(renew(&session).await.unwrap().subject(), session.subject());
}

/// The checks that depend on how the tokens came.
fn checks(session: &Session) -> Vec<String> {
    let names = session.view().checks.into_iter().map(|check| check.name);
    names.filter(|name| SOMETIMES.contains(&name.as_str())).collect()
}

const SOMETIMES: [&str; 6] = ["State", "User", "PKCE", "ID token", "Nonce", "Access token hash"];

fn nonce_of(session: &Session) -> String {
    let claims = session.view().id_token_claims;
    claims.into_iter().find(|claim| claim.name == "nonce").unwrap().value
}

async fn kept(session: &Session) -> Session {
    let vault = Vault::in_memory("a test");
    session.save(&vault, "ada").await.unwrap();
    Session::load(&vault, "ada", session.pool()).await.unwrap().unwrap()
}

#[tokio::test]
async fn without_a_refresh_token_nothing_is_asked() {
    let server = TestPool::start().await;
    let session = signed_in(&server, &server.pool_by(Grant::Code), &json!({})).await;
    let outcome = refresh(&session, None, &Network::new(), now()).await;
    assert!(matches!(outcome, Err(GrantError::NoRefreshToken)), "{outcome:?}");
    revoke(&session, None, &Network::new(), now()).await.unwrap();
    assert_eq!(server.asked_at(TOKEN).len(), 1);
    assert!(server.asked_at("/oauth2/revoke").is_empty());
}

#[rstest]
#[case("invalid_grant", true)]
#[case("unauthorized_client", true)]
#[case("invalid_client", false)]
#[case("invalid_request", false)]
#[case("server_error", false)]
#[tokio::test]
async fn a_refusal_tells_whether_asking_again_leads_to_anything(#[case] error: &str, #[case] over: bool) {
    let server = TestPool::start().await;
    let session = with_refresh_token(&server).await;
    server.answers_at(TOKEN, Reply::json(400, &json!({ "error": error })));
    let error = refresh(&session, None, &Network::new(), now()).await.unwrap_err();
    assert!(matches!(error, GrantError::Refused(_)), "{error:?}");
    assert_eq!(error.is_over(), over);
}

#[rstest]
#[case::nothing_to_renew_with(GrantError::NoRefreshToken, true)]
#[case::no_host(GrantError::Http(HttpError::HostUnknown { host: "x".into() }), false)]
#[case::server_failure(GrantError::Failed { host: "x".into(), status: 503 }, false)]
#[case::no_tokens(GrantError::NoTokens { host: "x".into() }, false)]
#[case::no_endpoint(GrantError::NoEndpoint, false)]
fn a_failure_of_the_network_ends_no_session(#[case] error: GrantError, #[case] over: bool) {
    assert_eq!(error.is_over(), over);
}

#[tokio::test]
async fn a_refresh_token_comes_back_from_the_vault_and_is_given_up() {
    let server = TestPool::start().await;
    let vault = Vault::in_memory("a test");
    let session = with_refresh_token(&server).await;
    session.save(&vault, "ada").await.unwrap();
    let loaded = Session::load(&vault, "ada", session.pool()).await.unwrap().unwrap();
    assert_eq!(loaded.view(), session.view());

    server.answers_at("/oauth2/revoke", Reply { body: Vec::new(), ..Reply::keys(&[]) });
    revoke(&loaded, None, &Network::new(), now()).await.unwrap();
    revoke(&loaded, Some(&Secret::new("s3cret")), &Network::new(), now()).await.unwrap();
    let asked = server.asked_at("/oauth2/revoke");
    assert_eq!((asked[0].form["token"].as_str(), asked[0].form["client_id"].as_str()), ("refresh-1", CLIENT));
    assert_eq!(asked[0].authorization, None);
    assert!(asked[1].authorization.as_ref().unwrap().starts_with("Basic "));
    assert!(!asked[1].form.contains_key("client_id"));
}

#[rstest]
#[case::a_reason(Reply::json(400, &json!({"error": "invalid_client"})), |e: &GrantError| matches!(e, GrantError::Refused(refusal) if refusal.code == RefusalCode::InvalidClient))]
#[case::no_reason(Reply::json(503, &json!({})), |e: &GrantError| matches!(e, GrantError::Failed { status: 503, .. }))]
#[case::elsewhere(Reply { status: 302, location: Some("/".into()), ..Reply::keys(&[]) }, |e: &GrantError| matches!(e, GrantError::Http(HttpError::Redirected { .. })))]
#[tokio::test]
async fn a_revocation_that_fails_is_told(#[case] reply: Reply, #[case] expected: fn(&GrantError) -> bool) {
    let server = TestPool::start().await;
    let session = with_refresh_token(&server).await;
    server.answers_at("/oauth2/revoke", reply);
    let error = revoke(&session, None, &Network::new(), now()).await.unwrap_err();
    assert!(expected(&error), "{error:?}");
}

#[tokio::test]
async fn another_grant_of_the_same_pool_keeps_the_session() {
    let server = TestPool::start().await;
    let vault = Vault::in_memory("a test");
    let session = with_refresh_token(&server).await;
    session.save(&vault, "ada").await.unwrap();
    let implicit = UserPool::new(&PoolFacts { grant: Grant::Implicit, ..session.pool().facts() }).unwrap();
    assert!(Session::load(&vault, "ada", &implicit).await.unwrap().is_some());
}
