use pretty::show;
use rstest::rstest;

use super::*;

mod pretty {
    /// Marks what cannot be seen.
    pub fn show(text: &str) -> String {
        text.replace('\r', "␍").replace('\u{feff}', "[BOM]")
    }
}

fn text(text: &str) -> Value {
    Value::text(text)
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Mapping(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

fn header(name: &str, value: &str) -> Value {
    map(&[("name", text(name)), ("value", text(value))])
}

fn list(items: &[Value]) -> Value {
    Value::Sequence(items.to_vec())
}

fn edit(before: &str, base: &Value, wanted: &Value) -> Edited {
    let document = Document::parse(before).unwrap();
    document.edit(base, wanted).unwrap().unwrap_or(Edited { text: before.to_owned(), lost_comments: false })
}

#[track_caller]
fn check(before: &str, base: &Value, wanted: &Value, after: &str) {
    let edited = edit(before, base, wanted);
    assert_eq!(show(&edited.text), show(after));
    assert!(!edited.lost_comments);
}

const FILE: &str = "# A file.

info:
  name: List # the label
  seq: 1
  odd: [kept, {as: is}]

http:
  method: GET
  # Where it goes.
  url: https://x.test/y
  headers:
    # the first
    - name: a
      value: b   # told
      odd: 1

    # the second
    - name: c
      value: d
  body:
    type: json
    data: |-
      {
        \"a\": 1
      }

settings:
  timeout: 5
# The end.
";

fn http(url: &str, headers: &[Value], data: &str) -> Value {
    map(&[(
        "http",
        map(&[
            ("url", text(url)),
            ("headers", list(headers)),
            ("body", map(&[("type", text("json")), ("data", text(data))])),
        ]),
    )])
}

const JSON: &str = "{\n  \"a\": 1\n}";

fn base() -> Value {
    http("https://x.test/y", &[header("a", "b"), header("c", "d")], JSON)
}

#[test]
fn nothing_is_written_where_nothing_changed() {
    let document = Document::parse(FILE).unwrap();
    assert_eq!(document.edit(&base(), &base()), Ok(None));
}

#[test]
fn a_scalar_is_replaced_in_its_place() {
    let wanted = http("{{base}}/y", &[header("a", "b"), header("c", "d")], JSON);
    check(FILE, &base(), &wanted, &FILE.replace("https://x.test/y", "'{{base}}/y'"));
}

#[test]
fn a_value_with_a_comment_behind_it_keeps_the_comment() {
    let wanted = http("https://x.test/y", &[header("a", "no"), header("c", "d")], JSON);
    check(FILE, &base(), &wanted, &FILE.replace("value: b   #", "value: 'no'   #"));
}

#[rstest]
#[case::double("a: \"{{x}}\" # c\n", "{{y}}", "a: \"{{y}}\" # c\n")]
#[case::double_with_escapes("a: \"{{x}}\"\n", "say \"\\\"", "a: \"say \\\"\\\\\\\"\"\n")]
#[case::single("a: '{{x}}'\n", "it's", "a: 'it''s'\n")]
#[case::single_cannot("a: '{{x}}'\n", "a\u{7}", "a: \"a\\u0007\"\n")]
fn a_value_keeps_its_quotes(#[case] before: &str, #[case] wanted: &str, #[case] after: &str) {
    check(before, &map(&[("a", text("{{x}}"))]), &map(&[("a", text(wanted))]), after);
}

#[test]
fn a_block_of_text_is_replaced_without_the_blank_line_below_it() {
    let wanted = http("https://x.test/y", &[header("a", "b"), header("c", "d")], "{\n  \"a\": 2,\n  \"b\": \"# x\"\n}");
    check(FILE, &base(), &wanted, &FILE.replace("        \"a\": 1\n", "        \"a\": 2,\n        \"b\": \"# x\"\n"));
}

#[test]
fn a_block_of_text_becomes_a_word_and_a_word_becomes_a_block() {
    let wanted = http("https://x.test/y", &[header("a", "one\ntwo\n"), header("c", "d")], "{}");
    let after = FILE
        .replace("data: |-\n      {\n        \"a\": 1\n      }\n", "data: '{}'\n")
        .replace("value: b   # told\n", "value: |   # told\n        one\n        two\n");
    check(FILE, &base(), &wanted, &after);
}

#[test]
fn a_new_item_goes_between_others_without_taking_their_comments() {
    let wanted = http("https://x.test/y", &[header("a", "b"), header("new", "{{v}}"), header("c", "d")], JSON);
    let after = FILE.replace("      odd: 1\n", "      odd: 1\n    - name: new\n      value: '{{v}}'\n");
    check(FILE, &base(), &wanted, &after);
}

#[test]
fn a_new_item_goes_to_the_front_and_to_the_end() {
    let wanted =
        http("https://x.test/y", &[header("new", "1x"), header("a", "b"), header("c", "d"), header("z", "z")], JSON);
    let after = FILE
        .replace("    # the first\n", "    - name: new\n      value: 1x\n    # the first\n")
        .replace("      value: d\n", "      value: d\n    - name: z\n      value: z\n");
    check(FILE, &base(), &wanted, &after);
}

#[test]
fn a_removed_item_takes_its_own_comments_and_nobody_elses() {
    let wanted = http("https://x.test/y", &[header("c", "d")], JSON);
    let after = FILE.replace("    # the first\n    - name: a\n      value: b   # told\n      odd: 1\n", "");
    check(FILE, &base(), &wanted, &after);
}

#[test]
fn a_moved_item_takes_its_comments_and_unknown_keys_along() {
    let wanted = http("https://x.test/y", &[header("c", "d"), header("a", "b")], JSON);
    let edited = edit(FILE, &base(), &wanted);
    let first = "    # the first\n    - name: a\n      value: b   # told\n      odd: 1\n";
    let second = "\n    # the second\n    - name: c\n      value: d\n";
    assert_eq!(edited.text, FILE.replace(&format!("{first}{second}"), &format!("{second}{first}")));
}

#[test]
fn a_renamed_item_keeps_what_is_unknown_of_it() {
    let wanted = http("https://x.test/y", &[header("a2", "b"), header("c", "d")], JSON);
    check(FILE, &base(), &wanted, &FILE.replace("- name: a\n", "- name: a2\n"));
}

#[test]
fn removed_keys_go_with_their_comment_and_others_stay() {
    let wanted = map(&[("http", map(&[("headers", list(&[header("a", "b"), header("c", "d")]))]))]);
    let after = FILE
        .replace("  # Where it goes.\n  url: https://x.test/y\n", "")
        .replace("  body:\n    type: json\n    data: |-\n      {\n        \"a\": 1\n      }\n", "");
    check(FILE, &base(), &wanted, &after);
}

#[test]
fn a_new_block_of_the_top_level_stands_apart_and_where_it_belongs() {
    let base = map(&[("info", map(&[])), ("http", map(&[]))]);
    let wanted = map(&[
        ("info", map(&[])),
        ("http", map(&[])),
        ("runtime", map(&[("variables", list(&[text("a"), text("b")]))])),
        ("docs", text("One.\n\nTwo.\n")),
    ]);
    let after = FILE.replace(
        "\nsettings:\n",
        "\nruntime:\n  variables:\n    - a\n    - b\n\ndocs: |\n  One.\n\n  Two.\n\nsettings:\n",
    );
    check(FILE, &base, &wanted, &after);
}

#[rstest]
#[case::comment_at_the_end("a: 1\n# end\n", "a: 1\n\nb: x\n# end\n")]
#[case::no_last_break("a: 1", "a: 1\n\nb: x\n")]
#[case::document_marks("---\na: 1\n...\n", "---\na: 1\n\nb: x\n...\n")]
#[case::comments_only("# nothing yet\n", "# nothing yet\nb: x\n")]
#[case::empty("", "b: x\n")]
#[case::flow("{a: 1}\n", "a: 1\nb: x\n")]
fn a_key_is_appended_to_any_file(#[case] before: &str, #[case] after: &str) {
    check(before, &map(&[]), &map(&[("b", text("x"))]), after);
}

#[rstest]
#[case::compact_dash("l:\n- name: a\n  v: 1\n- name: b\n")]
#[case::indented("l:\n    - name: a\n      v: 1\n    - name: b\n")]
#[case::own_line("l:\n  -\n    name: a\n    v: 1\n  - name: b\n")]
#[case::flow_inside("l:\n  - {name: a, v: 1}\n  - name: b\n")]
#[case::flow("l: [{name: a, v: 1}, {name: b}]\n")]
#[case::quoted_keys("\"l\":\n  - \"name\" : a\n    'v': 1\n  - name: b\n")]
#[case::anchor("l:\n  - &x\n    name: a\n    v: 1\n  - name: b\n")]
#[case::tag("l: !!seq\n  - !!map\n    name: a\n    v: 1\n  - name: b\n")]
#[case::explicit_key("? l\n: - name: a\n    v: 1\n  - name: b\n")]
fn items_are_edited_however_they_are_written(#[case] before: &str) {
    let name = |name: &str| map(&[("name", text(name))]);
    let base = map(&[("l", list(&[name("a"), name("b")]))]);
    let wanted = map(&[("l", list(&[name("a2"), name("n"), name("b")]))]);
    let edited = edit(before, &base, &wanted);
    let root = parse::parse(&edited.text).unwrap().unwrap();
    let one = map(&[("name", text("a2")), ("v", Value::Plain("1".to_owned()))]);
    assert_eq!(root.value(), Some(map(&[("l", list(&[one, name("n"), name("b")]))])), "{}", edited.text);
}

#[test]
fn an_alias_is_written_out_where_it_changes() {
    let before = "a: &x\n  k: 1x\nb: *x\n";
    let base = map(&[("b", map(&[("k", text("1x"))]))]);
    let wanted = map(&[("b", map(&[("k", text("2x"))]))]);
    check(before, &base, &wanted, "a: &x\n  k: 1x\nb:\n  k: 2x\n");
}

#[test]
fn an_anchor_is_not_changed_for_those_who_refer_to_it() {
    let before = "a: &x 1x # one\nb: *x\n";
    let edited = edit(before, &map(&[("a", text("1x"))]), &map(&[("a", text("2x"))]));
    let root = parse::parse(&edited.text).unwrap().unwrap();
    assert_eq!(root.value(), Some(map(&[("a", text("2x")), ("b", text("1x"))])));
}

#[test]
fn crlf_and_the_byte_order_mark_stay() {
    let before = format!("\u{feff}{}", FILE.replace('\n', "\r\n"));
    let wanted = http("https://x.test/z", &[header("a", "b")], "[\n]");
    let plain = edit(FILE, &base(), &wanted).text;
    check(&before, &base(), &wanted, &format!("\u{feff}{}", plain.replace('\n', "\r\n")));
}

#[test]
fn mixed_line_breaks_stay_as_they_are() {
    check("a: 1x\r\nb: 2\nc: 3\r\n", &map(&[("a", text("1x"))]), &map(&[("a", text("z"))]), "a: z\r\nb: 2\nc: 3\r\n");
}

#[test]
fn a_block_that_is_left_with_nothing_goes() {
    let base = map(&[("settings", map(&[("timeout", Value::number(5.0))]))]);
    let wanted = map(&[("settings", map(&[]))]);
    check(FILE, &base, &wanted, &FILE.replace("\nsettings:\n  timeout: 5\n", ""));
}

#[test]
fn structured_values_and_variants_are_edited_inside() {
    let before = "docs:\n  content: old\n  type: text/markdown\nbody:\n  - title: one\n    body: {type: text, data: a}\n  - title: two\n    selected: true # this\n    body:\n      type: text\n      data: b\n";
    let part = |docs: &str, data: &str| {
        map(&[("docs", text(docs)), ("body", map(&[("type", text("text")), ("data", text(data))]))])
    };
    let after = before.replace("content: old", "content: new").replace("data: b\n", "data: c\n");
    check(before, &part("old", "b"), &part("new", "c"), &after);
}

#[test]
fn a_part_that_only_another_file_knows_is_refused() {
    let document = Document::parse(FILE).unwrap();
    let wanted = map(&[("http", map(&[("auth", Value::Kept)]))]);
    assert_eq!(document.edit(&map(&[("http", map(&[]))]), &wanted), Err(EditError::UnknownPart));
}

#[test]
fn lost_comments_are_told() {
    let before = "l: [ # why\n  a ]\n";
    let edited = edit(before, &map(&[("l", list(&[text("a")]))]), &map(&[("l", list(&[text("b")]))]));
    assert_eq!(edited.text, "l:\n  - b\n");
    assert!(edited.lost_comments);
}
