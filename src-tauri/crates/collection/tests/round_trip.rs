//! Whatever is saved is read again as it was, in the format, and with the rest of the file left alone.

mod common;

use common::{Fixture, check_text};
use gatepass_collection::model::*;
use proptest::prelude::*;
use proptest::sample::select;

/// Texts that YAML is known to mistake, and any others.
fn text() -> impl Strategy<Value = String> {
    let traps = [
        "",
        "no",
        "on",
        "0755",
        "1e3",
        "2026-01-01",
        "null",
        "~",
        "true",
        "1",
        "-",
        "- a",
        "a: b",
        "#",
        " a",
        "a ",
        "a\n",
        "\n",
        "a\n\n",
        "a\r\nb",
        "  a\nb",
        "\ta\nb",
        "a\n \nb",
        "'",
        "\"",
        "\\",
        "{{v}}",
        "{{ v }}",
        "[",
        "---",
        "...",
        "--- a",
        "%TAG",
        "& a",
        "* b",
        "!x",
        "|",
        ">",
        "@",
        "`",
        "=",
        "<<",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "\u{0}",
        "é",
        "𝕏",
        "a #b",
        "a:",
        ":",
        "?",
        "{\n  \"a\": 1\n}",
        "a\n#b\n",
        "x\n---\ny",
        "\t",
        "a\tb",
        "0x1F",
        "12:30:45",
        "1_000",
    ];
    prop_oneof![
        select(traps.to_vec()).prop_map(ToOwned::to_owned),
        any::<String>(),
        "(?s).{0,12}",
        "[a-c :#\\-\n'\"{}]{0,16}"
    ]
}

fn label() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.trim().to_owned()).prop_filter("a label is not empty", |text| !text.is_empty())
}

prop_compose! {
    fn field()(name in text(), value in text(), disabled: bool, description in text()) -> Field {
        Field { name, value, disabled, description }
    }
}

prop_compose! {
    fn parameter()(field in field(), is_path: bool) -> Parameter {
        let place = if is_path { ParameterPlace::Path } else { ParameterPlace::Query };
        Parameter { place, name: field.name, value: field.value, disabled: field.disabled, description: field.description }
    }
}

prop_compose! {
    fn part()(name in text(), value in text(), file: bool, content_type in text(), disabled: bool) -> Part {
        Part { name, value, file, content_type, disabled }
    }
}

fn token() -> impl Strategy<Value = TokenAuth> {
    let identity = prop::option::of(label());
    let header = prop_oneof![
        select(vec!["Authorization", "dev-auth-token", "Bearer", "JWT", "", "no"]).prop_map(ToOwned::to_owned),
        "[!-~]{1,10}",
    ];
    let prefix = prop_oneof![select(vec!["", "Bearer", "JWT", "Token", "a b"]).prop_map(ToOwned::to_owned), text()];
    let send = (identity, any::<bool>(), header, prefix).prop_map(|(identity, is_id, header, prefix)| {
        TokenAuth::Send { identity, token: if is_id { TokenKind::Id } else { TokenKind::Access }, header, prefix }
    });
    prop_oneof![Just(TokenAuth::Inherit), Just(TokenAuth::None), send]
}

fn api_key() -> impl Strategy<Value = ApiKeyAuth> {
    let send = (text(), "[a-zA-Z_.-]{1,8}").prop_map(|(header, variable)| ApiKeyAuth::Send { header, variable });
    prop_oneof![Just(ApiKeyAuth::Inherit), Just(ApiKeyAuth::None), send]
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        Just(Body::None),
        text().prop_map(|text| Body::Json { text }),
        text().prop_map(|text| Body::Text { text }),
        text().prop_map(|text| Body::Xml { text }),
        prop::collection::vec(field(), 0..4).prop_map(|fields| Body::Form { fields }),
        prop::collection::vec(part(), 0..4).prop_map(|parts| Body::Multipart { parts }),
        (text(), text()).prop_map(|(path, content_type)| Body::File { path, content_type }),
    ]
}

prop_compose! {
    fn settings()(timeout: Option<u32>, follow_redirects: Option<bool>, max_redirects: Option<u32>) -> Settings {
        Settings { timeout, follow_redirects, max_redirects }
    }
}

prop_compose! {
    fn request()(
        name in label(),
        method in label(),
        url in text(),
        params in prop::collection::vec(parameter(), 0..4),
        headers in prop::collection::vec(field(), 0..4),
        auth in (token(), api_key()),
        body in body(),
        settings in settings(),
        docs in text(),
    ) -> Request {
        let auth = Auth { token: auth.0, api_key: auth.1 };
        Request { name, method, url, params, headers, auth, body, settings, docs }
    }
}

/// Keeps what a request could not tell apart from an API key: a header that consists of its variable.
fn tells_apart(request: &Request, others: &[&Request]) -> bool {
    let variables = others.iter().chain([&request]).filter_map(|request| match &request.auth.api_key {
        ApiKeyAuth::Send { variable, .. } => Some(format!("{{{{{variable}}}}}")),
        _ => None,
    });
    let variables: Vec<_> = variables.collect();
    !request.headers.iter().any(|header| variables.contains(&header.value.replace(' ', "")))
}

const FILE: &str = "# c1 the file

info:
  name: List # c2
  type: http
  seq: 2.5 # c3
  tags: [a, b] # c4

# c5
http:
  # c6
  method: GET
  url: https://x.test/pets?limit=1 # c7
  headers:
    # c8
    - name: Accept
      value: application/json # c9
    # c10

    # c11
    - name: x-trace
      value: '1' # c12
      description:
        content: why # c13
        type: text/markdown
  params:
    - name: limit
      value: '1'
      type: query # c14
  body:
    # c15
    type: json # c16
    data: |- # c17
      {
        \"a\": 1
      }
  auth:
    type: oauth2
    flow: authorization_code # c18
    authorizationUrl: https://pool.test/oauth2/authorize
    credentials:
      clientId: abc # c19
      clientSecret: '{{clientSecret}}'
    tokenConfig:
      # c20
      placement:
        header: dev-auth-token # c21
      source: id_token

runtime:
  scripts: # c22
    - type: tests
      code: |
        # no comment, code
        test()

settings:
  encodeUrl: true # c23
  timeout: inherit
  followRedirects: true # c24
x-unknown: [1, {two: 3}] # c25
# c26
";

/// The comments of `FILE` that a text has not.
fn lost_comments(text: &str) -> Vec<u32> {
    let is_there = |number: &u32| text.lines().any(|line| line.ends_with(&format!("# c{number}")));
    (2..=26).filter(|number| !is_there(number)).collect()
}

/// A change of one field of the request in `FILE` that takes nothing away.
#[derive(Debug, Clone)]
enum Change {
    Name(String),
    Method(String),
    Url(String),
    Docs(String),
    HeaderName(usize, String),
    HeaderValue(usize, String),
    NewHeader(usize, Field),
    SwapHeaders,
    ParameterValue(String),
    Json(String),
    Xml(String),
    Timeout(u32),
    NoRedirects,
    Identity(String),
    ApiKey(ApiKeyAuth),
}

impl Change {
    fn apply(self, request: &mut Request) {
        match self {
            Self::Name(text) => request.name = text,
            Self::Method(text) => request.method = text,
            Self::Url(text) => request.url = text,
            Self::Docs(text) => request.docs = text,
            Self::HeaderName(index, text) => request.headers[index].name = text,
            Self::HeaderValue(index, text) => request.headers[index].value = text,
            Self::NewHeader(index, field) => request.headers.insert(index, field),
            Self::SwapHeaders => request.headers.swap(0, 1),
            Self::ParameterValue(text) => request.params[0].value = text,
            Self::Json(text) => request.body = Body::Json { text },
            Self::Xml(text) => request.body = Body::Xml { text },
            Self::Timeout(number) => request.settings.timeout = Some(number),
            Self::NoRedirects => request.settings.follow_redirects = Some(false),
            Self::Identity(id) => {
                let (header, prefix) = ("x-token".to_owned(), String::new());
                request.auth.token = TokenAuth::Send { identity: Some(id), token: TokenKind::Access, header, prefix };
            }
            Self::ApiKey(key) => request.auth.api_key = key,
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let key = ApiKeyAuth::Send { header: "x-api-key".to_owned(), variable: "apiKey".to_owned() };
    prop_oneof![
        label().prop_map(Change::Name),
        label().prop_map(Change::Method),
        text().prop_map(Change::Url),
        text().prop_map(Change::Docs),
        (0usize..2, text()).prop_map(|(index, text)| Change::HeaderName(index, text)),
        (0usize..2, text()).prop_map(|(index, text)| Change::HeaderValue(index, text)),
        (0usize..3, field()).prop_map(|(index, field)| Change::NewHeader(index, field)),
        Just(Change::SwapHeaders),
        text().prop_map(Change::ParameterValue),
        text().prop_map(Change::Json),
        text().prop_map(Change::Xml),
        any::<u32>().prop_map(Change::Timeout),
        Just(Change::NoRedirects),
        label().prop_map(Change::Identity),
        select(vec![key, ApiKeyAuth::None]).prop_map(Change::ApiKey),
    ]
}

/// Each case writes files and flushes them, so there are fewer unless more are asked for.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(64), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_request_is_read_as_it_was_written_and_as_it_was_saved_over_another(first in request(), second in request()) {
        prop_assume!(tells_apart(&first, &[&second]) && tells_apart(&second, &[&first]));
        let fixture = Fixture::new();
        let path = fixture.collection.create_request("", &first, None).unwrap();
        let saved = fixture.collection.request(&path).unwrap();
        prop_assert_eq!(&saved.value, &first, "{}", fixture.text(&path));
        let read = check_text("request", &fixture.text(&path));
        prop_assert_eq!(read["http"]["url"].as_str(), Some(first.url.as_str()));
        prop_assert_eq!(read["info"]["name"].as_str(), Some(first.name.as_str()));

        let report = fixture.collection.save_request(&path, &second, Some(&saved.version), None).unwrap();
        let again = fixture.collection.request(&path).unwrap();
        prop_assert_eq!(&again.value, &second, "{}", fixture.text(&path));
        prop_assert_eq!(again.version, report.version);
        fixture.check_format();
    }

    #[test]
    fn a_change_of_one_field_keeps_every_comment_and_all_that_is_unknown(change in change()) {
        let fixture = Fixture::with(&[("List.yml", FILE)]);
        let saved = fixture.collection.request("List.yml").unwrap();
        let mut wanted = saved.value.clone();
        change.apply(&mut wanted);
        prop_assume!(tells_apart(&wanted, &[]));
        let report = fixture.collection.save_request("List.yml", &wanted, Some(&saved.version), None).unwrap();
        let after = fixture.text("List.yml");
        prop_assert_eq!(fixture.collection.request("List.yml").unwrap().value, wanted, "{}", after);
        prop_assert_eq!(lost_comments(&after), [0u32; 0], "{}", after);
        prop_assert!(after.starts_with("# c1 the file\n\ninfo:\n"));
        for unknown in [
            "  seq: 2.5 # c3\n", "  tags: [a, b] # c4\n", "clientSecret: '{{clientSecret}}'\n", "    flow: authorization_code # c18\n",
            "      code: |\n        # no comment, code\n        test()\n", "  encodeUrl: true # c23\n", "x-unknown: [1, {two: 3}] # c25\n",
        ] {
            prop_assert!(after.contains(unknown), "{unknown} is gone from\n{after}");
        }
        prop_assert!(!report.lost_comments);
    }

    #[test]
    fn defaults_are_read_as_they_were_saved(
        headers in prop::collection::vec(field(), 0..3),
        token in token(),
        api_key in api_key(),
        settings in settings(),
        docs in text(),
        is_folder: bool,
    ) {
        // A collection has nothing above it: what it does not say is none.
        let token = if !is_folder && token == TokenAuth::Inherit { TokenAuth::None } else { token };
        let api_key = if !is_folder && api_key == ApiKeyAuth::Inherit { ApiKeyAuth::None } else { api_key };
        let defaults = Defaults { headers, auth: Auth { token, api_key }, settings, docs };
        let stand_in = Request { headers: defaults.headers.clone(), auth: defaults.auth.clone(), ..Request::default() };
        prop_assume!(tells_apart(&stand_in, &[]));
        let fixture = Fixture::new();
        let path = if is_folder { fixture.collection.create_folder("", "orders").unwrap() } else { String::new() };
        fixture.collection.save_defaults(&path, &defaults, None).unwrap();
        let collection = fixture.collection.read();
        let read = match collection.items.first() {
            Some(Item::Folder { defaults, .. }) => &**defaults,
            _ => &collection.defaults,
        };
        prop_assert_eq!(read, &defaults);
        fixture.check_format();
    }

    #[test]
    fn an_environment_is_read_as_it_was_saved_without_the_values_of_secrets(
        name in label(),
        variables in prop::collection::vec((text(), text(), any::<bool>(), any::<bool>()), 0..5),
    ) {
        let variables: Vec<_> = variables
            .into_iter()
            .map(|(name, value, secret, disabled)| Variable { name, value, secret, disabled })
            .collect();
        let fixture = Fixture::new();
        let environment = Environment { name, variables };
        fixture.collection.save_environment(None, &environment).unwrap();
        let mut expected = environment.clone();
        for variable in expected.variables.iter_mut().filter(|variable| variable.secret) {
            variable.value.clear();
        }
        prop_assert_eq!(fixture.collection.read().environments, [expected]);
        fixture.check_format();
    }
}
