//! What a provider says of itself, and when it is not believed.

use gatepass_identity::{
    Discovered, DiscoveryError, Endpoints, Grant, Network, PoolFacts, Provider, UserPool, discover, offered_scopes,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::pool::{CLIENT, POOL_ID, Reply, TestPool, now};

/// A configuration as Cognito gives it.
fn configuration(server: &TestPool) -> Value {
    let domain = &server.domain;
    json!({
        "authorization_endpoint": format!("{domain}/oauth2/authorize"),
        "end_session_endpoint": format!("{domain}/logout"),
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": server.issuer(),
        "jwks_uri": format!("{}/.well-known/jwks.json", server.issuer()),
        "response_types_supported": ["code", "token"],
        "revocation_endpoint": format!("{domain}/oauth2/revoke"),
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": format!("{domain}/oauth2/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": format!("{domain}/oauth2/userInfo"),
    })
}

async fn ask(server: &TestPool, issuer: &str, change: impl FnOnce(&mut Value)) -> Result<Discovered, DiscoveryError> {
    let mut document = configuration(server);
    change(&mut document);
    server.answers(Reply::json(200, &document));
    discover(issuer, None, &Network::new(), now()).await
}

/// The facts of a pool of which nothing is known but what was found, and the client.
fn facts_of(found: Discovered, client_id: &str) -> PoolFacts {
    PoolFacts {
        domain: found.domain.unwrap(),
        client_id: client_id.into(),
        callback: "https://example.com/".into(),
        region: found.region,
        pool_id: found.pool_id,
        issuer: Some(found.issuer),
        provider: found.provider,
        endpoints: found.endpoints,
        ..PoolFacts::default()
    }
}

#[tokio::test]
async fn a_user_pool_is_known_by_its_issuer_alone() {
    let server = TestPool::start().await;
    let found = ask(&server, &server.issuer(), |_| {}).await.unwrap();
    assert_eq!(found.provider, Provider::Cognito);
    assert_eq!((found.pool_id.as_deref(), found.domain.as_deref()), (Some(POOL_ID), Some(server.domain.as_str())));
    assert_eq!(found.endpoints, Endpoints::default());
    assert_eq!(found.scopes, ["openid", "email", "phone", "profile"]);

    let pool = UserPool::new(&facts_of(found, CLIENT)).unwrap();
    assert_eq!((pool.issuer().unwrap().as_str(), pool.provider()), (server.issuer().as_str(), Provider::Cognito));
}

#[tokio::test]
async fn an_endpoint_at_another_place_than_cognito_s_is_kept() {
    let server = TestPool::start().await;
    let token = "https://tokens.example.com/oauth2/token";
    let found = ask(&server, &server.issuer(), |document| document["token_endpoint"] = json!(token)).await.unwrap();
    assert_eq!(found.endpoints, Endpoints { token: Some(token.into()), ..Endpoints::default() });
}

#[rstest]
#[case::issuer("", "")]
#[case::blanks("  ", "")]
#[case::the_configuration_s_own_address("/.well-known/openid-configuration", "")]
#[case::with_a_slash("/", "/")]
#[case::the_configuration_s_own_address_of_one_with_a_slash("/.well-known/openid-configuration ", "/")]
#[tokio::test]
async fn another_provider_has_its_endpoints_from_its_configuration(#[case] rest: &str, #[case] slash: &str) {
    let server = TestPool::start().await;
    let typed = format!("{}/realms/shop{rest}", server.domain);
    let issuer = format!("{}/realms/shop{slash}", server.domain);
    let found = ask(&server, &typed, |document| {
        document["issuer"] = json!(issuer);
        document["scopes_supported"] = json!(["openid", "openid", "two words", "offline_access"]);
    });
    let found = found.await.unwrap();
    assert_eq!(found.issuer, issuer);
    assert_eq!((found.provider, found.region.as_deref(), found.pool_id.as_deref()), (Provider::OpenId, None, None));
    assert_eq!(found.endpoints.authorization, Some(format!("{}/oauth2/authorize", server.domain)));
    assert_eq!(found.endpoints.jwks, Some(format!("{}/.well-known/jwks.json", server.issuer())));
    assert_eq!(found.scopes, ["openid", "offline_access"]);
    assert_eq!(server.asked_at("/realms/shop/.well-known/openid-configuration").len(), 1);

    UserPool::new(&PoolFacts { grant: Grant::Code, ..facts_of(found, "shop-web") }).unwrap();
}

#[rstest]
#[case::another("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other")]
#[case::with_a_slash("SELF/")]
#[case::in_capitals("HTTP://127.0.0.1/")]
#[case::empty("")]
#[tokio::test]
async fn a_configuration_of_another_issuer_is_not_believed(#[case] named: &str) {
    let server = TestPool::start().await;
    let named = named.replace("SELF", &server.issuer());
    let outcome = ask(&server, &server.issuer(), |document| document["issuer"] = json!(named)).await;
    let Err(DiscoveryError::OtherIssuer { expected, .. }) = &outcome else { panic!("{outcome:?}") };
    assert_eq!(*expected, server.issuer());
}

#[tokio::test]
async fn an_issuer_that_was_typed_without_its_slash_is_told_and_not_guessed() {
    let server = TestPool::start().await;
    let named = format!("{}/", server.domain);
    let outcome = ask(&server, &server.domain, |document| document["issuer"] = json!(named)).await;
    assert!(matches!(outcome, Err(DiscoveryError::OtherIssuer { .. })), "{outcome:?}");

    let address = format!("{}/.well-known/openid-configuration", server.issuer());
    let of_the_pool = format!("{}/", server.issuer());
    let outcome = ask(&server, &address, |document| document["issuer"] = json!(of_the_pool)).await;
    assert!(matches!(outcome, Err(DiscoveryError::OtherIssuer { .. })), "{outcome:?}");
}

#[rstest]
#[case::plain_http("token_endpoint", json!("http://login.example.com/token"), "token endpoint")]
#[case::script("authorization_endpoint", json!("javascript:alert(1)"), "authorization endpoint")]
#[case::user_info("jwks_uri", json!("https://me@example.com/keys"), "JWKS endpoint")]
#[tokio::test]
async fn an_endpoint_without_tls_is_refused(#[case] name: &str, #[case] value: Value, #[case] expected: &str) {
    let server = TestPool::start().await;
    let error = ask(&server, &server.issuer(), |document| document[name] = value).await.unwrap_err();
    let DiscoveryError::Endpoint(source) = &error else { panic!("{error:?}") };
    assert!(source.to_string().contains(expected), "{source}");
}

#[rstest]
#[case::other_algorithms(|d: &mut Value| d["id_token_signing_alg_values_supported"] = json!(["ES256", "HS256"]), "signed by \"ES256, HS256\"")]
#[case::no_algorithms(|d: &mut Value| { d.as_object_mut().unwrap().remove("id_token_signing_alg_values_supported"); }, "signed by empty")]
#[case::a_list(|d: &mut Value| *d = json!([1]), "no configuration of an OpenID provider")]
#[case::no_issuer(|d: &mut Value| { d.as_object_mut().unwrap().remove("issuer"); }, "no configuration of an OpenID provider")]
#[case::scopes_of_no_kind(|d: &mut Value| d["scopes_supported"] = json!("openid"), "no configuration of an OpenID provider")]
#[tokio::test]
async fn a_configuration_that_is_of_no_use_is_told(#[case] change: fn(&mut Value), #[case] expected: &str) {
    let server = TestPool::start().await;
    let error = ask(&server, &server.issuer(), change).await.unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
}

#[rstest]
#[case::plain_http("http://login.example.com")]
#[case::a_word("login")]
#[case::query("https://login.example.com/?x=1")]
#[case::two_regions("https://cognito-idp.eu-west-1.amazonaws.com/us-east-1_abc")]
#[case::empty("")]
#[tokio::test]
async fn a_text_that_is_no_issuer_is_told_before_anything_is_asked(#[case] text: &str) {
    let outcome = discover(text, None, &Network::new(), now()).await;
    assert!(matches!(outcome, Err(DiscoveryError::Issuer(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_server_without_a_configuration_is_told() {
    let server = TestPool::start().await;
    server.answers(Reply::json(404, &json!({})));
    let error = discover(&server.issuer(), None, &Network::new(), now()).await.unwrap_err();
    assert!(error.to_string().contains("127.0.0.1 answered 404"), "{error}");
}

#[tokio::test]
async fn a_pool_s_scopes_are_offered_with_its_own_and_cognito_s_once_each() {
    let server = TestPool::start().await;
    server.answers(Reply::json(200, &configuration(&server)));
    let pool = UserPool::new(&PoolFacts { scopes: vec!["email shop/read".into()], ..server.facts() }).unwrap();
    let scopes = offered_scopes(&pool, &Network::new(), now()).await.unwrap();
    assert_eq!(scopes, ["openid", "email", "phone", "profile", "shop/read", "aws.cognito.signin.user.admin"]);

    let unknown = PoolFacts { region: None, pool_id: None, issuer: None, ..server.facts() };
    let outcome = offered_scopes(&UserPool::new(&unknown).unwrap(), &Network::new(), now()).await;
    assert!(matches!(outcome, Err(DiscoveryError::UnknownIssuer)), "{outcome:?}");
}
