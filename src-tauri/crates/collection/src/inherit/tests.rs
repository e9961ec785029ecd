use rstest::rstest;

use super::*;
use crate::model::{Environment, TokenKind};

fn field(name: &str, value: &str) -> Field {
    Field { name: name.to_owned(), value: value.to_owned(), ..Field::default() }
}

fn token(header: &str) -> TokenAuth {
    TokenAuth::Send { identity: None, token: TokenKind::Id, header: header.to_owned(), prefix: String::new() }
}

fn key(variable: &str) -> ApiKeyAuth {
    ApiKeyAuth::Send { header: "x-api-key".to_owned(), variable: variable.to_owned() }
}

fn folder(path: &str, defaults: Defaults, items: Vec<Item>) -> Item {
    Item::Folder { path: path.to_owned(), name: path.to_owned(), defaults: Box::new(defaults), items }
}

/// A collection with a token and a key, a folder `a` with another key, in it `a/b` without a token.
fn collection() -> Collection {
    let inner = Defaults {
        auth: Auth { token: TokenAuth::None, api_key: ApiKeyAuth::Inherit },
        settings: Settings { timeout: Some(5), ..Settings::default() },
        ..Defaults::default()
    };
    let outer = Defaults {
        headers: vec![field("X-Level", "a"), Field { disabled: true, ..field("x-root", "off") }],
        auth: Auth { token: TokenAuth::Inherit, api_key: key("keyOfA") },
        ..Defaults::default()
    };
    Collection {
        id: String::new(),
        name: String::new(),
        root: String::new(),
        defaults: Defaults {
            headers: vec![field("x-root", "1"), field("x-level", "root")],
            auth: Auth { token: token("t"), api_key: key("keyOfAll") },
            settings: Settings { timeout: Some(9), follow_redirects: Some(false), max_redirects: None },
            docs: String::new(),
        },
        items: vec![folder("ab", Defaults::default(), vec![]), folder("a", outer, vec![folder("a/b", inner, vec![])])],
        environments: Vec::<Environment>::new(),
        secrets: Vec::new(),
        problems: Vec::new(),
    }
}

#[rstest]
#[case::top("r.yml", token("t"), "", key("keyOfAll"), "")]
#[case::folder("a/r.yml", token("t"), "", key("keyOfA"), "a")]
#[case::folder_below("a/b/r.yml", TokenAuth::None, "a/b", key("keyOfA"), "a")]
#[case::folder_whose_name_begins_alike("ab/r.yml", token("t"), "", key("keyOfAll"), "")]
fn token_and_key_are_inherited_apart_from_each_other(
    #[case] path: &str,
    #[case] token: TokenAuth,
    #[case] token_origin: &str,
    #[case] api_key: ApiKeyAuth,
    #[case] api_key_origin: &str,
) {
    let found = effective(&collection(), path, &Request::default());
    assert_eq!((found.token, found.token_origin.as_str()), (token, token_origin));
    assert_eq!((found.api_key, found.api_key_origin.as_str()), (api_key, api_key_origin));
}

#[test]
fn the_request_has_the_last_word() {
    let auth = Auth { token: token("own"), api_key: ApiKeyAuth::None };
    let found = effective(&collection(), "a/b/r.yml", &Request { auth, ..Request::default() });
    assert_eq!((found.token, found.token_origin.as_str()), (token("own"), "a/b/r.yml"));
    assert_eq!((found.api_key, found.api_key_origin.as_str()), (ApiKeyAuth::None, "a/b/r.yml"));
}

#[test]
fn a_header_hides_those_of_its_name_above_and_one_switched_off_hides_nothing() {
    let headers = vec![field("Accept", "*/*"), field("accept", "text/plain")];
    let found = effective(&collection(), "a/r.yml", &Request { headers, ..Request::default() });
    let lines: Vec<_> = found
        .headers
        .iter()
        .map(|header| format!("{}: {} ({})", header.field.name, header.field.value, header.origin))
        .collect();
    assert_eq!(lines, ["x-root: 1 ()", "X-Level: a (a)", "Accept: */* (a/r.yml)", "accept: text/plain (a/r.yml)"]);
}

#[test]
fn settings_come_one_by_one_from_the_nearest_that_has_them() {
    let settings = Settings { max_redirects: Some(3), ..Settings::default() };
    let found = effective(&collection(), "a/b/r.yml", &Request { settings, ..Request::default() }).settings;
    assert_eq!((found.timeout, found.timeout_origin.as_deref()), (5, Some("a/b")));
    assert_eq!((found.follow_redirects, found.follow_redirects_origin.as_deref()), (false, Some("")));
    assert_eq!((found.max_redirects, found.max_redirects_origin.as_deref()), (3, Some("a/b/r.yml")));
}

#[test]
fn where_nobody_says_anything_nothing_is_sent_and_the_defaults_hold() {
    let mut empty = collection();
    empty.defaults = Defaults::default();
    empty.items.clear();
    let found = effective(&empty, "r.yml", &Request::default());
    assert_eq!((found.token, found.api_key, found.headers), (TokenAuth::None, ApiKeyAuth::None, Vec::new()));
    assert_eq!((found.settings.timeout, found.settings.timeout_origin), (30_000, None));
}
