//! Fetching keys: how often, and what is said when it fails.

use std::time::Duration;

use gatepass_identity::{
    Attempt, Grant, KeyError, LEEWAY, Network, PoolFacts, Session, SignInOptions, TokenRefusal, UserPool, redeem,
    verify,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::pool::{Reply, Seal, TOKEN, TestPool, jwk, kid, now, redirected, redirected_with_code, unix};

async fn sign_in(server: &TestPool, keys: &Network, later: Duration, key: usize) -> Result<Session, TokenRefusal> {
    let mut attempt = Attempt::start(&server.pool(), &SignInOptions::default(), now()).unwrap();
    let mut tokens = server.tokens(&attempt, now() + later);
    tokens.id.header["kid"] = json!(kid(key));
    tokens.id.seal = Seal::Key(key);
    verify(redirected(&mut attempt, tokens.finish()), keys, now() + later, LEEWAY).await
}

#[tokio::test]
async fn keys_are_fetched_once_for_many_sign_ins() {
    let (server, keys) = (TestPool::start().await, Network::new());
    for _ in 0..3 {
        sign_in(&server, &keys, Duration::ZERO, 0).await.unwrap();
    }
    assert_eq!(server.fetches(), 1);
}

#[tokio::test]
async fn a_new_key_is_found_after_a_rotation_but_asked_for_at_most_once_a_minute() {
    let (server, keys) = (TestPool::start().await, Network::new());
    sign_in(&server, &keys, Duration::ZERO, 0).await.unwrap();
    server.answers(Reply::keys(&[jwk(2), jwk(1)]));

    for seconds in [1, 30, 59] {
        let refusal = sign_in(&server, &keys, Duration::from_secs(seconds), 2).await.unwrap_err();
        assert!(matches!(refusal, TokenRefusal::Key { source: KeyError::UnknownKey { .. }, .. }), "{refusal:?}");
    }
    assert_eq!(server.fetches(), 1);

    sign_in(&server, &keys, Duration::from_mins(1), 2).await.unwrap();
    assert_eq!(server.fetches(), 2);
}

#[tokio::test]
async fn a_key_that_was_withdrawn_is_forgotten_within_a_day() {
    let (server, keys) = (TestPool::start().await, Network::new());
    sign_in(&server, &keys, Duration::ZERO, 0).await.unwrap();
    server.answers(Reply::keys(&[jwk(1)]));
    assert!(sign_in(&server, &keys, Duration::from_hours(23), 0).await.is_ok());
    assert!(sign_in(&server, &keys, Duration::from_hours(24), 0).await.is_err());
}

#[tokio::test]
async fn keys_that_were_fetched_by_a_clock_that_was_ahead_are_fetched_anew_when_it_is_set() {
    let (server, keys) = (TestPool::start().await, Network::new());
    sign_in(&server, &keys, Duration::from_hours(2), 0).await.unwrap();
    server.answers(Reply::keys(&[jwk(2), jwk(1)]));
    sign_in(&server, &keys, Duration::ZERO, 2).await.unwrap();
    assert!(sign_in(&server, &keys, Duration::ZERO, 0).await.is_err());
    assert_eq!(server.fetches(), 2);
}

#[rstest]
#[case::was_ahead(Duration::from_hours(2), Duration::ZERO)]
#[case::was_behind(Duration::ZERO, Duration::from_hours(2))]
#[tokio::test]
async fn a_clock_that_was_set_is_not_blamed_any_more(#[case] before: Duration, #[case] after: Duration) {
    let (server, keys) = (TestPool::start().await, Network::new());
    let endpoint = TestPool::start().await;
    let token_host = endpoint.domain.replace("127.0.0.1", "localhost");
    let date = now() + after;
    server.answers(Reply { date, ..Reply::keys(&[jwk(0), jwk(1)]) });
    sign_in(&server, &keys, before, 0).await.unwrap();
    assert!(keys.clock_ahead(&server.pool()).unwrap().abs() > 3_600);

    let mut facts = PoolFacts { grant: Grant::Code, ..server.facts() };
    facts.endpoints.token = Some(format!("{token_host}{TOKEN}"));
    let pool = UserPool::new(&facts).unwrap();
    let mut attempt = Attempt::start(&pool, &SignInOptions::default(), now() + after).unwrap();
    let mut tokens = server.tokens(&attempt, now());
    tokens.id.claims["exp"] = json!(unix(now()) - 300);
    endpoint.gives_at(date, tokens.finish(), &json!({}));
    let code = redirected_with_code(&mut attempt, "code-1");
    let tokens = redeem(code, None, &keys, now() + after).await.unwrap();
    let refusal = verify(tokens, &keys, now() + after, LEEWAY).await.unwrap_err();
    assert!(matches!(refusal, TokenRefusal::Expired { clock: None, .. }), "{refusal:?}");
    assert_eq!(keys.clock_ahead(&pool), Some(0));
}

#[tokio::test]
async fn an_unknown_key_is_asked_for_at_most_once_a_minute_also_where_the_pool_fails() {
    let (server, keys) = (TestPool::start().await, Network::new());
    sign_in(&server, &keys, Duration::ZERO, 0).await.unwrap();
    server.answers(Reply { status: 503, ..Reply::keys(&[]) });
    for seconds in [60, 61, 119] {
        let refusal = sign_in(&server, &keys, Duration::from_secs(seconds), 2).await.unwrap_err();
        let TokenRefusal::Key { source, .. } = &refusal else { panic!("{refusal:?}") };
        assert!(matches!(source, KeyError::NoPool { status: 503, .. }), "{source:?}");
    }
    assert_eq!(server.fetches(), 2);
    sign_in(&server, &keys, Duration::from_secs(119), 0).await.unwrap();

    server.answers(Reply::keys(&[jwk(2), jwk(1)]));
    sign_in(&server, &keys, Duration::from_mins(2), 2).await.unwrap();
    assert_eq!(server.fetches(), 3);
}

#[tokio::test]
async fn a_failed_fetch_is_tried_again_at_the_next_sign_in() {
    let (server, keys) = (TestPool::start().await, Network::new());
    server.answers(Reply { status: 503, ..Reply::keys(&[]) });
    sign_in(&server, &keys, Duration::ZERO, 0).await.unwrap_err();
    server.answers(Reply::keys(&[jwk(0), jwk(1)]));
    sign_in(&server, &keys, Duration::ZERO, 0).await.unwrap();
}

fn with(field: &str, value: Value) -> Reply {
    let mut key = jwk(0);
    key[field] = value;
    Reply::keys(&[key, jwk(1)])
}

#[rstest]
#[case::html(Reply { content_type: "text/html", body: "<html>Sign in to the Wi-Fi</html>".into(), ..Reply::keys(&[]) }, "with text/html in place of JSON")]
#[case::redirect(Reply { status: 302, location: Some("http://127.0.0.1:1/".into()), ..Reply::keys(&[]) }, "elsewhere (302)")]
#[case::no_such_pool(Reply { status: 404, body: "{}".into(), ..Reply::keys(&[]) }, "answered 404 when asked for the keys of us-east-1_TestPool1")]
#[case::no_keys(Reply { body: "{}".into(), ..Reply::keys(&[]) }, "JSON that holds no keys")]
#[case::keys_of_no_kind(Reply { body: r#"{"keys":[1,"x"]}"#.into(), ..Reply::keys(&[]) }, "JSON that holds no keys")]
#[case::too_large(Reply { body: " ".repeat(1_048_577).into_bytes(), ..Reply::keys(&[]) }, "larger than 1048576 bytes")]
#[case::for_encryption(with("use", json!("enc")), "its use is not sig")]
#[case::other_algorithm(with("alg", json!("RS512")), "its alg is not RS256")]
#[case::elliptic(with("kty", json!("EC")), "its kty is not RSA")]
#[case::symmetric(Reply::keys(&[json!({"kty": "oct", "k": "c2VjcmV0", "kid": kid(0), "alg": "RS256", "use": "sig"})]), "its kty is not RSA")]
#[tokio::test]
async fn an_issuer_without_fit_keys_is_told_in_words(#[case] reply: Reply, #[case] expected: &str) {
    let server = TestPool::start().await;
    server.answers(reply);
    let refusal = sign_in(&server, &Network::new(), Duration::ZERO, 0).await.unwrap_err();
    let TokenRefusal::Key { source, .. } = &refusal else { panic!("{refusal:?}") };
    assert!(source.to_string().contains(expected), "{source}");
}

#[tokio::test]
async fn a_key_without_use_and_alg_is_fit() {
    let server = TestPool::start().await;
    let mut key = jwk(0);
    key.as_object_mut().unwrap().retain(|name, _| name != "use" && name != "alg");
    server.answers(Reply::keys(&[json!({"kty": "new kind"}), key, jwk(1)]));
    sign_in(&server, &Network::new(), Duration::ZERO, 0).await.unwrap();
}

#[tokio::test]
async fn the_pool_s_clock_is_known_after_it_was_asked() {
    let (server, keys) = (TestPool::start().await, Network::new());
    assert_eq!(keys.clock_ahead(&server.pool()), None);
    server.answers(Reply { date: now() + Duration::from_secs(42), ..Reply::keys(&[jwk(0), jwk(1)]) });
    sign_in(&server, &keys, Duration::ZERO, 0).await.unwrap();
    assert_eq!(keys.clock_ahead(&server.pool()), Some(42));
}
