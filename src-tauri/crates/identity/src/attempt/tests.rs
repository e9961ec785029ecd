use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::{HashMap, HashSet};

use super::*;
use crate::PoolFacts;

fn pool() -> UserPool {
    UserPool::new(&PoolFacts {
        domain: "https://shop.auth.eu-west-1.amazoncognito.com".into(),
        client_id: "1example23456789abcdefghij".into(),
        callback: "https://example.com".into(),
        scopes: vec!["openid".into(), "shop/read".into()],
        ..PoolFacts::default()
    })
    .unwrap()
}

#[test]
fn the_authorize_address_asks_for_tokens_with_the_callback_as_it_is_registered() {
    let attempt = Attempt::start(&pool(), &SignInOptions::default(), SystemTime::UNIX_EPOCH).unwrap();
    let url = attempt.authorize_url();
    assert!(url.as_str().starts_with("https://shop.auth.eu-west-1.amazoncognito.com/oauth2/authorize?"), "{url}");
    let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
    assert_eq!(query["response_type"], "token");
    assert_eq!(query["client_id"], "1example23456789abcdefghij");
    assert_eq!(query["redirect_uri"], "https://example.com");
    assert_eq!(query["scope"], "openid shop/read");
    assert_eq!(query["state"], attempt.state.expose());
    assert_eq!(query["nonce"], attempt.nonce.expose());
    assert_eq!(query.len(), 6);
}

#[test]
fn a_code_is_asked_for_with_the_challenge_of_the_verifier() {
    let pool = pool().with_grant(Grant::Code);
    let attempt = Attempt::start(&pool, &SignInOptions::default(), SystemTime::UNIX_EPOCH).unwrap();
    let query: HashMap<String, String> = attempt.authorize_url().query_pairs().into_owned().collect();
    assert_eq!((query["response_type"].as_str(), query["code_challenge_method"].as_str()), ("code", "S256"));
    let verifier = PkceCodeVerifier::new(attempt.verifier.as_ref().unwrap().expose().to_owned());
    assert_eq!(query["code_challenge"], PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str());
    assert!(!attempt.authorize_url().as_str().contains(verifier.secret().as_str()));
    assert_eq!(query.len(), 8);
}

fn secrets(attempt: &Attempt) -> Vec<&Secret> {
    [&attempt.state, &attempt.nonce].into_iter().chain(&attempt.verifier).collect()
}

#[test]
fn every_secret_has_256_bits_and_never_comes_twice() {
    let pool = pool().with_grant(Grant::Code);
    let mut seen = HashSet::new();
    for _ in 0..100 {
        let attempt = Attempt::start(&pool, &SignInOptions::default(), SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(secrets(&attempt).len(), 3);
        for value in secrets(&attempt) {
            assert_eq!(URL_SAFE_NO_PAD.decode(value.expose()).unwrap().len(), 32);
            assert!(seen.insert(value.expose().to_owned()));
        }
        assert!(seen.insert(attempt.id().to_string()));
    }
}

#[test]
fn no_secret_is_printed() {
    let pool = pool().with_grant(Grant::Code);
    let attempt = Attempt::start(&pool, &SignInOptions::default(), SystemTime::UNIX_EPOCH).unwrap();
    let printed = format!("{attempt:?} {:?}", secrets(&attempt));
    for secret in secrets(&attempt) {
        assert!(!printed.contains(secret.expose()));
    }
}
