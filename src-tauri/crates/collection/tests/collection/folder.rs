//! The collection's own file, and its environments.

use gatepass_collection::model::*;
use gatepass_collection::{ArrangeError, CollectionFolder, OpenError};

use crate::common::Fixture;
use crate::environment;

fn secret(name: &str) -> Variable {
    Variable { name: name.to_owned(), secret: true, ..Variable::default() }
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
