//! What the first request of a sign-in tells before a window opens.

use gatepass_identity::{
    HttpError, Network, PoolFacts, PreflightError, RefusalCode, SignInOptions, UserPool, preflight,
};
use rstest::rstest;

use crate::pool::{Reply, TestPool, now};

async fn ask(server: &TestPool, reply: Reply) -> Result<(), PreflightError> {
    server.answers(reply);
    preflight(&server.pool(), &SignInOptions::default(), &Network::new(), now()).await
}

fn to(location: &str) -> Reply {
    Reply { status: 302, location: Some(location.into()), ..Reply::keys(&[]) }
}

#[rstest]
#[case::login_page(to("/login?client_id=x&state=y"))]
#[case::identity_provider(to("https://idp.example.org/authorize"))]
#[case::page_at_once(Reply { content_type: "text/html", body: "<form>".into(), ..Reply::keys(&[]) })]
#[tokio::test]
async fn a_pool_that_would_ask_the_user_is_ready(#[case] reply: Reply) {
    ask(&TestPool::start().await, reply).await.unwrap();
}

#[rstest]
#[case::callback("/error?error=redirect_mismatch&client_id=x", RefusalCode::RedirectMismatch)]
#[case::grant("https://example.com/?error=unauthorized_client", RefusalCode::UnauthorizedClient)]
#[case::scope("https://example.com/?error=invalid_scope", RefusalCode::InvalidScope)]
#[tokio::test]
async fn a_refusal_is_known_before_the_user_types_anything(#[case] location: &str, #[case] expected: RefusalCode) {
    let outcome = ask(&TestPool::start().await, to(location)).await;
    assert!(matches!(&outcome, Err(PreflightError::Refused(refusal)) if refusal.code == expected), "{outcome:?}");
}

#[tokio::test]
async fn a_domain_that_is_no_hosted_ui_is_told() {
    let outcome = ask(&TestPool::start().await, Reply { status: 404, ..Reply::keys(&[]) }).await;
    let Err(PreflightError::NoLoginPage { status: 404, .. }) = &outcome else { panic!("{outcome:?}") };
    assert!(outcome.unwrap_err().to_string().contains("127.0.0.1 answered 404"));
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let domain = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let facts = PoolFacts { domain, ..TestPool::start().await.facts() };
    let pool = UserPool::new(&facts).unwrap();
    let error = preflight(&pool, &SignInOptions::default(), &Network::new(), now()).await.unwrap_err();
    let PreflightError::Unreachable(HttpError::Unreachable { host, .. }) = &error else { panic!("{error:?}") };
    assert_eq!(host, "127.0.0.1");
}
