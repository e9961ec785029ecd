//! Any token held against any pool, every check with its outcome.

use std::time::Duration;

use gatepass_identity::{
    Attempt, Examination, FormError, LEEWAY, Network, Outcome, PoolFacts, Provider, SignInOptions, TokenUse, UserPool,
    examine,
};
use gatepass_vault::Secret;
use rstest::rstest;
use serde_json::json;

use crate::pool::{CLIENT, Minting, Reply, Seal, TestPool, kid, now, unix};
use Outcome::{Failed, LeftOut};

const NAMES: [&str; 13] = [
    "Form",
    "Claims",
    "Algorithm",
    "Issuer",
    "Key",
    "Signature",
    "Expiry",
    "Not before",
    "Token use",
    "Audience",
    "Subject",
    "Nonce",
    "Access token hash",
];

async fn look(server: &TestPool, pool: &UserPool, token: TokenUse, spoil: fn(&mut Minting)) -> Examination {
    let attempt = Attempt::start(&server.pool(), &SignInOptions::default(), now()).unwrap();
    let mut tokens = server.tokens(&attempt, now() - Duration::from_mins(10));
    spoil(&mut tokens);
    let (id, access) = tokens.finish();
    let token = Secret::new(if token == TokenUse::Id { id } else { access });
    let examination = examine(&token, Some(pool), &Network::new(), now(), LEEWAY).await.unwrap();
    for part in token.expose().split('.').filter(|part| !part.is_empty()) {
        assert!(!format!("{examination:?}").contains(part), "a part of the token is shown");
    }
    let names: Vec<&str> = examination.checks.iter().map(|check| check.name).collect();
    assert_eq!(names, NAMES);
    examination
}

fn with(examination: &Examination, outcome: Outcome) -> Vec<&'static str> {
    examination.checks.iter().filter(|check| check.outcome == outcome).map(|check| check.name).collect()
}

fn detail<'a>(examination: &'a Examination, name: &str) -> &'a str {
    examination.checks.iter().find(|check| check.name == name).map(|check| check.detail.as_str()).unwrap()
}

#[rstest]
#[case::id(TokenUse::Id, 0, &["Nonce", "Access token hash"])]
#[case::access(TokenUse::Access, 1, &["Subject", "Nonce", "Access token hash"])]
#[tokio::test]
async fn a_true_token_passes_all_that_can_be_checked(
    #[case] token: TokenUse,
    #[case] key: usize,
    #[case] left_out: &[&str],
) {
    let server = TestPool::start().await;
    let examination = look(&server, &server.pool(), token, |_| {}).await;
    assert_eq!(with(&examination, LeftOut), left_out);
    assert!(with(&examination, Failed).is_empty(), "{:?}", examination.checks);
    assert_eq!(detail(&examination, "Signature"), format!("by the key {}", kid(key)));
    assert_eq!(examination.inspection.token_use, Some(token));
    assert_eq!(detail(&examination, "Issuer"), server.issuer());
    assert_eq!(detail(&examination, "Expiry"), "valid for another 50 minutes");
    assert_eq!(detail(&examination, "Not before"), "no nbf; issued 10 minutes ago");
    assert_eq!(detail(&examination, "Audience"), CLIENT);
}

#[rstest]
#[case::expired(|t: &mut Minting| t.id.claims["exp"] = json!(unix(now()) - 3_600), &["Expiry"], "expired 60 minutes ago")]
#[case::not_yet(|t: &mut Minting| t.id.claims["nbf"] = json!(unix(now()) + 3_600), &["Not before"], "valid only in 60 minutes by its nbf")]
#[case::other_client(|t: &mut Minting| t.id.claims["aud"] = json!("another"), &["Audience"], "for the client \"another\"; expected 1example")]
#[case::other_pool(|t: &mut Minting| t.id.claims["iss"] = json!("https://evil.test/"), &["Issuer"], "is from \"https://evil.test/\"; expected http")]
#[case::forged(|t: &mut Minting| t.id.seal = Seal::Key(2), &["Signature"], "signature")]
#[case::unknown_key(|t: &mut Minting| t.id.header["kid"] = json!(kid(2)), &["Key"], "could not be had")]
#[case::no_key(|t: &mut Minting| { t.id.header.as_object_mut().unwrap().remove("kid"); }, &["Key"], "names no key")]
#[case::no_algorithm(|t: &mut Minting| t.id.header["alg"] = json!("none"), &["Algorithm"], "expected RS256")]
#[case::wrong_type(|t: &mut Minting| t.id.claims["email"] = json!(1), &["Claims"], "not in order")]
#[case::no_use(|t: &mut Minting| { t.id.claims.as_object_mut().unwrap().remove("token_use"); }, &["Token use"], "token_use empty")]
#[case::no_user(|t: &mut Minting| t.id.claims["sub"] = json!(""), &["Subject"], "names no user")]
#[case::two_faults(
    |t: &mut Minting| { t.id.claims["aud"] = json!("another"); t.id.claims["exp"] = json!(1); },
    &["Expiry", "Audience"],
    "expired"
)]
#[tokio::test]
async fn each_fault_is_told_by_itself_and_the_other_checks_go_on(
    #[case] spoil: fn(&mut Minting),
    #[case] failed: &[&str],
    #[case] words: &str,
) {
    let server = TestPool::start().await;
    let examination = look(&server, &server.pool(), TokenUse::Id, spoil).await;
    assert_eq!(with(&examination, Failed), failed, "{:?}", examination.checks);
    assert!(detail(&examination, failed[0]).contains(words), "{}", detail(&examination, failed[0]));
    let verifies = !["Signature", "Key", "Algorithm"].contains(&failed[0]);
    assert_eq!(with(&examination, Outcome::Passed).contains(&"Signature"), verifies);
}

#[tokio::test]
async fn a_key_that_cannot_be_fetched_leaves_the_signature_open_and_says_why() {
    let server = TestPool::start().await;
    server.answers(Reply { status: 503, ..Reply::keys(&[]) });
    let examination = look(&server, &server.pool(), TokenUse::Id, |_| {}).await;
    assert_eq!(with(&examination, Failed), ["Key"]);
    assert_eq!(with(&examination, LeftOut), ["Signature", "Nonce", "Access token hash"]);
    let key = examination.checks.iter().find(|check| check.name == "Key").unwrap();
    assert!(key.cause.as_ref().unwrap().contains("answered 503"), "{key:?}");
}

#[rstest]
#[case::foreign_issuer(|t: &mut Minting| t.id.claims["iss"] = json!("https://evil.test/us-east-1_TestPool1"))]
#[case::foreign_client(|t: &mut Minting| t.id.claims["aud"] = json!("another"))]
#[tokio::test]
async fn a_host_that_only_the_token_names_is_not_asked(#[case] spoil: fn(&mut Minting)) {
    let server = TestPool::start().await;
    let facts = PoolFacts { region: None, pool_id: None, issuer: None, ..server.facts() };
    let examination = look(&server, &UserPool::new(&facts).unwrap(), TokenUse::Id, spoil).await;
    assert!(with(&examination, LeftOut).contains(&"Key"), "{:?}", examination.checks);
    assert_eq!(server.fetches(), 0);
}

#[tokio::test]
async fn a_token_of_another_provider_is_held_against_what_applies_to_it() {
    let server = TestPool::start().await;
    let mut facts = server.facts();
    facts.endpoints.authorization = Some(format!("{}/authorize", server.domain));
    facts.endpoints.jwks = Some(format!("{}/keys", server.domain));
    let pool = UserPool::new(&PoolFacts { provider: Provider::OpenId, ..facts }).unwrap();
    let examination = look(&server, &pool, TokenUse::Access, |t| {
        t.access.claims.as_object_mut().unwrap().remove("token_use");
        t.access.header["typ"] = json!("at+JWT");
    });
    let examination = examination.await;
    assert_eq!(with(&examination, LeftOut), ["Token use", "Audience", "Subject", "Nonce", "Access token hash"]);
    assert_eq!(detail(&examination, "Signature"), format!("by the key {}", kid(1)));
}

#[tokio::test]
async fn without_a_pool_a_token_is_only_taken_apart() {
    let server = TestPool::start().await;
    let attempt = Attempt::start(&server.pool(), &SignInOptions::default(), now()).unwrap();
    let token = Secret::new(server.tokens(&attempt, now()).finish().0);
    let examination = examine(&token, None, &Network::new(), now(), LEEWAY).await.unwrap();
    assert!(examination.checks.is_empty());
    assert!(examination.inspection.claims.iter().any(|claim| claim.name == "email"));
    assert_eq!(server.fetches(), 0);

    let outcome = examine(&Secret::new("a.b"), Some(&server.pool()), &Network::new(), now(), LEEWAY).await;
    assert_eq!(outcome, Err(FormError::Parts { found: 2 }));
}
