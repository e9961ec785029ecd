//! Which grants a client has switched on, as its pool says before anybody types anything.

use std::collections::HashMap;

use axum::Router;
use axum::extract::Query;
use axum::response::Redirect;
use gatepass_identity::{
    Grant, GrantOffers, Network, Offer, PoolFacts, RefusalCode, SignInOptions, UserPool, offered_grants,
};
use rstest::rstest;

use crate::pool::{TestPool, now};

/// A login domain that refuses a response type with an error.
async fn refusing(refused: &'static [&'static str], error: &'static str) -> UserPool {
    let authorize = move |Query(query): Query<HashMap<String, String>>| async move {
        let response_type = query["response_type"].as_str();
        assert!(!query.contains_key("prompt"), "without cookies there is no session to be found");
        if refused.contains(&response_type) {
            Redirect::to(&format!("{}?error={error}&state={}", query["redirect_uri"], query["state"]))
        } else {
            Redirect::to("/login")
        }
    };
    let router = Router::new().route("/oauth2/authorize", axum::routing::get(authorize));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let domain = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let facts = TestPool::start().await.facts();
    UserPool::new(&PoolFacts { domain, ..facts }).unwrap()
}

#[rstest]
#[case::both(&[], (true, true), Grant::Code, "renews the sign-in without a form")]
#[case::code_only(&["token"], (true, false), Grant::Code, "never stand in an address")]
#[case::implicit_only(&["code"], (false, true), Grant::Implicit, "tick Authorization code grant")]
#[case::neither(&["code", "token"], (false, false), Grant::Code, "Neither grant is switched on")]
#[tokio::test]
async fn the_code_is_proposed_unless_only_the_implicit_grant_is_open(
    #[case] refused: &'static [&'static str],
    #[case] open: (bool, bool),
    #[case] proposed: Grant,
    #[case] why: &str,
) {
    let pool = refusing(refused, "unauthorized_client").await;
    let options = SignInOptions { prompt: Some("none".into()), ..SignInOptions::default() };
    let offers = offered_grants(&pool, &options, &Network::new(), now()).await;
    assert_eq!((offers.code == Offer::Open, offers.implicit == Offer::Open), open);
    assert_eq!(offers.proposed(), proposed);
    assert!(offers.why().contains(why), "{}", offers.why());
    for (offer, name) in [(&offers.code, "Authorization code grant"), (&offers.implicit, "Implicit grant")] {
        if let Offer::Refused(refusal) = offer {
            assert_eq!(refusal.code, RefusalCode::UnauthorizedClient);
            assert!(refusal.fix.contains(name), "{refusal}");
        }
    }
}

#[tokio::test]
async fn a_refusal_for_another_reason_is_not_laid_on_the_grant() {
    for refused in [&["code", "token"][..], &["code"]] {
        let pool = refusing(refused, "invalid_scope").await;
        let offers = offered_grants(&pool, &SignInOptions::default(), &Network::new(), now()).await;
        assert!(
            matches!(&offers.code, Offer::Refused(refusal) if refusal.code == RefusalCode::InvalidScope),
            "{offers:?}"
        );
        assert_eq!(offers.proposed(), Grant::Code);
        assert!(offers.why().contains("for another reason"), "{}", offers.why());
    }
}

#[tokio::test]
async fn a_grant_of_which_nothing_is_known_is_not_proposed_in_place_of_one_that_is_switched_off() {
    let offers = offered_grants(
        &refusing(&["code"], "unauthorized_client").await,
        &SignInOptions::default(),
        &Network::new(),
        now(),
    )
    .await;
    let offers = GrantOffers { implicit: Offer::Unknown, ..offers };
    assert_eq!(offers.proposed(), Grant::Code);
    assert!(offers.why().contains("whether the implicit grant is could not be found out"), "{}", offers.why());
}

#[tokio::test]
async fn a_pool_that_cannot_be_asked_leaves_it_open() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let domain = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let facts = TestPool::start().await.facts();
    let pool = UserPool::new(&PoolFacts { domain, ..facts }).unwrap();
    let offers = offered_grants(&pool, &SignInOptions::default(), &Network::new(), now()).await;
    assert_eq!((&offers.code, &offers.implicit), (&Offer::Unknown, &Offer::Unknown));
    assert_eq!(offers.proposed(), Grant::Code);
    assert!(offers.why().contains("could not be found out"), "{}", offers.why());
}
