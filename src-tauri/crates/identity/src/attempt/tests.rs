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
fn state_and_nonce_have_256_bits_each_and_never_come_twice() {
    let mut seen = HashSet::new();
    for _ in 0..100 {
        let attempt = Attempt::start(&pool(), &SignInOptions::default(), SystemTime::UNIX_EPOCH).unwrap();
        for value in [&attempt.state, &attempt.nonce] {
            assert_eq!(URL_SAFE_NO_PAD.decode(value.expose()).unwrap().len(), 32);
            assert!(seen.insert(value.expose().to_owned()));
        }
        assert!(seen.insert(attempt.id().to_string()));
    }
}

#[test]
fn neither_state_nor_nonce_is_printed() {
    let attempt = Attempt::start(&pool(), &SignInOptions::default(), SystemTime::UNIX_EPOCH).unwrap();
    let printed = format!("{attempt:?} {:?} {:?}", attempt.state, attempt.nonce);
    assert!(!printed.contains(attempt.state.expose()));
    assert!(!printed.contains(attempt.nonce.expose()));
}
