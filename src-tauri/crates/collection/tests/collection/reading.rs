//! What is read, also of files that are broken, foreign or hostile.

use camino::Utf8Path;
use gatepass_collection::model::*;
use gatepass_collection::{ArrangeError, ReadError, SaveError};

use crate::common::Fixture;
use crate::{request, three};

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
fn a_file_nested_without_end_is_broken_and_nothing_worse() {
    let fixture = Fixture::with(&[
        ("a.yml", &"[".repeat(100_000)),
        ("b.yml", &"- ".repeat(100_000)),
        ("c.yml", "info: {type: http}"),
    ]);
    assert_eq!(fixture.labels(), "!a.yml !b.yml c");
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
