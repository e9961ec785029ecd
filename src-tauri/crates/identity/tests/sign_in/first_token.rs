//! The first token of a pool whose issuer is not known yet.

use gatepass_identity::{
    PoolFacts, TokenRefusal as R,
    TokenUse::{Access, Id},
    UserPool,
};
use rstest::rstest;
use serde_json::json;

use crate::forged::judge;
use crate::pool::{Minting, POOL_ID, TestPool};

fn unpinned(server: &TestPool) -> PoolFacts {
    PoolFacts { region: None, pool_id: None, issuer: None, ..server.facts() }
}

#[tokio::test]
async fn an_unknown_pool_is_read_from_the_first_token_and_pinned() {
    let server = TestPool::start().await;
    let pool = UserPool::new(&unpinned(&server)).unwrap();
    let session = judge(&server, &pool, |_| {}).await.unwrap();
    assert_eq!(session.pool().pool_id(), Some(POOL_ID));
    assert_eq!(session.pool().issuer().unwrap().as_str(), server.issuer());

    let elsewhere = TestPool::start().await;
    let refusal = judge(&elsewhere, session.pool(), |_| {}).await.unwrap_err();
    assert!(matches!(refusal, R::Issuer { .. }), "{refusal:?}");
    assert_eq!(elsewhere.fetches(), 0);
}

#[rstest]
#[case::any_host(|t: &mut Minting| t.id.claims["iss"] = json!("https://evil.test/us-east-1_TestPool1"))]
#[case::look_alike(|t: &mut Minting| t.id.claims["iss"] = json!("https://cognito-idp.us-east-1.amazonaws.com.evil.test/us-east-1_TestPool1"))]
#[case::nothing(|t: &mut Minting| t.id.claims["iss"] = json!(""))]
#[tokio::test]
async fn the_first_token_may_only_name_an_issuer_of_cognito_s(#[case] spoil: fn(&mut Minting)) {
    let server = TestPool::start().await;
    let refusal = judge(&server, &UserPool::new(&unpinned(&server)).unwrap(), spoil).await.unwrap_err();
    assert!(matches!(refusal, R::ForeignIssuer { token: Id, .. }), "{refusal:?}");
    assert_eq!(server.fetches(), 0);
}

#[tokio::test]
async fn a_pool_on_the_web_does_not_take_a_first_token_from_this_machine() {
    let server = TestPool::start().await;
    let facts = PoolFacts { domain: "https://login.example.com".into(), ..unpinned(&server) };
    let refusal = judge(&server, &UserPool::new(&facts).unwrap(), |_| {}).await.unwrap_err();
    assert!(matches!(refusal, R::ForeignIssuer { .. }), "{refusal:?}");
    assert_eq!(server.fetches(), 0);
}

#[tokio::test]
async fn nothing_is_fetched_for_a_first_token_of_another_client() {
    let server = TestPool::start().await;
    let pool = UserPool::new(&unpinned(&server)).unwrap();
    let refusal = judge(&server, &pool, |t| t.id.claims["aud"] = json!("another")).await.unwrap_err();
    assert!(matches!(refusal, R::Audience { token: Id, .. }), "{refusal:?}");
    assert_eq!(server.fetches(), 0);
}

#[tokio::test]
async fn the_first_token_must_fit_the_pool_id_that_is_known() {
    let server = TestPool::start().await;
    let facts = PoolFacts { pool_id: Some("us-east-1_Other".into()), ..unpinned(&server) };
    let refusal = judge(&server, &UserPool::new(&facts).unwrap(), |_| {}).await.unwrap_err();
    assert!(matches!(&refusal, R::Issuer { expected, .. } if expected.contains("us-east-1_Other")), "{refusal:?}");
}

#[tokio::test]
async fn the_two_tokens_must_be_from_one_pool() {
    let server = TestPool::start().await;
    let pool = UserPool::new(&unpinned(&server)).unwrap();
    let refusal = judge(&server, &pool, |t| {
        let other = t.access.claims["iss"].as_str().unwrap().replace(POOL_ID, "us-east-1_Other");
        t.access.claims["iss"] = json!(other);
    });
    let refusal = refusal.await.unwrap_err();
    assert!(matches!(refusal, R::Issuer { token: Access, .. }), "{refusal:?}");
}
