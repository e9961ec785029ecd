//! Navigations that nobody wrote by hand: none is taken for the answer but the true one.

use gatepass_identity::{Attempt, Grant, Granted, Navigation, PoolFacts, SignInOptions, UserPool};
use proptest::prelude::*;
use url::Url;

use crate::pool::{now, state};

fn start(grant: Grant) -> Attempt {
    let pool = UserPool::new(&PoolFacts {
        domain: "https://shop.auth.eu-west-1.amazoncognito.com".into(),
        client_id: "1example23456789abcdefghij".into(),
        callback: "https://example.com/".into(),
        scopes: vec!["openid".into()],
        grant,
        ..PoolFacts::default()
    });
    Attempt::start(&pool.unwrap(), &SignInOptions::default(), now()).unwrap()
}

fn any_url() -> impl Strategy<Value = String> {
    let piece = |choices: &'static [&'static str]| prop::sample::select(choices);
    let crafted = (
        piece(&["https", "http", "HTTPS", "tauri", "data", "gatepass", "blob:https"]),
        piece(&["://", ":", ":/", ":////", "://x@", "://x:y@"]),
        piece(&[
            "example.com",
            "EXAMPLE.com",
            "example.com.",
            "example.com:443",
            "example.com:0444",
            "evil.test",
            "127.0.0.1",
        ]),
        piece(&["", "/", "//", "/.", "/%2e", "/x/..", "/cb", "\\", "/\t"]),
        piece(&[
            "",
            "?",
            "?state=STATE",
            "?error=access_denied",
            "?state=x",
            "?code=abc&state=STATE",
            "?code=abc&code=abc&state=STATE",
            "?code=abc&code=def&state=STATE",
            "?code=&state=STATE",
            "?code=abc",
            "?code=abc&state=STATE&error=x",
        ]),
        piece(&[
            "",
            "#",
            "#state=STATE",
            "#/access_token=d.e.f&state=STATE",
            "#access_token=d.e.f",
            "#code=abc&state=STATE",
            "#id_token=a&state=x",
        ]),
    );
    prop_oneof![
        crafted.prop_map(|(scheme, mark, host, path, query, fragment)| format!(
            "{scheme}{mark}{host}{path}{query}{fragment}"
        )),
        any::<String>(),
        any::<String>().prop_map(|rest| format!("https://example.com/{rest}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn no_url_is_taken_but_the_callback_with_the_state(
        text in any_url(),
        grant in prop::sample::select(&[Grant::Code, Grant::Implicit][..]),
    ) {
        let mut attempt = start(grant);
        let state = state(&attempt);
        let Ok(url) = Url::parse(&text.replace("STATE", &state)) else { return Ok(()) };
        let right_place = url.scheme() == "https"
            && url.host_str() == Some("example.com")
            && url.port().is_none()
            && url.path() == "/"
            && url.username().is_empty()
            && url.password().is_none();
        let query = url.query().unwrap_or_default();
        match attempt.navigation(&url, now()) {
            Navigation::Callback(Ok(Granted::Code(_))) => {
                prop_assert!(grant == Grant::Code && right_place && query.contains("code=abc"), "{url}");
                prop_assert!(url.as_str().contains(&state) && !query.contains("def"), "{url}");
            }
            Navigation::Callback(Ok(Granted::Tokens(_))) => {
                let fragment = url.fragment().unwrap_or_default();
                prop_assert!(grant == Grant::Implicit && right_place && fragment.contains("_token="), "{url}");
                prop_assert!(url.as_str().contains(&state), "{url}");
            }
            Navigation::Callback(Err(_)) => prop_assert!(right_place, "{url}"),
            Navigation::Allow => prop_assert!(!right_place && matches!(url.scheme(), "http" | "https"), "{url}"),
            Navigation::Block(_) => prop_assert!(right_place || !matches!(url.scheme(), "http" | "https"), "{url}"),
            Navigation::HostedUiError(_) => prop_assert!(false, "{url} is not on the login domain"),
            Navigation::ProviderRefuses { .. } => prop_assert!(false, "{url} is no page of a provider's"),
        }
    }
}
