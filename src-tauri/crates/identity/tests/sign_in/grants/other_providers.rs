//! Sign-ins at another OpenID provider than Cognito.

use std::time::Duration;

use gatepass_identity::{
    Attempt, BlockReason, Grant, GrantOffers, Granted, LEEWAY, Navigation, Network, Offer, PoolFacts, Provider,
    Session, SignInOptions, TokenRefusal, TokenUse, UserPool, offered_grants, redeem, refresh, verify,
};
use gatepass_vault::Vault;
use rstest::rstest;
use serde_json::json;
use url::Url;

use crate::forged::judge;
use crate::pool::{Minting, TOKEN, TestPool, now, redirected_with_code, sent, state};

/// Another provider than Cognito, with the endpoints of the pool of the tests.
fn other_provider(server: &TestPool, grant: Grant) -> UserPool {
    let mut facts = server.facts();
    facts.endpoints.authorization = Some(format!("{}/authorize", server.domain));
    facts.endpoints.token = Some(format!("{}{TOKEN}", server.domain));
    facts.endpoints.jwks = Some(format!("{}/keys", server.domain));
    UserPool::new(&PoolFacts { provider: Provider::OpenId, region: None, pool_id: None, grant, ..facts }).unwrap()
}

#[tokio::test]
async fn the_access_token_of_another_provider_is_not_looked_into() {
    let server = TestPool::start().await;
    let mut attempt = Attempt::start(&other_provider(&server, Grant::Code), &SignInOptions::default(), now()).unwrap();
    let mut tokens = server.tokens(&attempt, now());
    tokens.tied = false;
    let claims = tokens.id.claims.as_object_mut().unwrap();
    claims.retain(|name, _| !matches!(name.as_str(), "token_use" | "at_hash" | "cognito:username"));
    tokens.after = |_, access| *access = "opaque".into();
    // The largest life that an answer can name is beyond any clock.
    server.gives(tokens.finish(), &json!({"refresh_token": "two words", "expires_in": u64::MAX}));
    let code = redirected_with_code(&mut attempt, "code-1");
    let network = Network::new();
    let tokens = redeem(code, None, &network, now()).await.unwrap();
    let session = verify(tokens, &network, now(), LEEWAY).await.unwrap();
    assert_eq!(session.token(TokenUse::Access).unwrap().expose(), "opaque");
    assert!(session.expires(TokenUse::Access) > Some(now() + Duration::from_hours(24)));
    assert!(!session.can_refresh());
    assert!(session.view().access_token_claims.is_empty());

    let vault = Vault::in_memory("a test");
    session.save(&vault, "ada").await.unwrap();
    let loaded = Session::load(&vault, "ada", session.pool()).await.unwrap().unwrap();
    assert_eq!(loaded.view(), session.view());
    assert_eq!(loaded.expires(TokenUse::Access), session.expires(TokenUse::Access));
}

#[rstest]
#[case::absent(|t: &mut Minting| { t.id.claims.as_object_mut().unwrap().remove("sub"); })]
#[case::empty(|t: &mut Minting| t.id.claims["sub"] = json!(""))]
#[tokio::test]
async fn an_id_token_that_names_no_user_is_refused(#[case] spoil: fn(&mut Minting)) {
    let server = TestPool::start().await;
    let mut attempt = Attempt::start(&other_provider(&server, Grant::Code), &SignInOptions::default(), now()).unwrap();
    let mut tokens = server.tokens(&attempt, now());
    spoil(&mut tokens);
    server.gives(tokens.finish(), &json!({}));
    let network = Network::new();
    let tokens = redeem(redirected_with_code(&mut attempt, "code-1"), None, &network, now()).await.unwrap();
    let refusal = verify(tokens, &network, now(), LEEWAY).await.unwrap_err();
    assert!(matches!(refusal, TokenRefusal::NoSubject), "{refusal:?}");
}

#[tokio::test]
async fn a_refresh_of_another_provider_s_that_brings_no_id_token_renews_the_access_token() {
    let server = TestPool::start().await;
    let mut attempt = Attempt::start(&other_provider(&server, Grant::Code), &SignInOptions::default(), now()).unwrap();
    server.gives(server.tokens(&attempt, now()).finish(), &json!({"refresh_token": "refresh-1"}));
    let network = Network::new();
    let tokens = redeem(redirected_with_code(&mut attempt, "code-1"), None, &network, now()).await.unwrap();
    let session = verify(tokens, &network, now(), LEEWAY).await.unwrap();

    let later = now() + Duration::from_hours(2);
    server.gives((String::new(), "opaque".into()), &json!({"refresh_token": "refresh-2", "expires_in": 600}));
    let tokens = refresh(&session, None, &network, later).await.unwrap();
    let renewed = verify(tokens, &network, later, LEEWAY).await.unwrap();
    assert_eq!(renewed.token(TokenUse::Access).unwrap().expose(), "opaque");
    assert_eq!(renewed.expires(TokenUse::Access), Some(later + Duration::from_mins(10)));
    assert_eq!(renewed.expires(TokenUse::Id), session.expires(TokenUse::Id));

    let vault = Vault::in_memory("a test");
    renewed.save(&vault, "ada").await.unwrap();
    let loaded = Session::load(&vault, "ada", renewed.pool()).await.unwrap().unwrap();
    assert_eq!(loaded.view(), renewed.view());
    refresh(&loaded, None, &network, later).await.unwrap();
    assert_eq!(server.asked_at(TOKEN)[2].form["refresh_token"], "refresh-2");
}

#[tokio::test]
async fn another_provider_is_asked_for_both_tokens_by_name() {
    let server = TestPool::start().await;
    let pool = other_provider(&server, Grant::Implicit);
    let attempt = Attempt::start(&pool, &SignInOptions::default(), now()).unwrap();
    assert_eq!(sent(&attempt, "response_type"), "id_token token");
}

#[rstest]
#[case::said("&expires_in=600", Duration::from_mins(10))]
#[case::not_said("", Duration::from_hours(1))]
#[case::no_number("&expires_in=soon", Duration::from_hours(1))]
#[case::negative("&expires_in=-5", Duration::from_hours(1))]
#[case::twice("&expires_in=600&expires_in=700", Duration::from_mins(10))]
#[tokio::test]
async fn an_access_token_in_the_redirect_lives_as_long_as_the_redirect_says(
    #[case] said: &str,
    #[case] expected: Duration,
) {
    let server = TestPool::start().await;
    let pool = other_provider(&server, Grant::Implicit);
    let mut attempt = Attempt::start(&pool, &SignInOptions::default(), now()).unwrap();
    let (id, access) = server.tokens(&attempt, now()).finish();
    let state = state(&attempt);
    let url = format!("https://example.com/#id_token={id}&access_token={access}&state={state}{said}");
    let outcome = attempt.navigation(&Url::parse(&url).unwrap(), now());
    let Navigation::Callback(Ok(Granted::Tokens(tokens))) = outcome else { panic!("{outcome:?}") };
    let session = verify(tokens, &Network::new(), now(), LEEWAY).await.unwrap();
    assert_eq!(session.expires(TokenUse::Access), Some(now() + expected));
}

#[rstest]
#[case::grant("unauthorized_client", "At the provider open the settings of client")]
#[case::client("invalid_client", "with the provider's")]
#[case::failure("server_error", "ask the provider's owner")]
#[case::other("teapot", "documentation of the provider")]
#[tokio::test]
async fn its_refusals_say_nothing_of_cognito(#[case] error: &str, #[case] expected: &str) {
    let server = TestPool::start().await;
    let mut attempt = Attempt::start(&other_provider(&server, Grant::Code), &SignInOptions::default(), now()).unwrap();
    let url = format!("https://example.com/?error={error}&state={}", state(&attempt));
    let outcome = attempt.navigation(&Url::parse(&url).unwrap(), now());
    let Navigation::Callback(Err(refusal)) = outcome else { panic!("{outcome:?}") };
    let words = refusal.to_string();
    assert!(words.contains(expected) && !words.contains("Cognito") && refusal.cli.is_none(), "{words}");
}

#[rstest]
#[case::algorithm(|t: &mut Minting| t.id.header["alg"] = json!("ES256"), "expected RS256, the only one that is verified here")]
#[case::no_key(|t: &mut Minting| { t.id.header.as_object_mut().unwrap().remove("kid"); }, "expected a kid in its header")]
#[case::no_user(|t: &mut Minting| t.id.claims["sub"] = json!(""), "as every ID token of a provider has")]
#[case::other_client(|t: &mut Minting| t.id.claims["aud"] = json!("another"), "check the client id")]
#[tokio::test]
async fn what_is_wrong_with_its_tokens_is_told_without_cognito(
    #[case] spoil: fn(&mut Minting),
    #[case] expected: &str,
) {
    let server = TestPool::start().await;
    let pool = other_provider(&server, Grant::Implicit);
    let words = judge(&server, &pool, spoil).await.unwrap_err().to_string();
    assert!(words.contains(expected) && !words.contains("Cognito"), "{words}");
}

#[tokio::test]
async fn its_grants_are_not_looked_for_in_the_cognito_console() {
    let server = TestPool::start().await;
    let pool = other_provider(&server, Grant::Code);
    let offers = offered_grants(&pool, &SignInOptions::default(), &Network::new(), now()).await;
    let refusal = |code: &str| {
        let mut attempt = Attempt::start(&pool, &SignInOptions::default(), now()).unwrap();
        let url = format!("https://example.com/?error={code}&state={}", state(&attempt));
        match attempt.navigation(&Url::parse(&url).unwrap(), now()) {
            Navigation::Callback(Err(refusal)) => Offer::Refused(refusal),
            other => panic!("{other:?}"),
        }
    };
    let refused = || refusal("unauthorized_client");
    for (code, implicit, expected) in [
        (Offer::Open, Offer::Open, "never stand in an address"),
        (refused(), Offer::Open, "switch it on at the provider"),
        (refused(), refused(), "Neither grant is switched on"),
        (refused(), Offer::Unknown, "could not be found out"),
        (refusal("invalid_scope"), Offer::Open, "for another reason"),
        (Offer::Unknown, Offer::Unknown, "at the provider"),
    ] {
        let why = GrantOffers { code, implicit, ..offers.clone() }.why();
        assert!(why.contains(expected) && !why.contains("Cognito"), "{why}");
    }
}

#[tokio::test]
async fn an_answer_that_names_another_issuer_is_ignored() {
    let server = TestPool::start().await;
    for grant in [Grant::Code, Grant::Implicit] {
        let mut attempt = Attempt::start(&other_provider(&server, grant), &SignInOptions::default(), now()).unwrap();
        let state = state(&attempt);
        let mut go = |issuer: &str| {
            let answer = format!("state={state}#id_token=a.b.c&access_token=opaque&state={state}");
            let url = format!("https://example.com/?code=abc&iss={issuer}&{answer}");
            attempt.navigation(&Url::parse(&url).unwrap(), now())
        };
        for issuer in ["https://evil.test", "", &format!("{}/", server.issuer())] {
            let outcome = go(issuer);
            assert!(matches!(outcome, Navigation::Block(BlockReason::ForeignIssuer)), "{outcome:?}");
        }
        let outcome = go(&server.issuer());
        assert!(matches!(outcome, Navigation::Callback(Ok(_))), "{outcome:?}");
    }
}
