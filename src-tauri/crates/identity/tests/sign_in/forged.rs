//! Forged, foreign and damaged tokens: each refused, with its own reason.

mod table;

use std::time::Duration;

use gatepass_identity::{
    Attempt, LEEWAY, Network, PoolFacts, Session, SignInOptions, TokenRefusal, TokenUse, UserPool, verify,
};
use rstest::rstest;
use serde_json::json;

use crate::pool::{CLIENT, Minting, Reply, SUBJECT, TestPool, jwk, modulus, now, redirected, unix, words_of};
use table::TABLE;

use TokenRefusal as R;

pub async fn judge(server: &TestPool, pool: &UserPool, spoil: fn(&mut Minting)) -> Result<Session, TokenRefusal> {
    judge_with(server, pool, &SignInOptions::default(), spoil).await
}

async fn judge_with(
    server: &TestPool,
    pool: &UserPool,
    options: &SignInOptions,
    spoil: fn(&mut Minting),
) -> Result<Session, TokenRefusal> {
    let mut attempt = Attempt::start(pool, options, now()).unwrap();
    let mut tokens = server.tokens(&attempt, now());
    spoil(&mut tokens);
    let tokens = redirected(&mut attempt, tokens.finish());
    verify(tokens, &Network::new(), now(), LEEWAY).await
}

#[tokio::test]
async fn true_tokens_are_accepted() {
    let server = TestPool::start().await;
    let session = judge(&server, &server.pool(), |_| {}).await.unwrap();
    assert_eq!(session.username(), "ada");
}

#[tokio::test]
async fn each_forged_token_is_refused_for_its_own_reason() {
    let server = TestPool::start().await;
    for (name, spoil, expected) in TABLE {
        let refusal = judge(&server, &server.pool(), *spoil).await.expect_err(name);
        assert!(expected(&refusal), "{name}: {refusal:?}");
        let words = words_of(&refusal);
        assert!(!words.contains("eyJ"), "{name}: a part of a token is in {words}");
        assert!(!words.contains(&modulus(0)), "{name}: a key is in {words}");
    }
}

#[rstest]
#[case::just_expired(|t: &mut Minting| t.id.claims["exp"] = json!(unix(now()) - 59))]
#[case::just_beginning(|t: &mut Minting| t.id.claims["nbf"] = json!(unix(now()) + 60))]
#[case::several_audiences(|t: &mut Minting| t.id.claims["aud"] = json!(["another", CLIENT]))]
#[case::authorized_party(|t: &mut Minting| t.id.claims["azp"] = json!(CLIENT))]
#[tokio::test]
async fn what_is_within_the_rules_is_accepted(#[case] spoil: fn(&mut Minting)) {
    let server = TestPool::start().await;
    judge(&server, &server.pool(), spoil).await.unwrap();
}

#[tokio::test]
async fn without_openid_the_missing_id_token_is_explained() {
    let server = TestPool::start().await;
    let pool = UserPool::new(&PoolFacts { scopes: vec!["email".into()], ..server.facts() }).unwrap();
    let refusal = judge(&server, &pool, |t| t.after = |id, _| id.clear()).await.unwrap_err();
    assert!(matches!(&refusal, R::NoOpenId { scopes } if scopes == "email"), "{refusal:?}");
    assert!(refusal.to_string().contains("add openid to the scopes"));

    let options = SignInOptions { extra_scopes: vec!["phone".into()], ..SignInOptions::default() };
    let refusal = judge_with(&server, &pool, &options, |t| t.after = |id, _| id.clear()).await.unwrap_err();
    assert!(matches!(&refusal, R::NoOpenId { scopes } if scopes == "email phone"), "{refusal:?}");
    let options = SignInOptions { extra_scopes: vec!["openid".into()], ..SignInOptions::default() };
    let refusal = judge_with(&server, &pool, &options, |t| t.after = |id, _| id.clear()).await.unwrap_err();
    assert!(matches!(refusal, R::Missing { token: TokenUse::Id }), "{refusal:?}");
}

#[rstest]
#[case::behind(-600, "this computer's clock is 10 minutes ahead of the user pool's; set the clock")]
#[case::true_clock(0, "sign in again")]
#[tokio::test]
async fn an_expired_token_tells_whether_the_clock_is_to_blame(#[case] server_is: i64, #[case] expected: &str) {
    let server = TestPool::start().await;
    let date = now() - Duration::from_secs(server_is.unsigned_abs());
    server.answers(Reply { date, ..Reply::keys(&[jwk(0), jwk(1)]) });
    let refusal = judge(&server, &server.pool(), |t| t.id.claims["exp"] = json!(unix(now()) - 300)).await.unwrap_err();
    assert!(refusal.to_string().contains(expected), "{refusal}");
}

#[tokio::test]
async fn a_clock_that_is_behind_is_told_by_the_token_alone() {
    let server = TestPool::start().await;
    let refusal = judge(&server, &server.pool(), |t| t.id.claims["iat"] = json!(unix(now()) + 420)).await.unwrap_err();
    assert!(refusal.to_string().contains("clock is 7 minutes behind the user pool's"), "{refusal}");
}

#[tokio::test]
async fn a_renewal_does_not_change_the_user() {
    let server = TestPool::start().await;
    let keys = Network::new();
    for (subject, same) in [(SUBJECT, true), ("another-user", false)] {
        let mut attempt = Attempt::renew(&server.pool(), &SignInOptions::default(), subject, now()).unwrap();
        let tokens = server.tokens(&attempt, now()).finish();
        let outcome = verify(redirected(&mut attempt, tokens), &keys, now(), LEEWAY).await;
        match outcome {
            Ok(_) => assert!(same),
            Err(refusal) => assert!(!same && matches!(refusal, R::OtherUser), "{refusal:?}"),
        }
    }
}
