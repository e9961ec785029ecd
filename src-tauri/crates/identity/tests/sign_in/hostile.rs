//! Servers that hang, lie, send in circles and never end: a clear error in time, and nothing kept.

use std::time::{Duration, Instant};

use gatepass_identity::{
    Attempt, CallbackTokens, DiscoveryError, Grant, GrantError, HttpError, KeyError, LEEWAY, Network, Offer, PoolFacts,
    Session, SignInOptions, TokenRefusal, UserPool, discover, offered_grants, redeem, refresh, revoke, verify,
};
use gatepass_vault::Vault;
use rstest::rstest;
use serde_json::json;

use crate::pool::hostile::{HostileServer, Misdeed, json as answer, stating};
use crate::pool::{POOL_ID, Reply, TOKEN, TestPool, jwk, now, redirected, redirected_with_code, words_of};
use Misdeed::{CloseAtOnce, CloseWithoutAnswer, Drip, Flood, Hang, HangAfter, Say};

/// What a whole answer may take in these tests.
const PATIENCE: Duration = Duration::from_millis(400);

fn impatient() -> Network {
    Network::with_patience(PATIENCE)
}

/// Fails where a question takes much longer than it may: two tries, and the time that a busy machine takes.
async fn in_time<T>(question: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let outcome = tokio::time::timeout(Duration::from_secs(5), question).await.unwrap();
    assert!(begun.elapsed() < PATIENCE * 10, "{:?}", begun.elapsed());
    outcome
}

async fn redeem_at(server: &HostileServer) -> GrantError {
    let facts = TestPool::start().await.facts();
    let pool = UserPool::new(&PoolFacts { domain: server.domain.clone(), grant: Grant::Code, ..facts }).unwrap();
    let mut attempt = Attempt::start(&pool, &SignInOptions::default(), now()).unwrap();
    let code = redirected_with_code(&mut attempt, "canary-code");
    let error = in_time(redeem(code, None, &impatient(), now())).await.unwrap_err();
    assert!(!words_of(&error).contains("canary"), "{error:?}");
    error
}

/// True tokens of a pool whose keys are at the hostile server.
async fn tokens_of(server: &HostileServer) -> CallbackTokens {
    let good = TestPool::start().await;
    let issuer = format!("{}/{POOL_ID}", server.domain);
    let facts = PoolFacts { domain: server.domain.clone(), issuer: Some(issuer.clone()), ..good.facts() };
    let mut attempt = Attempt::start(&UserPool::new(&facts).unwrap(), &SignInOptions::default(), now()).unwrap();
    let mut tokens = good.tokens(&attempt, now());
    tokens.id.claims["iss"] = json!(issuer);
    tokens.access.claims["iss"] = json!(issuer);
    redirected(&mut attempt, tokens.finish())
}

async fn verify_at(server: &HostileServer, network: &Network) -> Result<Session, TokenRefusal> {
    in_time(verify(tokens_of(server).await, network, now(), LEEWAY)).await
}

fn is_timeout(error: &HttpError) -> bool {
    matches!(error, HttpError::Timeout { limit, .. } if *limit <= PATIENCE)
}

fn is_broken(error: &HttpError) -> bool {
    matches!(error, HttpError::Broken { .. } | HttpError::Unreachable { .. })
}

fn is_not_json(error: &HttpError) -> bool {
    matches!(error, HttpError::NotJson { .. })
}

fn is_damaged(error: &HttpError) -> bool {
    error.to_string() == "127.0.0.1 answered with JSON that is damaged or cut off; try again"
}

const CIRCLE: &[u8] = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n";
const ENDLESS: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
const GARBAGE: &[u8] = b"\x00\xff\xfe\x16\x03\x01 not http \x80\r\n\r\n";

#[rstest]
#[case::hangs(Hang, is_timeout)]
#[case::hangs_in_the_head(HangAfter(b"HTTP/1.1 200 OK\r\nContent-".to_vec()), is_timeout)]
#[case::hangs_in_the_body(HangAfter(stating(1_000, "application/json", "{\"keys\":")), is_timeout)]
#[case::drips(Drip(ENDLESS.to_vec()), is_timeout)]
#[case::drips_its_head(Drip(b"HTTP/1.1 200 OK\r\nX-Slow: ".to_vec()), is_timeout)]
#[case::closes_at_once(CloseAtOnce, is_broken)]
#[case::closes_without_an_answer(CloseWithoutAnswer, is_broken)]
#[case::breaks_off(Say(stating(1_000, "application/json", "{\"keys\":")), is_broken)]
#[case::garbage(Say(GARBAGE.to_vec()), is_broken)]
#[case::circles(Say(CIRCLE.to_vec()), |error: &HttpError| matches!(error, HttpError::Redirected { status: 302, .. }))]
#[case::endless(Flood(ENDLESS.to_vec()), |error: &HttpError| matches!(error, HttpError::TooLarge { .. }))]
#[case::endless_to_the_letter(
    Flood(stating(10_000_000_000, "application/json", "")),
    |error: &HttpError| matches!(error, HttpError::TooLarge { .. })
)]
#[case::html(Say(stating(6, "text/html", "<html>")), is_not_json)]
#[case::a_word_for_json(Say(stating(2, "text/plain", "no")), is_not_json)]
#[case::half_of_the_json(Say(answer("{\"keys\": [{\"kid\": \"")), is_damaged)]
#[case::half_of_the_json_by_its_own_type(Say(stating(1, "application/jwk-set+json; charset=utf-8", "{")), is_damaged)]
#[case::bytes_for_json(Say([json_head(4).as_slice(), &[0xff, 0xfe, 0x00, 0x80]].concat()), is_damaged)]
#[case::nothing_for_json(Say(answer("")), is_damaged)]
#[tokio::test]
async fn each_misdeed_is_told_in_time_at_the_token_endpoint_the_keys_and_the_configuration(
    #[case] misdeed: Misdeed,
    #[case] expected: fn(&HttpError) -> bool,
) {
    let server = HostileServer::start([misdeed]).await;
    let error = redeem_at(&server).await;
    assert!(matches!(&error, GrantError::Http(error) if expected(error)), "{error:?}");

    let refusal = verify_at(&server, &impatient()).await.unwrap_err();
    let TokenRefusal::Key { source: KeyError::Http(error), .. } = &refusal else { panic!("{refusal:?}") };
    assert!(expected(error), "{error:?}");

    for issuer in [format!("{}/{POOL_ID}", server.domain), server.domain.clone()] {
        let error = in_time(discover(&issuer, None, &impatient(), now())).await.unwrap_err();
        assert!(matches!(&error, DiscoveryError::Http(error) if expected(error)), "{error:?}");
    }
}

fn json_head(length: usize) -> Vec<u8> {
    stating(length, "application/json", "")
}

#[rstest]
#[case::text("\"hello\"")]
#[case::number("1e999")]
#[case::list("[{}]")]
#[case::empty("{}")]
#[case::wrong_types(r#"{"keys": 7, "access_token": {}, "token_type": [], "issuer": 1, "expires_in": "soon"}"#)]
#[case::tokens_of_no_kind(r#"{"access_token": null, "token_type": "Bearer", "keys": [null]}"#)]
#[tokio::test]
async fn json_of_another_shape_is_told(#[case] body: &str) {
    let server = HostileServer::start([Say(answer(body))]).await;
    let error = redeem_at(&server).await;
    assert!(matches!(error, GrantError::NoTokens { .. } | GrantError::Http(HttpError::Damaged { .. })), "{error:?}");

    let refusal = verify_at(&server, &impatient()).await.unwrap_err();
    let TokenRefusal::Key { source, .. } = &refusal else { panic!("{refusal:?}") };
    assert!(matches!(source, KeyError::NoKeys { .. } | KeyError::Http(HttpError::Damaged { .. })), "{source:?}");

    let error = in_time(discover(&server.domain, None, &impatient(), now())).await.unwrap_err();
    let told = matches!(error, DiscoveryError::Shape { .. } | DiscoveryError::Http(HttpError::Damaged { .. }));
    assert!(told, "{error:?}");
}

#[tokio::test]
async fn deeply_nested_json_is_no_answer_and_no_end() {
    let server = HostileServer::start([Say(answer(&"[".repeat(500_000)))]).await;
    let error = redeem_at(&server).await;
    assert!(matches!(error, GrantError::Http(HttpError::Damaged { .. })), "{error:?}");
    assert!(verify_at(&server, &impatient()).await.is_err());
}

#[tokio::test]
async fn nothing_is_kept_of_a_hostile_answer() {
    let keys = json!({"keys": [jwk(0), jwk(1)]}).to_string();
    for misdeed in [Say(GARBAGE.to_vec()), Say(answer(r#"{"keys": 7}"#)), Hang] {
        let server = HostileServer::start([misdeed, Say(answer(&keys))]).await;
        let network = impatient();
        verify_at(&server, &network).await.unwrap_err();
        let session = verify_at(&server, &network).await.unwrap();
        assert_eq!(session.username(), "ada");
    }
}

#[tokio::test]
async fn many_who_wait_for_the_same_keys_wait_no_longer_than_one() {
    let keys = json!({"keys": [jwk(0), jwk(1)]}).to_string();
    let server = HostileServer::start([Hang, Say(answer(&keys))]).await;
    let network = impatient();
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(tokens_of(&server).await);
    }
    let mut questions = tokens.into_iter().map(|tokens| verify(tokens, &network, now(), LEEWAY));
    let mut next = || questions.next().unwrap();
    let begun = Instant::now();
    let (one, two, three) = tokio::join!(next(), next(), next());
    let told = |outcome: &Result<Session, TokenRefusal>| matches!(outcome, Err(TokenRefusal::Key { source: KeyError::Http(error), .. }) if is_timeout(error));
    assert!([&one, &two, &three].into_iter().all(told), "{one:?} {two:?} {three:?}");
    assert!(begun.elapsed() < PATIENCE * 3, "{:?}", begun.elapsed());
    assert_eq!(server.questions(), 1);
    verify_at(&server, &network).await.unwrap();
}

#[rstest]
#[case::hangs(Hang, Offer::Unknown)]
#[case::circles(Say(CIRCLE.to_vec()), Offer::Open)]
#[case::garbage(Say(GARBAGE.to_vec()), Offer::Unknown)]
#[tokio::test]
async fn a_hostile_login_page_is_asked_by_no_more_than_one_question_a_grant(
    #[case] misdeed: Misdeed,
    #[case] expected: Offer,
) {
    let server = HostileServer::start([misdeed]).await;
    let facts = PoolFacts { domain: server.domain.clone(), ..TestPool::start().await.facts() };
    let pool = UserPool::new(&facts).unwrap();
    let offers = in_time(offered_grants(&pool, &SignInOptions::default(), &impatient(), now())).await;
    assert_eq!((&offers.code, &offers.implicit), (&expected, &expected));
    assert_eq!(server.questions(), 2);
}

/// A session of the true pool, whose token endpoint has become another one.
async fn session_at(token_endpoint: &str, good: &TestPool) -> Session {
    let pool = good.pool_by(Grant::Code);
    let mut attempt = Attempt::start(&pool, &SignInOptions::default(), now()).unwrap();
    good.gives(good.tokens(&attempt, now()).finish(), &json!({"refresh_token": "canary-refresh"}));
    let network = Network::new();
    let tokens = redeem(redirected_with_code(&mut attempt, "code-1"), None, &network, now()).await.unwrap();
    let session = verify(tokens, &network, now(), LEEWAY).await.unwrap();
    let vault = Vault::in_memory("a test");
    session.save(&vault, "ada").await.unwrap();
    let mut facts = session.pool().facts();
    facts.endpoints.token = Some(format!("{token_endpoint}{TOKEN}"));
    facts.endpoints.revocation = Some(format!("{token_endpoint}/oauth2/revoke"));
    Session::load(&vault, "ada", &UserPool::new(&facts).unwrap()).await.unwrap().unwrap()
}

/// The answer to a refresh, as it goes over the wire.
fn refreshed(good: &TestPool) -> Misdeed {
    let attempt = Attempt::start(&good.pool(), &SignInOptions::default(), now()).unwrap();
    let mut tokens = good.tokens(&attempt, now());
    tokens.id.claims.as_object_mut().unwrap().remove("nonce");
    let (id, access) = tokens.finish();
    let body = json!({"id_token": id, "access_token": access, "token_type": "Bearer", "expires_in": 3600});
    Say(answer(&body.to_string()))
}

#[rstest]
#[case::closes_at_once(CloseAtOnce)]
#[case::closes_without_an_answer(CloseWithoutAnswer)]
#[case::breaks_off(Say(stating(1_000, "application/json", "{\"access_token\":\"")))]
#[case::hangs(Hang)]
#[tokio::test]
async fn a_refresh_whose_answer_is_lost_is_asked_for_once_more(#[case] misdeed: Misdeed) {
    let good = TestPool::start().await;
    let server = HostileServer::start([misdeed, refreshed(&good)]).await;
    let session = session_at(&server.domain, &good).await;
    let tokens = in_time(refresh(&session, None, &impatient(), now())).await.unwrap();
    let renewed = verify(tokens, &Network::new(), now(), LEEWAY).await.unwrap();
    assert!(renewed.can_refresh());
    assert_eq!(server.questions(), 2);
}

#[rstest]
#[case::lost_twice(CloseWithoutAnswer, 2)]
#[case::hangs_twice(Hang, 2)]
#[case::answered(Say(answer(r#"{"error": "x"}"#)), 1)]
#[case::circles(Say(CIRCLE.to_vec()), 1)]
#[tokio::test]
async fn a_refresh_is_not_asked_for_without_end(#[case] misdeed: Misdeed, #[case] questions: usize) {
    let good = TestPool::start().await;
    let server = HostileServer::start([misdeed]).await;
    let session = session_at(&server.domain, &good).await;
    let error = in_time(refresh(&session, None, &impatient(), now())).await.unwrap_err();
    assert!(!error.is_over());
    if let GrantError::Http(HttpError::Timeout { limit, .. }) = &error {
        assert!(*limit * 2 <= PATIENCE, "both tries together take no longer than one question");
    }
    assert!(!words_of(&error).contains("canary"), "{error:?}");
    assert_eq!(server.questions(), questions);
}

#[tokio::test]
async fn a_revocation_that_hangs_ends_in_time() {
    let good = TestPool::start().await;
    let server = HostileServer::start([Hang]).await;
    let session = session_at(&server.domain, &good).await;
    let error = in_time(revoke(&session, None, &impatient(), now())).await.unwrap_err();
    assert!(matches!(&error, GrantError::Http(error) if is_timeout(error)), "{error:?}");
}

#[tokio::test]
async fn a_server_failure_is_told_by_its_status() {
    let server = TestPool::start().await;
    server.answers(Reply::json(500, &json!({})));
    let error = discover(&server.issuer(), None, &impatient(), now()).await.unwrap_err();
    assert!(matches!(error, DiscoveryError::NoConfiguration { status: 500, .. }), "{error:?}");
}
