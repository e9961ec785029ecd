//! Moving, renaming, copying, deleting.

use gatepass_collection::ArrangeError;
use rstest::rstest;

use crate::common::Fixture;
use crate::{environment, request, three};

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
