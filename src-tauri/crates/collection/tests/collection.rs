//! Whole collections on the disk: opening, reading, arranging, saving, and what others do to the files meanwhile.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use camino::Utf8Path;
use common::Fixture;
use gatepass_collection::model::*;
use gatepass_collection::{ArrangeError, CollectionFolder, Flow, OpenError, PoolFacts, ReadError, SaveError, Version};
use rstest::rstest;

fn request(name: &str) -> Request {
    Request { name: name.to_owned(), method: "GET".to_owned(), url: "https://x.test/".to_owned(), ..Request::default() }
}

fn secret(name: &str) -> Variable {
    Variable { name: name.to_owned(), secret: true, ..Variable::default() }
}

fn environment(name: &str, variables: Vec<Variable>) -> Environment {
    Environment { name: name.to_owned(), variables }
}

fn three() -> Fixture {
    let fixture = Fixture::new();
    for name in ["a", "b", "c"] {
        fixture.collection.create_request("", &request(name), None).unwrap();
    }
    fixture
}

#[test]
fn a_new_collection_is_written_in_the_canonical_form_and_opens() {
    let fixture = Fixture::new();
    let id = fixture.collection.read().id;
    let text = format!("opencollection: 1.0.0\n\ninfo:\n  name: Pets\n\nextensions:\n  gatepass:\n    id: {id}\n");
    assert_eq!(fixture.text("opencollection.yml"), text);
    assert_eq!(fixture.text(".gitignore"), ".env\n");
    assert_eq!(fixture.collection.ensure_id().unwrap(), id);
    fixture.check_format();
    let read = CollectionFolder::open(fixture.collection.root()).unwrap().read();
    assert_eq!((read.name.as_str(), read.problems), ("Pets", Vec::new()));
}

#[test]
fn a_folder_without_the_root_file_is_refused_and_an_existing_one_is_not_made_again() {
    let fixture = Fixture::new();
    let refused = CollectionFolder::open(fixture.parent()).unwrap_err();
    assert!(matches!(refused, OpenError::NotACollection { .. }), "{refused}");
    let gone = CollectionFolder::open(&fixture.parent().join("gone")).unwrap_err();
    assert!(matches!(gone, OpenError::Folder { .. }), "{gone}");
    let again = CollectionFolder::create(fixture.parent(), "Pets").unwrap_err();
    assert!(matches!(again, OpenError::Exists { .. }), "{again}");
}

#[test]
fn an_id_is_only_written_when_it_is_needed_and_then_keeps() {
    let fixture = Fixture::with(&[("opencollection.yml", "# mine\nopencollection: 1.0.0\ninfo:\n  name: Old\n")]);
    assert_eq!(fixture.collection.read().id, "");
    let id = fixture.collection.ensure_id().unwrap();
    assert_eq!(fixture.collection.ensure_id().unwrap(), id);
    let before = "# mine\nopencollection: 1.0.0\ninfo:\n  name: Old\n";
    assert_eq!(fixture.text("opencollection.yml"), format!("{before}\nextensions:\n  gatepass:\n    id: {id}\n"));
}

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
fn foreign_blocks_are_kept_word_for_word_and_told_by_their_type() {
    let text = "info:\n  name: a\n  type: http\nhttp:\n  method: POST\n  url: x\n  body:\n    type: sparql\n    data: 'SELECT  *' # q\n  auth: {type: digest, username: u} # d\n";
    let fixture = Fixture::with(&[("a.yml", text)]);
    let saved = fixture.collection.request("a.yml").unwrap();
    assert_eq!(saved.value.auth.token, TokenAuth::Foreign { auth_type: "digest".to_owned() });
    assert_eq!(saved.value.body, Body::Foreign { body_type: "sparql".to_owned() });
    let wanted = Request { url: "y".to_owned(), ..saved.value.clone() };
    fixture.collection.save_request("a.yml", &wanted, Some(&saved.version), None).unwrap();
    assert_eq!(fixture.text("a.yml"), text.replace("url: x", "url: 'y'"));
    let refused = fixture.collection.create_request("", &wanted, None).unwrap_err();
    assert!(matches!(refused, ArrangeError::Save(SaveError::ForeignPart { .. })), "{refused}");
}

#[test]
fn parts_of_a_form_are_read_however_their_files_are_written() {
    let text = "info: {type: http}
http:
  body:
    type: multipart-form
    data:
      - name: one
        type: file
        value: a.png # a path alone
      - name: two
        type: file
        value:
          - b.png # a list
      - name: three
        type: file
        value: []
      - name: four
        type: text
        value: c
";
    let fixture = Fixture::with(&[("a.yml", text)]);
    let saved = fixture.collection.request("a.yml").unwrap();
    let Body::Multipart { parts } = &saved.value.body else { panic!("{:?}", saved.value.body) };
    let read: Vec<_> = parts.iter().map(|part| (part.name.as_str(), part.value.as_str(), part.file)).collect();
    assert_eq!(read, [("one", "a.png", true), ("two", "b.png", true), ("three", "", true), ("four", "c", false)]);
    let mut wanted = saved.value.clone();
    if let Body::Multipart { parts } = &mut wanted.body {
        parts[1].value = "d.png".to_owned();
        parts[2].value = "e.png".to_owned();
    }
    fixture.collection.save_request("a.yml", &wanted, None, None).unwrap();
    let after = text.replace("b.png", "d.png").replace("value: []\n", "value:\n          - e.png\n");
    assert_eq!(fixture.text("a.yml"), after);
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

#[test]
fn a_broken_file_is_told_with_its_place_and_the_rest_opens() {
    let fixture = Fixture::with(&[
        ("good.yml", "info:\n  name: Good\n  type: http\n"),
        ("bad.yml", "info:\n  name: [a\n  type: http\n"),
        ("twice.yml", "info:\n  name: a\n  name: b\n"),
        ("shape.yml", "info:\n  type: http\nhttp:\n  headers: many\n"),
        ("orders/folder.yml", "info: [\n"),
        ("orders/in.yml", "info:\n  name: In\n  type: http\n"),
        ("environments/dev.yml", "name: {\n"),
        ("graph.yml", "info:\n  name: Graph\n  type: graphql\n"),
        ("compose.yml", "services: {}\n"),
    ]);
    let read = fixture.collection.read();
    assert_eq!(fixture.labels(), "orders[In] !bad.yml Good Graph !shape.yml !twice.yml");
    let mut places: Vec<_> = read
        .problems
        .iter()
        .map(|problem| (problem.path.as_str(), problem.line.unwrap(), problem.column.unwrap()))
        .collect();
    places.sort_unstable();
    let expected = [
        ("bad.yml", 3, 7),
        ("environments/dev.yml", 1, 7),
        ("orders/folder.yml", 1, 7),
        ("shape.yml", 4, 12),
        ("twice.yml", 3, 3),
    ];
    assert_eq!(places, expected, "{:?}", read.problems);
    let error = fixture.collection.request("twice.yml").unwrap_err();
    assert_eq!(
        error.to_string(),
        "twice.yml, line 3, column 3, cannot be read: the key \"name\" stands here a second time; mend it in a text editor"
    );
    assert!(matches!(fixture.collection.request("graph.yml"), Err(ReadError::NotARequest { .. })));
}

#[test]
fn a_broken_root_file_leaves_the_requests_readable() {
    let fixture = three();
    fixture.write("opencollection.yml", "info: [\n");
    let read = fixture.collection.read();
    assert_eq!(fixture.labels(), "a b c");
    assert_eq!(read.problems.len(), 1);
    assert_eq!(fixture.collection.request("a.yml").unwrap().value.name, "a");
}

#[test]
fn an_alias_bomb_is_read_without_growing_and_refused_as_a_value() {
    let mut lines = vec!["info: {type: http}".to_owned(), "x0: &x0 [1, 2, 3, 4, 5, 6, 7, 8, 9]".to_owned()];
    for level in 1..12 {
        let below = format!("*x{}", level - 1);
        lines.push(format!("x{level}: &x{level} [{}]", [below.as_str(); 9].join(", ")));
    }
    let text = lines.join("\n");
    let fixture = Fixture::with(&[("bomb.yml", &text)]);
    let saved = fixture.collection.request("bomb.yml").unwrap();
    let wanted = Request { url: "https://x.test".to_owned(), ..saved.value };
    let refused = fixture.collection.save_request("bomb.yml", &wanted, None, None).unwrap_err();
    assert!(matches!(refused, SaveError::Unfaithful { .. }), "{refused}");
    assert_eq!(fixture.text("bomb.yml"), text);
}

#[test]
fn a_save_over_an_outside_change_is_refused_unless_it_is_meant() {
    let fixture = three();
    let saved = fixture.collection.request("a.yml").unwrap();
    let outside = fixture.text("a.yml").replace("https://x.test/", "https://other.test/");
    fixture.write("a.yml", &outside);
    let wanted = Request { method: "PUT".to_owned(), ..saved.value.clone() };
    let refused = fixture.collection.save_request("a.yml", &wanted, Some(&saved.version), None).unwrap_err();
    assert!(matches!(refused, SaveError::Conflict { .. }), "{refused}");
    assert_eq!(fixture.text("a.yml"), outside);
    fixture.collection.save_request("a.yml", &wanted, None, None).unwrap();
    assert_eq!(fixture.collection.request("a.yml").unwrap().value, wanted);
}

#[test]
fn a_file_that_is_gone_is_told_and_can_be_saved_again() {
    let fixture = three();
    let saved = fixture.collection.request("a.yml").unwrap();
    std::fs::remove_file(fixture.path("a.yml")).unwrap();
    let refused = fixture.collection.save_request("a.yml", &saved.value, Some(&saved.version), None).unwrap_err();
    assert!(matches!(refused, SaveError::Read(ReadError::Missing { .. })), "{refused}");
    fixture.collection.save_request("a.yml", &saved.value, None, None).unwrap();
    assert_eq!(fixture.collection.request("a.yml").unwrap().value, saved.value);
}

#[test]
fn nothing_is_written_where_nothing_changed() {
    let fixture = Fixture::with(&[("a.yml", "info: {name: a, type: http} # flow\nhttp: {method: GET, url: x}\n")]);
    let saved = fixture.collection.request("a.yml").unwrap();
    let before = std::fs::metadata(fixture.path("a.yml")).unwrap().modified().unwrap();
    let report = fixture.collection.save_request("a.yml", &saved.value, Some(&saved.version), None).unwrap();
    assert!(!report.is_written);
    assert_eq!(report.version, saved.version);
    assert_eq!(std::fs::metadata(fixture.path("a.yml")).unwrap().modified().unwrap(), before);
}

#[rstest]
#[case::to_the_front("c.yml", Some("a.yml"), "c a b")]
#[case::between("c.yml", Some("b.yml"), "a c b")]
#[case::to_the_end("a.yml", None, "b c a")]
#[case::where_it_is("b.yml", Some("c.yml"), "a b c")]
fn an_item_moves_among_its_siblings(#[case] item: &str, #[case] before: Option<&str>, #[case] order: &str) {
    let fixture = three();
    assert_eq!(fixture.collection.move_item(item, "", before).unwrap(), item);
    assert_eq!(fixture.labels(), order);
    fixture.check_format();
}

#[test]
fn a_move_between_two_writes_one_file() {
    let fixture = three();
    let others = [fixture.text("a.yml"), fixture.text("b.yml")];
    fixture.collection.move_item("c.yml", "", Some("b.yml")).unwrap();
    assert!(fixture.text("c.yml").contains("seq: 1.5\n"));
    assert_eq!([fixture.text("a.yml"), fixture.text("b.yml")], others);
}

#[test]
fn files_without_a_number_keep_their_order_when_one_moves_among_them() {
    let file = |name: &str| format!("info:\n  name: {name}\n  type: http\n");
    let fixture =
        Fixture::with(&[("a.yml", &file("a")), ("b.yml", &file("b")), ("c.yml", &file("c")), ("x.yml", "a: [")]);
    fixture.collection.move_item("a.yml", "", Some("c.yml")).unwrap();
    assert_eq!(fixture.labels(), "b a c !x.yml");
}

#[test]
fn an_item_moves_into_a_folder_and_a_taken_name_is_not_overwritten() {
    let fixture = three();
    let folder = fixture.collection.create_folder("", "orders").unwrap();
    fixture.collection.create_request(&folder, &request("A"), None).unwrap();
    let moved = fixture.collection.move_item("a.yml", &folder, Some("orders/A.yml")).unwrap();
    assert_eq!(moved, "orders/a 2.yml");
    assert_eq!(fixture.labels(), "orders[a A] b c");
    fixture.check_format();
}

#[test]
fn a_folder_moves_with_all_that_is_in_it_but_not_into_itself() {
    let fixture = Fixture::new();
    let outer = fixture.collection.create_folder("", "outer").unwrap();
    let inner = fixture.collection.create_folder(&outer, "inner").unwrap();
    fixture.collection.create_request(&inner, &request("a"), None).unwrap();
    let refused = fixture.collection.move_item(&outer, &inner, None).unwrap_err();
    assert!(matches!(refused, ArrangeError::IntoItself { .. }), "{refused}");
    assert_eq!(fixture.collection.move_item(&inner, "", Some(&outer)).unwrap(), "inner");
    assert_eq!(fixture.labels(), "inner[a] outer[]");
}

#[test]
fn renaming_changes_label_and_file_and_keeps_the_rest() {
    let file = "info:\n  name: list # l\n  type: http # t\nhttp: {url: x}\n";
    let fixture = Fixture::with(&[("list.yml", file)]);
    assert_eq!(fixture.collection.rename("list.yml", "GET /pets").unwrap(), "GET -pets.yml");
    assert_eq!(fixture.text("GET -pets.yml"), file.replace("list", "GET /pets"));
    assert!(!fixture.path("list.yml").exists());
    assert_eq!(fixture.collection.rename("GET -pets.yml", "get /pets").unwrap(), "get -pets.yml");
    let folder = fixture.collection.create_folder("", "orders").unwrap();
    assert_eq!(fixture.collection.rename(&folder, "Orders!").unwrap(), "Orders!");
    assert_eq!(fixture.collection.rename("", "Zoo").unwrap(), "");
    assert_eq!(fixture.collection.read().name, "Zoo");
    assert!(matches!(fixture.collection.rename("get -pets.yml", "  "), Err(ArrangeError::NoName)));
    fixture.check_format();
}

#[test]
fn a_rename_does_not_overwrite_a_file_that_differs_in_case_only() {
    let fixture = three();
    fixture.write("B.yml", &fixture.text("b.yml").replace("https://x.test/", "https://mine.test/"));
    if fixture.text("b.yml") == fixture.text("B.yml") {
        return; // The file system knows no case, so there is one file only.
    }
    let refused = fixture.collection.rename("b.yml", "B").unwrap_err();
    assert!(matches!(refused, ArrangeError::Exists { .. }), "{refused}");
    assert!(fixture.text("B.yml").contains("mine.test"));
}

#[rstest]
#[case("opencollection.yml")]
#[case("environments")]
#[case("environments/dev.yml")]
#[case("orders/folder.yml")]
fn files_that_are_no_items_are_not_arranged(#[case] path: &str) {
    let fixture = three();
    let collection = &fixture.collection;
    collection.create_folder("", "orders").unwrap();
    collection.save_environment(None, &environment("dev", vec![])).unwrap();
    assert!(matches!(collection.rename(path, "x"), Err(ArrangeError::Path(_))));
    assert!(matches!(collection.move_item(path, "", None), Err(ArrangeError::Path(_))));
    assert!(matches!(collection.duplicate(path), Err(ArrangeError::Path(_))));
    assert!(matches!(collection.delete(path), Err(ArrangeError::Path(_))));
    assert!(fixture.path(path).exists());
}

#[test]
fn a_file_nested_without_end_is_broken_and_nothing_worse() {
    let fixture = Fixture::with(&[
        ("a.yml", &"[".repeat(100_000)),
        ("b.yml", &"- ".repeat(100_000)),
        ("c.yml", "info: {type: http}"),
    ]);
    assert_eq!(fixture.labels(), "!a.yml !b.yml c");
}

#[test]
fn reserved_names_stay_free() {
    let fixture = Fixture::new();
    assert_eq!(fixture.collection.create_request("", &request("folder"), None).unwrap(), "folder 2.yml");
    assert_eq!(
        fixture.collection.create_request("", &request("OpenCollection"), None).unwrap(),
        "OpenCollection 2.yml"
    );
    assert_eq!(fixture.collection.create_folder("", "Environments").unwrap(), "Environments 2");
    assert_eq!(fixture.collection.create_request("", &request("../../x"), None).unwrap(), "x.yml");
}

#[test]
fn a_copy_stands_behind_its_original_with_all_that_is_in_the_file() {
    let fixture = three();
    fixture.write("b.yml", &fixture.text("b.yml").replace("GET", "GET # mine"));
    assert_eq!(fixture.collection.duplicate("b.yml").unwrap(), "b copy.yml");
    assert_eq!(fixture.collection.duplicate("b.yml").unwrap(), "b copy 2.yml");
    assert_eq!(fixture.labels(), "a b b copy 2 b copy c");
    assert!(fixture.text("b copy.yml").contains("GET # mine"));
    let folder = fixture.collection.create_folder("", "orders").unwrap();
    fixture.collection.create_request(&folder, &request("x"), None).unwrap();
    assert_eq!(fixture.collection.duplicate(&folder).unwrap(), "orders copy");
    assert_eq!(fixture.labels(), "orders[x] orders copy[x] a b b copy 2 b copy c");
    fixture.check_format();
}

#[test]
fn what_was_deleted_can_be_restored_byte_for_byte() {
    let fixture = three();
    let folder = fixture.collection.create_folder("", "orders").unwrap();
    fixture.collection.create_request(&folder, &request("x"), None).unwrap();
    fixture.write("orders/data.bin", "any\0thing");
    let before = fixture.collection.read();
    let one = fixture.collection.delete("a.yml").unwrap();
    let two = fixture.collection.delete(&folder).unwrap();
    assert_eq!(fixture.labels(), "b c");
    assert_eq!(fixture.collection.restore(&one).unwrap(), "a.yml");
    assert_eq!(fixture.collection.restore(&two).unwrap(), "orders");
    assert_eq!(fixture.collection.read(), before);
    assert_eq!(fixture.text("orders/data.bin"), "any\0thing");
    assert_eq!(fixture.collection.restore(&one).unwrap(), "a 2.yml");
}

#[test]
fn environments_are_made_renamed_and_deleted() {
    let fixture = Fixture::new();
    let plain = Variable { name: "base".to_owned(), value: "https://x.test".to_owned(), ..Variable::default() };
    let dev = environment("dev", vec![plain.clone(), secret("apiKey")]);
    fixture.collection.save_environment(None, &dev).unwrap();
    let text = "name: dev\nvariables:\n  - name: base\n    value: https://x.test\n  - secret: true\n    name: apiKey\n";
    assert_eq!(fixture.text("environments/dev.yml").replace("\n\n", "\n"), text);
    let taken = fixture.collection.save_environment(None, &dev).unwrap_err();
    assert!(matches!(taken, ArrangeError::Exists { .. }), "{taken}");
    let prod = environment("prod/eu", vec![secret("base"), secret("apiKey")]);
    fixture.collection.save_environment(Some("dev"), &prod).unwrap();
    assert!(fixture.path("environments/prod-eu.yml").exists() && !fixture.path("environments/dev.yml").exists());
    assert!(!fixture.text("environments/prod-eu.yml").contains("https://x.test"), "a secret has no value in the file");
    fixture.check_format();
    let deleted = fixture.collection.delete_environment("prod/eu").unwrap();
    assert_eq!(fixture.collection.read().environments, []);
    fixture.collection.restore(&deleted).unwrap();
    assert_eq!(fixture.collection.read().environments, [prod]);
}

#[rstest]
#[case("../outside.yml")]
#[case("/etc/passwd")]
#[case(".git/config")]
#[case("orders/../../outside.yml")]
fn no_operation_leaves_the_collection(#[case] path: &str) {
    let fixture = three();
    let collection = &fixture.collection;
    assert!(matches!(collection.request(path), Err(ReadError::Path(_))));
    assert!(matches!(
        collection.save_request(path, &request("x"), None, None),
        Err(SaveError::Read(ReadError::Path(_)))
    ));
    assert!(matches!(collection.create_request(path, &request("x"), None), Err(ArrangeError::Path(_))));
    assert!(matches!(collection.create_folder(path, "x"), Err(ArrangeError::Path(_))));
    assert!(matches!(collection.rename(path, "x"), Err(ArrangeError::Path(_))));
    assert!(matches!(collection.move_item(path, "", None), Err(ArrangeError::Path(_))));
    assert!(matches!(collection.move_item("a.yml", path, None), Err(ArrangeError::Path(_))));
    assert!(matches!(collection.duplicate(path), Err(ArrangeError::Path(_))));
    assert!(matches!(collection.delete(path), Err(ArrangeError::Path(_))));
    assert!(collection.save_defaults(path, &Defaults::default(), None).is_err());
}

#[cfg(unix)]
#[test]
fn links_out_of_the_collection_are_not_followed() {
    let fixture = three();
    let outside = tempfile::tempdir().unwrap();
    let outside = Utf8Path::from_path(outside.path()).unwrap();
    std::fs::write(outside.join("x.yml"), "info: {name: X, type: http}\n").unwrap();
    std::os::unix::fs::symlink(outside, fixture.path("linked")).unwrap();
    std::os::unix::fs::symlink(outside.join("x.yml"), fixture.path("x.yml")).unwrap();
    assert_eq!(fixture.labels(), "a b c");
    assert!(matches!(fixture.collection.request("x.yml"), Err(ReadError::Path(_))));
    assert!(fixture.collection.save_request("linked/x.yml", &request("x"), None, None).is_err());
    assert_eq!(std::fs::read_to_string(outside.join("x.yml")).unwrap(), "info: {name: X, type: http}\n");
}

#[test]
fn a_file_that_is_no_text_is_told_and_not_touched() {
    let fixture = three();
    std::fs::write(fixture.path("a.yml"), b"info:\n  name: \xff\n").unwrap();
    let Err(ReadError::Broken(problem)) = fixture.collection.request("a.yml") else { panic!("it is broken") };
    assert_eq!((problem.line, problem.message.as_str()), (Some(2), "the file is not UTF-8 text"));
}

#[test]
fn the_version_is_that_of_the_content() {
    let fixture = three();
    let saved = fixture.collection.request("a.yml").unwrap();
    assert_eq!(saved.version, Version::of(fixture.text("a.yml").as_bytes()));
    assert_eq!(Version::of(b"abc").as_str(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
