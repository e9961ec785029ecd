//! The auth block: what is saved of a sign-in and of an API key, and how it is read.

use gatepass_collection::model::*;
use gatepass_collection::{Flow, PoolFacts};
use rstest::rstest;

use crate::common::Fixture;
use crate::request;

#[test]
fn a_saved_request_is_a_small_file_without_a_secret() {
    let fixture = Fixture::new();
    let auth = Auth {
        token: TokenAuth::Send {
            identity: Some("ada".to_owned()),
            token: TokenKind::Id,
            header: "dev-auth-token".to_owned(),
            prefix: String::new(),
        },
        api_key: ApiKeyAuth::Send { header: "x-api-key".to_owned(), variable: "apiKey".to_owned() },
    };
    let list = Request { auth, url: "{{base}}/pets".to_owned(), ..request("List pets") };
    let facts =
        PoolFacts { client_id: Some("abc".to_owned()), scope: Some("openid email".to_owned()), ..PoolFacts::default() };
    let path = fixture.collection.create_request("", &list, Some(&facts)).unwrap();
    assert_eq!(path, "List pets.yml");
    let text = "info:
  name: List pets
  type: http
  seq: 1

http:
  method: GET
  url: '{{base}}/pets'
  headers:
    - name: x-api-key
      value: '{{apiKey}}'
  auth:
    type: oauth2
    flow: implicit
    credentials:
      clientId: abc
    scope: openid email
    tokenConfig:
      id: ada
      placement:
        header: dev-auth-token
      source: id_token
";
    assert_eq!(fixture.text(&path), text);
    assert_eq!(fixture.collection.read().secrets, ["apiKey"]);
    fixture.check_format();
}

#[test]
fn facts_of_the_pool_stay_where_a_save_brings_none() {
    let fixture = Fixture::new();
    let send = |header: &str| Request {
        auth: Auth {
            token: TokenAuth::Send {
                identity: None,
                token: TokenKind::Id,
                header: header.to_owned(),
                prefix: String::new(),
            },
            api_key: ApiKeyAuth::Inherit,
        },
        ..request("a")
    };
    let facts = PoolFacts { authorization_url: Some("https://pool.test/a".to_owned()), ..PoolFacts::default() };
    let path = fixture.collection.create_request("", &send("one"), Some(&facts)).unwrap();
    fixture.collection.save_request(&path, &send("two"), None, None).unwrap();
    assert!(fixture.text(&path).contains("authorizationUrl: https://pool.test/a\n"));
    let other = PoolFacts { authorization_url: Some("https://pool.test/b".to_owned()), ..PoolFacts::default() };
    fixture.collection.save_request(&path, &send("two"), None, Some(&other)).unwrap();
    assert!(fixture.text(&path).contains("authorizationUrl: https://pool.test/b\n"));
}

#[rstest]
#[case::implicit(Flow::Implicit, "flow: implicit\n    authorizationUrl: a\n")]
#[case::code(Flow::AuthorizationCode, "flow: authorization_code\n    authorizationUrl: a\n    accessTokenUrl: t\n")]
#[case::machine(Flow::ClientCredentials, "flow: client_credentials\n    accessTokenUrl: t\n")]
fn the_grant_is_saved_by_the_format_s_own_word_and_read_as_a_sign_in(#[case] flow: Flow, #[case] written: &str) {
    let url = |name: &str, is_there: bool| is_there.then(|| name.to_owned());
    let facts = PoolFacts {
        flow,
        authorization_url: url("a", flow != Flow::ClientCredentials),
        token_url: url("t", flow != Flow::Implicit),
        ..PoolFacts::default()
    };
    let fixture = Fixture::new();
    let token = TokenAuth::Send {
        identity: Some("ada".to_owned()),
        token: TokenKind::Access,
        header: "Authorization".to_owned(),
        prefix: "Bearer".to_owned(),
    };
    let request = Request { auth: Auth { token, api_key: ApiKeyAuth::Inherit }, ..request("a") };
    let path = fixture.collection.create_request("", &request, Some(&facts)).unwrap();
    assert!(fixture.text(&path).contains(written), "{}", fixture.text(&path));
    fixture.check_format();
    assert_eq!(fixture.collection.request(&path).unwrap().value.auth.token, request.auth.token);
}

#[rstest]
#[case::prefix("Bearer", "Authorization", "Bearer")]
#[case::none("''", "Authorization", "")]
#[case::header("dev-auth-token", "dev-auth-token", "")]
#[case::both("X-Token JWT", "X-Token", "JWT")]
fn a_placement_is_read_as_a_prefix_or_as_a_header(#[case] placement: &str, #[case] name: &str, #[case] before: &str) {
    let text = format!(
        "info:\n  type: http\nhttp:\n  auth:\n    type: oauth2\n    flow: implicit\n    tokenConfig:\n      placement:\n        header: {placement}\n"
    );
    let fixture = Fixture::with(&[("a.yml", &text)]);
    let TokenAuth::Send { header, prefix, .. } = fixture.collection.request("a.yml").unwrap().value.auth.token else {
        panic!("no token")
    };
    assert_eq!((header.as_str(), prefix.as_str()), (name, before));
}

#[test]
fn a_key_is_a_header_whose_value_is_a_secret_variable_and_leaving_it_out_is_written_down() {
    let fixture = Fixture::with(&[
        (
            "environments/dev.yml",
            "name: dev\nvariables:\n  - secret: true\n    name: apiKey\n  - name: plain\n    value: x\n",
        ),
        (
            "a.yml",
            "info: {type: http}\nhttp:\n  headers:\n    - {name: a, value: '{{plain}}'}\n    - {name: k, value: '{{apiKey}}'}\n",
        ),
        ("orders/folder.yml", "request:\n  headers:\n    - {name: my-key, value: '{{ apiKey }}'}\n"),
        ("orders/b.yml", "info: {type: http}\nsettings:\n  omitHeaders: [accept, My-Key]\n"),
    ]);
    let read = fixture.collection.request("a.yml").unwrap().value;
    assert_eq!(read.auth.api_key, ApiKeyAuth::Send { header: "k".to_owned(), variable: "apiKey".to_owned() });
    assert_eq!(read.headers.len(), 1);
    let saved = fixture.collection.request("orders/b.yml").unwrap();
    assert_eq!(saved.value.auth.api_key, ApiKeyAuth::None);
    let wanted =
        Request { auth: Auth { api_key: ApiKeyAuth::Inherit, ..saved.value.auth.clone() }, ..saved.value.clone() };
    fixture.collection.save_request("orders/b.yml", &wanted, Some(&saved.version), None).unwrap();
    assert_eq!(fixture.collection.request("orders/b.yml").unwrap().value, wanted);
    fixture.collection.save_request("orders/b.yml", &saved.value, None, None).unwrap();
    assert!(fixture.text("orders/b.yml").contains("    - my-key\n"), "{}", fixture.text("orders/b.yml"));
}
