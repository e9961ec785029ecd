//! Saving in place, and what others have done to the files meanwhile.

use gatepass_collection::model::*;
use gatepass_collection::{ArrangeError, ReadError, SaveError, Version};
use rstest::rstest;

use crate::common::Fixture;
use crate::{request, three};

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

#[test]
fn the_version_is_that_of_the_content() {
    let fixture = three();
    let saved = fixture.collection.request("a.yml").unwrap();
    assert_eq!(saved.version, Version::of(fixture.text("a.yml").as_bytes()));
    assert_eq!(Version::of(b"abc").as_str(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
