//! Tokens and keys that nobody wrote by hand: none of them may pass, and none may stop the program.

use std::sync::{LazyLock, Mutex};

use gatepass_identity::{Attempt, Granted, LEEWAY, Navigation, Network, SignInOptions, verify};
use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use crate::pool::{Reply, TestPool, jwk, kid, modulus, now, state};

/// Runs an async check for each of many generated values, against one server.
struct Bench {
    runtime: tokio::runtime::Runtime,
    server: TestPool,
    keys: Network,
}

impl Bench {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = runtime.block_on(TestPool::start());
        Self { runtime, server, keys: Network::new() }
    }

    fn accepts(&self, keys: &Network, change: impl FnOnce(&mut (String, String))) -> bool {
        let mut attempt = Attempt::start(&self.server.pool(), &SignInOptions::default(), now()).unwrap();
        let mut tokens = self.server.tokens(&attempt, now()).finish();
        change(&mut tokens);
        let state = state(&attempt);
        let mut url = Url::parse("https://example.com/").unwrap();
        let fragment = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("id_token", &tokens.0)
            .append_pair("access_token", &tokens.1)
            .append_pair("state", &state)
            .finish();
        url.set_fragment(Some(&fragment));
        match attempt.navigation(&url, now()) {
            Navigation::Callback(Ok(Granted::Tokens(tokens))) => {
                self.runtime.block_on(verify(tokens, keys, now(), LEEWAY)).is_ok()
            }
            _ => false,
        }
    }
}

static BENCH: LazyLock<Mutex<Bench>> = LazyLock::new(|| Mutex::new(Bench::new()));

fn any_jwks() -> impl Strategy<Value = Value> {
    let field = prop_oneof![
        Just(json!("RSA")),
        Just(json!("oct")),
        Just(json!("EC")),
        Just(json!("sig")),
        Just(json!("enc")),
        Just(json!("RS256")),
        Just(json!("HS256")),
        Just(json!("AQAB")),
        Just(json!(kid(0))),
        Just(json!(modulus(1))),
        Just(json!(modulus(2))),
        Just(Value::Null),
        any::<String>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
    ];
    let key = prop::collection::hash_map(
        prop::sample::select(vec!["kty", "kid", "use", "alg", "n", "e", "k", "crv", "x", "y", "key_ops"]),
        field,
        0..8,
    )
    .prop_map(|mut key| {
        key.insert("kid", json!(kid(0)));
        json!(key)
    });
    prop::collection::vec(key, 0..4).prop_map(|keys| json!({ "keys": keys }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_token_with_any_one_character_changed_is_refused(id in any::<bool>(), at in any::<prop::sample::Index>(), to in any::<char>()) {
        let bench = BENCH.lock().unwrap();
        let mut changed = false;
        let accepted = bench.accepts(&bench.keys, |tokens| {
            let text = if id { &mut tokens.0 } else { &mut tokens.1 };
            let at = at.index(text.len());
            changed = !text[at..].starts_with(to);
            text.replace_range(at..=at, &to.to_string());
        });
        prop_assert_eq!(accepted, !changed);
    }

    #[test]
    fn no_text_at_all_is_a_token(id in any::<String>(), access in any::<String>()) {
        let bench = BENCH.lock().unwrap();
        prop_assert!(!bench.accepts(&bench.keys, |tokens| *tokens = (id, access)));
    }

    #[test]
    fn no_set_of_keys_but_the_true_one_lets_a_token_through(jwks in any_jwks()) {
        let bench = BENCH.lock().unwrap();
        bench.server.answers(Reply { body: jwks.to_string(), ..Reply::keys(&[]) });
        let accepted = bench.accepts(&Network::new(), |_| {});
        bench.server.answers(Reply::keys(&[jwk(0), jwk(1)]));
        prop_assert!(!accepted, "{jwks}");
    }
}
