//! Tokens and keys that nobody wrote by hand: none of them may pass, and none may stop the program.

mod values;

use std::sync::{LazyLock, Mutex};

use gatepass_identity::{
    Attempt, Examined, Grant, Granted, LEEWAY, Navigation, Network, Outcome, Session, SignInOptions, TokenUse,
    discover, examine, redeem, verify,
};
use gatepass_vault::{EntryName, Secret, Vault};
use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use crate::pool::{POOL_ID, Reply, TOKEN, TestPool, jwk, now, redirected_with_code, state};
use values::{Field, any_field, any_jwks_text, kept_text};

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

impl Bench {
    /// Redeems a code for an answer that is made of the true tokens.
    fn redeems(&self, status: u16, answer: impl FnOnce(&(String, String)) -> Vec<u8>) -> bool {
        let pool = self.server.pool_by(Grant::Code);
        let mut attempt = Attempt::start(&pool, &SignInOptions::default(), now()).unwrap();
        let body = answer(&self.server.tokens(&attempt, now()).finish());
        self.server.answers_at(TOKEN, Reply { status, body, ..Reply::keys(&[]) });
        let code = redirected_with_code(&mut attempt, "code-1");
        self.runtime.block_on(async {
            match redeem(code, None, &self.keys, now()).await {
                Ok(tokens) => verify(tokens, &self.keys, now(), LEEWAY).await.is_ok(),
                Err(_) => false,
            }
        })
    }

    fn passes_examination(&self, change: impl FnOnce(&mut String)) -> bool {
        let attempt = Attempt::start(&self.server.pool(), &SignInOptions::default(), now()).unwrap();
        let mut token = self.server.tokens(&attempt, now()).finish().0;
        change(&mut token);
        let (token, pool) = (Secret::new(token), self.server.pool());
        let examination = self.runtime.block_on(examine(&token, Some(&pool), &self.keys, now(), LEEWAY));
        examination.is_ok_and(|found| {
            let signed = |check: &Examined| check.name == "Signature" && check.outcome == Outcome::Passed;
            found.checks.iter().any(signed) && found.checks.iter().all(|check| check.outcome != Outcome::Failed)
        })
    }
}

static BENCH: LazyLock<Mutex<Bench>> = LazyLock::new(|| Mutex::new(Bench::new()));

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
    fn no_set_of_keys_but_the_true_one_lets_a_token_through(jwks in any_jwks_text()) {
        let bench = BENCH.lock().unwrap();
        bench.server.answers(Reply { body: jwks.clone(), ..Reply::keys(&[]) });
        let accepted = bench.accepts(&Network::new(), |_| {});
        bench.server.answers(Reply::keys(&[jwk(0), jwk(1)]));
        prop_assert!(!accepted, "{}", String::from_utf8_lossy(&jwks));
    }

    #[test]
    fn no_token_passes_an_examination_but_a_true_one(at in any::<prop::sample::Index>(), to in any::<char>(), text in any::<String>()) {
        let bench = BENCH.lock().unwrap();
        let mut changed = false;
        let passed = bench.passes_examination(|token| {
            let at = at.index(token.len());
            changed = !token[at..].starts_with(to);
            token.replace_range(at..=at, &to.to_string());
        });
        prop_assert_eq!(passed, !changed);
        prop_assert!(!bench.passes_examination(|token| *token = text));
    }

    #[test]
    fn no_bytes_of_a_token_endpoint_become_a_session(
        status in prop::sample::select(&[200_u16, 201, 204, 301, 400, 401, 404, 500, 503][..]),
        body in prop_oneof![any::<Vec<u8>>(), any_jwks_text()],
    ) {
        prop_assert!(!BENCH.lock().unwrap().redeems(status, |_| body));
    }

    #[test]
    fn an_answer_of_a_token_endpoint_is_taken_only_with_both_true_tokens(
        id in any_field(),
        access in any_field(),
        kind in any_field(),
        life in any_field(),
        refresh in any_field(),
    ) {
        let accepted = BENCH.lock().unwrap().redeems(200, |tokens| {
            let mut answer = json!({});
            let mut put = |name: &str, field: &Field, truth: Value| match field {
                Field::True => answer[name] = truth,
                Field::Absent => {}
                Field::Other(value) => answer[name] = value.clone(),
            };
            put("id_token", &id, json!(tokens.0));
            put("access_token", &access, json!(tokens.1));
            put("token_type", &kind, json!("bearer"));
            put("expires_in", &life, json!(3600));
            put("refresh_token", &refresh, json!("refresh-1"));
            answer.to_string().into_bytes()
        });
        let fits = |field: &Field, other: fn(&Value) -> bool| match field {
            Field::True => true,
            Field::Absent => other(&Value::Null),
            Field::Other(value) => other(value),
        };
        let expected = matches!((&id, &access), (Field::True, Field::True))
            && fits(&kind, |value| value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("bearer")))
            && fits(&life, |value| value.is_null() || value.is_u64())
            && fits(&refresh, |value| value.is_null() || value.is_string());
        prop_assert_eq!(accepted, expected);
    }

    #[test]
    fn no_configuration_is_believed_but_the_issuer_s_own(
        issuer in any_field(),
        algorithms in any_field(),
        endpoint in any_field(),
        body in any::<Vec<u8>>(),
    ) {
        let bench = BENCH.lock().unwrap();
        let own = bench.server.issuer();
        let mut document = json!({});
        let mut put = |name: &str, field: &Field, truth: Value| match field {
            Field::True => document[name] = truth,
            Field::Absent => {}
            Field::Other(value) => document[name] = value.clone(),
        };
        put("issuer", &issuer, json!(own));
        put("id_token_signing_alg_values_supported", &algorithms, json!(["RS256"]));
        put("authorization_endpoint", &endpoint, json!("https://login.example.com/authorize"));
        let path = format!("/{POOL_ID}/.well-known/openid-configuration");
        let ask = |body: Vec<u8>| {
            bench.server.answers_at(&path, Reply { body, ..Reply::keys(&[]) });
            bench.runtime.block_on(discover(&own, None, &bench.keys, now()))
        };
        prop_assert!(ask(body).is_err());
        let outcome = ask(document.to_string().into_bytes());
        prop_assert!(outcome.is_err() || matches!((&issuer, &algorithms), (Field::True, Field::True)), "{:?}", outcome);
        if let Ok(found) = outcome {
            prop_assert!(found.domain.is_none_or(|domain| domain == "https://login.example.com"));
        }
    }

    #[test]
    fn no_kept_text_stops_the_program(text in kept_text(), until in any::<i64>()) {
        let bench = BENCH.lock().unwrap();
        let pool = bench.server.pool_by(Grant::Code);
        let attempt = Attempt::start(&pool, &SignInOptions::default(), now()).unwrap();
        let (id, access) = bench.server.tokens(&attempt, now()).finish();
        let text = text.replace("ID", &id).replace("ACCESS", &access).replace("UNTIL", &until.to_string());
        let vault = Vault::in_memory("a test");
        let loaded = bench.runtime.block_on(async {
            vault.write(&EntryName::new("identity/ada/tokens"), &Secret::new(text.as_str())).await.unwrap();
            Session::load(&vault, "ada", &pool).await
        });
        if let Ok(Some(session)) = loaded {
            prop_assert!(text.contains(&id), "a session without its ID token");
            prop_assert!(session.expires(TokenUse::Access).is_some());
            prop_assert_eq!(session.view().username, "ada");
        }
    }
}
