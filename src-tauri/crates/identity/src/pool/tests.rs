mod other_providers;

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn facts() -> PoolFacts {
    PoolFacts {
        domain: "https://shop.auth.eu-west-1.amazoncognito.com".into(),
        client_id: "1example23456789abcdefghij".into(),
        region: Some("eu-west-1".into()),
        pool_id: Some("eu-west-1_aB3xY9zQ1".into()),
        issuer: None,
        callback: "https://example.com/".into(),
        scopes: vec!["openid".into(), "email".into()],
        ..PoolFacts::default()
    }
}

#[test]
fn a_pool_comes_back_from_json_as_it_was() {
    let pool = UserPool::new(&facts()).unwrap();
    let text = serde_json::to_string(&pool).unwrap();
    assert!(text.contains(r#""clientId":"1example23456789abcdefghij""#), "{text}");
    assert_eq!(serde_json::from_str::<UserPool>(&text).unwrap(), pool);
}

#[test]
fn json_with_a_wrong_fact_is_no_pool() {
    let text = serde_json::to_string(&PoolFacts { client_id: "a b".into(), ..facts() }).unwrap();
    assert!(serde_json::from_str::<UserPool>(&text).unwrap_err().to_string().contains("client id is \"a b\""));
}

#[test]
fn blanks_around_values_and_empty_fields_are_taken_as_meant() {
    let typed = PoolFacts {
        domain: " shop.auth.eu-west-1.amazoncognito.com/ ".into(),
        region: Some(String::new()),
        pool_id: Some("  ".into()),
        scopes: vec!["openid email".into(), "openid".into()],
        ..facts()
    };
    let pool = UserPool::new(&typed).unwrap();
    assert_eq!(pool.domain().as_str(), "https://shop.auth.eu-west-1.amazoncognito.com/");
    assert_eq!((pool.region(), pool.pool_id()), (None, None));
    assert_eq!(pool.scopes(), ["openid", "email"]);
}

#[test]
fn the_region_is_read_from_the_pool_id() {
    let pool = UserPool::new(&PoolFacts { region: None, ..facts() }).unwrap();
    assert_eq!(pool.region(), Some("eu-west-1"));
}

#[rstest]
#[case::no_domain(PoolFacts { domain: String::new(), ..facts() }, "the domain is empty")]
#[case::plain_http(PoolFacts { domain: "http://login.example.com".into(), ..facts() }, "the domain is")]
#[case::a_page(PoolFacts { domain: "https://login.example.com/login".into(), ..facts() }, "the domain is")]
#[case::a_word(PoolFacts { domain: "shop".into(), ..facts() }, "the domain is \"shop\"")]
#[case::no_client(PoolFacts { client_id: String::new(), ..facts() }, "the client id is empty")]
#[case::client_with_dash(PoolFacts { client_id: "a-b".into(), ..facts() }, "the client id is \"a-b\"")]
#[case::long_client(PoolFacts { client_id: "a".repeat(129), ..facts() }, "at most 128")]
#[case::region(PoolFacts { region: Some("Ireland".into()), pool_id: None, ..facts() }, "the region is \"Ireland\"")]
#[case::pool_id(PoolFacts { pool_id: Some("aB3xY9zQ1".into()), ..facts() }, "the user pool id is")]
#[case::two_regions(PoolFacts { region: Some("us-east-1".into()), ..facts() }, "belongs to another region")]
#[case::callback(PoolFacts { callback: "http://example.com/".into(), ..facts() }, "the callback URL cannot be used")]
#[case::scope(PoolFacts { scopes: vec!["a\"b".into()], ..facts() }, "a scope is")]
#[case::issuer(PoolFacts { issuer: Some("https://evil.test/eu-west-1_aB3xY9zQ1".into()), ..facts() }, "the issuer cannot be used")]
#[case::other_issuer(
    PoolFacts { issuer: Some("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other".into()), ..facts() },
    "is not the one of user pool"
)]
fn a_wrong_fact_is_named(#[case] facts: PoolFacts, #[case] expected: &str) {
    let error = UserPool::new(&facts).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

#[rstest]
#[case("https://example.com/")]
#[case("https://example.com")]
#[case("https://example.com:8443/a/b?fixed=1")]
#[case("http://localhost:3000/callback")]
#[case("http://127.0.0.1:1/")]
#[case("http://[::1]:4180/")]
#[case("gatepass://callback")]
#[case("com.example.app:/signed-in")]
fn cognito_s_callback_forms_are_taken_and_kept_as_typed(#[case] text: &str) {
    assert_eq!(Callback::new(text).unwrap().as_str(), text);
}

#[rstest]
#[case::empty("")]
#[case::words("my callback")]
#[case::relative("/callback")]
#[case::fragment("https://example.com/#x")]
#[case::user("https://me@example.com/")]
#[case::plain_http("http://example.com/")]
#[case::lan("http://192.168.0.2/")]
#[case::app_scheme("tauri://localhost/")]
#[case::script("javascript:alert(1)")]
#[case::data("data:text/html,x")]
#[case::file("file:///etc/passwd")]
#[case::line_break("https://example.com/\nx")]
fn what_cognito_or_the_window_cannot_take_is_no_callback(#[case] text: &str) {
    assert!(Callback::new(text).is_err(), "{text:?}");
}

#[test]
fn a_callback_may_have_1024_characters_and_no_more() {
    let base = "https://example.com/";
    let fits = format!("{base}{}", "a".repeat(1024 - base.len()));
    assert!(Callback::new(&fits).is_ok());
    assert_eq!(Callback::new(&format!("{fits}a")), Err(CallbackError::TooLong { found: 1025 }));
}

#[rstest]
#[case("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aB3xY9zQ1", IssuerKind::Original)]
#[case("https://issuer-cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_aB3xY9zQ1", IssuerKind::Updated)]
#[case("http://127.0.0.1:4180/us-east-1_SandBox01", IssuerKind::Loopback)]
#[case("http://localhost:4180/us-east-1_SandBox01", IssuerKind::Loopback)]
fn the_known_forms_of_an_issuer_are_read(#[case] text: &str, #[case] kind: IssuerKind) {
    let issuer = Issuer::read(text, true).unwrap();
    assert_eq!((issuer.kind(), issuer.as_str()), (kind, text));
    assert_eq!(issuer.jwks_url(), format!("{text}/.well-known/jwks.json"));
}

#[rstest]
#[case::nothing("")]
#[case::look_alike_end("https://cognito-idp.eu-west-1.amazonaws.com.evil.test/eu-west-1_a1")]
#[case::look_alike_start("https://evilcognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1")]
#[case::other_service("https://s3.eu-west-1.amazonaws.com/eu-west-1_a1")]
#[case::bucket("https://cognito-idp.evil.s3.amazonaws.com/evil_a1")]
#[case::plain_http("http://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1")]
#[case::port("https://cognito-idp.eu-west-1.amazonaws.com:8443/eu-west-1_a1")]
#[case::user("https://x@cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1")]
#[case::upper_case("https://COGNITO-IDP.eu-west-1.amazonaws.com/eu-west-1_a1")]
#[case::final_slash("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1/")]
#[case::query("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1?x")]
#[case::climbing("https://cognito-idp.eu-west-1.amazonaws.com/../eu-west-1_a1")]
#[case::two_regions("https://cognito-idp.eu-west-1.amazonaws.com/us-east-1_a1")]
#[case::no_region("https://cognito-idp.amazonaws.com/eu-west-1_a1")]
#[case::lan("http://192.168.0.2/us-east-1_a1")]
#[case::loopback_climbing("http://127.0.0.1:4180/x/../us-east-1_a1")]
fn anything_else_is_no_issuer(#[case] text: &str) {
    assert!(Issuer::read(text, true).is_err(), "{text:?}");
}

#[test]
fn an_issuer_on_this_machine_is_only_for_a_pool_on_this_machine() {
    let text = "http://127.0.0.1:4180/us-east-1_SandBox01";
    assert!(matches!(Issuer::read(text, false), Err(IssuerError::Loopback { .. })));
    let local = PoolFacts {
        domain: "http://127.0.0.1:4180".into(),
        region: None,
        pool_id: None,
        issuer: Some(text.into()),
        ..facts()
    };
    assert_eq!(UserPool::new(&local).unwrap().pool_id(), Some("us-east-1_SandBox01"));
    let outside = PoolFacts { domain: "https://login.example.com".into(), ..local };
    assert!(matches!(UserPool::new(&outside), Err(PoolError::Issuer(_))));
}

#[test]
fn the_original_issuer_is_made_of_region_and_pool_id() {
    let (region, id) = ("eu-west-1", "eu-west-1_a1");
    let issuer = Issuer::original(region, id).unwrap();
    assert_eq!(issuer.as_str(), "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1");
    assert!(Issuer::original("x.evil.test/", id).is_err());
}

#[rstest]
#[case::original("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1", false)]
#[case::updated("https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1", true)]
#[case::local("http://127.0.0.1:4180/us-east-1_SandBox01", false)]
fn only_the_updated_issuer_is_warned_of(#[case] issuer: &str, #[case] warned: bool) {
    let warning = Issuer::read(issuer, true).unwrap().warning();
    assert_eq!(warning.is_some_and(|words| words.contains("HTTP API") && words.contains("ORIGINAL")), warned);
}

#[test]
fn signing_out_names_client_and_callback() {
    let url = UserPool::new(&facts()).unwrap().logout_url().unwrap();
    assert_eq!(
        url.as_str(),
        "https://shop.auth.eu-west-1.amazoncognito.com/logout?client_id=1example23456789abcdefghij&logout_uri=https%3A%2F%2Fexample.com%2F"
    );
}

#[rstest]
#[case("https://shop.auth.eu-west-1.amazoncognito.com/login?client_id=x", true)]
#[case("https://shop.auth.eu-west-1.amazoncognito.com/oauth2/authorize?client_id=x", false)]
#[case("https://shop.auth.eu-west-1.amazoncognito.com/logout?client_id=x", false)]
#[case("https://shop.auth.eu-west-1.amazoncognito.com/oauth2/idpresponse?code=x&state=y", false)]
#[case("https://shop.auth.eu-west-1.amazoncognito.com/saml2/idpresponse", false)]
#[case("https://shop.auth.eu-west-1.amazoncognito.com/saml2/logout", false)]
#[case("https://accounts.example.org/login", false)]
fn a_page_that_asks_the_user_is_told_from_a_hop(#[case] page: &str, #[case] expected: bool) {
    let pool = UserPool::new(&facts()).unwrap();
    assert_eq!(pool.asks_the_user(&Url::parse(page).unwrap()), expected);
}

#[rstest]
#[case::its_login_page("https://login.example.com/realms/shop/login", true)]
#[case::where_it_begins("https://login.example.com/realms/shop/auth?client_id=x", false)]
#[case::where_it_ends("https://login.example.com/realms/shop/logout", false)]
#[case::a_page_of_the_domain("https://shop.example.com/welcome", true)]
#[case::elsewhere("https://accounts.example.org/login", false)]
fn endpoints_at_another_place_are_hops_too(#[case] page: &str, #[case] expected: bool) {
    let endpoints = Endpoints {
        authorization: Some("https://login.example.com/realms/shop/auth".into()),
        logout: Some("https://login.example.com/realms/shop/logout".into()),
        ..Endpoints::default()
    };
    let pool = UserPool::new(&PoolFacts { domain: "https://shop.example.com".into(), endpoints, ..facts() }).unwrap();
    assert_eq!(pool.asks_the_user(&Url::parse(page).unwrap()), expected);
}

fn issuer_like() -> impl Strategy<Value = String> {
    let piece = |choices: &'static [&'static str]| prop::sample::select(choices);
    let crafted = (
        piece(&["https://", "http://", "HTTPS://", "https:/", ""]),
        piece(&["cognito-idp.", "issuer-cognito-idp.", "x@cognito-idp.", "cognito-idp", "s3."]),
        piece(&["eu-west-1", "us-gov-west-1", "evil.test/", "eu-west-1.x", ""]),
        piece(&[
            ".amazonaws.com",
            ".amazonaws.com.evil.test",
            ".amazonaws.com:443",
            ".amazonaws.com.",
            "%2eamazonaws.com",
        ]),
        piece(&["/", "//", "", "/../", "\\"]),
        piece(&["eu-west-1_a1", "us-gov-west-1_a1", "eu-west-1_a1/", "eu-west-1_a1?x", "eu-west-1_a1#x", "_", ""]),
    );
    prop_oneof![
        crafted
            .prop_map(|(scheme, service, region, end, slash, id)| format!("{scheme}{service}{region}{end}{slash}{id}")),
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn whatever_is_read_as_an_issuer_is_on_a_host_of_cognito_s(text in issuer_like()) {
        if let Ok(issuer) = Issuer::read(&text, false) {
            let url = Url::parse(&text).unwrap();
            let region = issuer.region().unwrap();
            let hosts = [
                format!("cognito-idp.{region}.amazonaws.com"),
                format!("issuer-cognito-idp.{region}.amazonaws.com"),
            ];
            prop_assert!(hosts.iter().any(|host| Some(host.as_str()) == url.host_str()), "{text}");
            prop_assert_eq!((url.scheme(), url.port(), url.path()), ("https", None, &*format!("/{}", issuer.pool_id().unwrap())));
            prop_assert!(url.username().is_empty() && url.query().is_none() && url.fragment().is_none());
        }
    }

    #[test]
    fn whatever_is_taken_for_a_pool_survives_a_file(
        domain in any::<String>(), client_id in "[a-z0-9]{0,30}", region in any::<Option<String>>(),
        callback in "(https|http|gatepass)://[a-z.]{0,9}(:[0-9]{1,5})?/[a-z%0-9]{0,5}", scopes in any::<Vec<String>>(),
    ) {
        let facts = PoolFacts { domain, client_id, region, callback, scopes, ..PoolFacts::default() };
        if let Ok(pool) = UserPool::new(&facts) {
            prop_assert_eq!(UserPool::new(&pool.facts()).unwrap(), pool);
        }
    }
}
