//! Pools whose endpoints are not Cognito's, and facts that were saved before there was more than one grant.

use rstest::rstest;

use super::facts;
use crate::pool::Endpoint;
use crate::{Endpoints, Grant, PoolError, PoolFacts, Provider, UserPool};

fn other_provider() -> PoolFacts {
    PoolFacts {
        domain: "https://login.example.com".into(),
        client_id: "shop-web.apps~1".into(),
        region: None,
        pool_id: None,
        issuer: Some("https://login.example.com/realms/shop".into()),
        provider: Provider::OpenId,
        grant: Grant::Code,
        endpoints: Endpoints {
            authorization: Some("https://login.example.com/realms/shop/auth".into()),
            token: Some(" https://login.example.com/realms/shop/token ".into()),
            jwks: Some("https://login.example.com/realms/shop/keys".into()),
            revocation: Some("  ".into()),
            ..Endpoints::default()
        },
        ..facts()
    }
}

#[test]
fn another_provider_is_asked_at_its_own_endpoints_only() {
    let pool = UserPool::new(&other_provider()).unwrap();
    let at = |endpoint| pool.endpoint(endpoint).map(String::from);
    assert_eq!(at(Endpoint::Token).as_deref(), Some("https://login.example.com/realms/shop/token"));
    assert_eq!(at(Endpoint::Revocation), None);
    assert_eq!(pool.logout_url(), None);
    let keys = pool.jwks_url(pool.issuer().unwrap()).unwrap();
    assert_eq!(keys.as_str(), "https://login.example.com/realms/shop/keys");
    assert_eq!(UserPool::new(&pool.facts()).unwrap(), pool);
}

#[test]
fn another_provider_is_signed_out_of_by_its_own_parameter() {
    let mut facts = other_provider();
    facts.endpoints.logout = Some("https://login.example.com/bye?x=1".into());
    let url = UserPool::new(&facts).unwrap().logout_url().unwrap();
    assert_eq!(
        url.as_str(),
        "https://login.example.com/bye?x=1&client_id=shop-web.apps%7E1&post_logout_redirect_uri=https%3A%2F%2Fexample.com%2F"
    );
}

#[rstest]
#[case::no_issuer(|f: &mut PoolFacts| f.issuer = None, "the issuer is missing")]
#[case::no_authorization(|f: &mut PoolFacts| f.endpoints.authorization = None, "the authorization endpoint is missing")]
#[case::no_token(|f: &mut PoolFacts| f.endpoints.token = None, "the token endpoint is missing")]
#[case::no_keys(|f: &mut PoolFacts| f.endpoints.jwks = Some(" ".into()), "the JWKS endpoint is missing")]
#[case::issuer_with_a_query(|f: &mut PoolFacts| f.issuer = Some("https://login.example.com/?x".into()), "the issuer cannot be used")]
#[case::plain_issuer(|f: &mut PoolFacts| f.issuer = Some("http://login.example.com".into()), "the issuer cannot be used")]
#[case::client_with_a_blank(|f: &mut PoolFacts| f.client_id = "shop web".into(), "the client id is \"shop web\"")]
#[case::no_callback(|f: &mut PoolFacts| f.callback = String::new(), "the callback URL cannot be used")]
fn what_another_provider_must_say_is_asked_for_by_name(#[case] spoil: fn(&mut PoolFacts), #[case] expected: &str) {
    let mut facts = other_provider();
    spoil(&mut facts);
    let error = UserPool::new(&facts).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

#[rstest]
#[case::implicit(Grant::Implicit, |f: &mut PoolFacts| f.endpoints.token = None)]
#[case::machine(Grant::ClientCredentials, |f: &mut PoolFacts| {
    f.endpoints = Endpoints { token: f.endpoints.token.take(), ..Endpoints::default() };
    f.callback = String::new();
})]
fn a_grant_needs_only_the_endpoints_that_it_asks(#[case] grant: Grant, #[case] leave_out: fn(&mut PoolFacts)) {
    let mut facts = PoolFacts { grant, ..other_provider() };
    leave_out(&mut facts);
    let pool = UserPool::new(&facts).unwrap();
    assert_eq!(UserPool::new(&pool.facts()).unwrap(), pool);
}

#[rstest]
#[case::plain_http("http://login.example.com/token")]
#[case::script("javascript:alert(1)")]
#[case::user("https://me@login.example.com/token")]
#[case::fragment("https://login.example.com/token#x")]
#[case::a_path("/oauth2/token")]
fn an_endpoint_that_cannot_be_used_is_named(#[case] token: &str) {
    let endpoints = Endpoints { token: Some(token.into()), ..Endpoints::default() };
    let error = UserPool::new(&PoolFacts { endpoints, ..facts() }).unwrap_err();
    let PoolError::Endpoint(source) = &error else { panic!("{error:?}") };
    assert!(source.to_string().starts_with("the token endpoint is"), "{source}");
}

#[test]
fn an_emulator_s_endpoint_takes_the_place_of_cognito_s_and_the_others_stay() {
    let endpoints = Endpoints { token: Some("http://localhost:9229/token".into()), ..Endpoints::default() };
    let pool = UserPool::new(&PoolFacts { endpoints, ..facts() }).unwrap();
    let at = |endpoint| pool.endpoint(endpoint).map(String::from);
    assert_eq!(at(Endpoint::Token).as_deref(), Some("http://localhost:9229/token"));
    assert_eq!(
        at(Endpoint::Authorization).as_deref(),
        Some("https://shop.auth.eu-west-1.amazoncognito.com/oauth2/authorize")
    );
}

#[test]
fn facts_from_before_there_were_grants_are_those_of_the_implicit_grant() {
    let text = r#"{"domain": "https://login.example.com", "clientId": "abc", "region": null, "poolId": null,
        "issuer": null, "callback": "https://example.com/", "scopes": ["openid"]}"#;
    let pool: UserPool = serde_json::from_str(text).unwrap();
    assert_eq!((pool.grant(), pool.provider()), (Grant::Implicit, Provider::Cognito));
}

#[test]
fn an_endpoint_that_is_kept_no_more_is_passed_over_in_a_file() {
    let text = r#"{"userInfo": "https://login.example.com/me", "token": "https://login.example.com/token"}"#;
    let endpoints: Endpoints = serde_json::from_str(text).unwrap();
    assert_eq!(endpoints, Endpoints { token: Some("https://login.example.com/token".into()), ..Endpoints::default() });
}
