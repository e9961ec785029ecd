//! What others do to the files is told, what Gatepass does is not.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use common::Fixture;
use gatepass_collection::Watch;
use gatepass_collection::model::{Environment, Request};

const LIMIT: Duration = Duration::from_secs(20);

fn watch(fixture: &Fixture) -> (Watch, Receiver<BTreeSet<String>>) {
    let (sender, receiver) = channel();
    let watch = Watch::start(&fixture.collection, move |items| {
        let _ = sender.send(items);
    });
    (watch.unwrap(), receiver)
}

/// Gathers what is told until an item is among it.
fn told_until(receiver: &Receiver<BTreeSet<String>>, item: &str) -> BTreeSet<String> {
    let until = Instant::now() + LIMIT;
    let mut told = BTreeSet::new();
    while !told.contains(item) {
        let left = until.saturating_duration_since(Instant::now());
        match receiver.recv_timeout(left) {
            Ok(items) => told.extend(items),
            Err(error) => panic!("{item} was not told, only {told:?}: {error}"),
        }
    }
    told
}

#[test]
fn outside_changes_are_told() {
    let fixture = Fixture::with(&[("a.yml", "info: {type: http}\n"), ("orders/b.yml", "info: {type: http}\n")]);
    let (_watch, receiver) = watch(&fixture);
    fixture.write("a.yml", "info: {type: http, name: new}\n");
    told_until(&receiver, "a.yml");
    fixture.write("orders/c.yml", "info: {type: http}\n");
    told_until(&receiver, "orders/c.yml");
    std::fs::remove_file(fixture.path("orders/b.yml")).unwrap();
    told_until(&receiver, "orders/b.yml");
    fixture.write("environments/dev.yml", "name: dev\n");
    told_until(&receiver, "environments/dev.yml");
}

#[test]
fn what_a_new_folder_brings_along_is_told() {
    let fixture = Fixture::new();
    let elsewhere = fixture.parent().join("elsewhere");
    std::fs::create_dir_all(elsewhere.join("deep")).unwrap();
    std::fs::write(elsewhere.join("deep/a.yml"), "info: {type: http}\n").unwrap();
    let (_watch, receiver) = watch(&fixture);
    std::fs::rename(&elsewhere, fixture.path("orders")).unwrap();
    let told = told_until(&receiver, "orders/deep/a.yml");
    assert!(told.contains("orders"), "{told:?}");
}

#[test]
fn own_writes_and_what_is_no_item_are_not_told() {
    let fixture = Fixture::with(&[("last.yml", "info: {type: http}\n")]);
    let (_watch, receiver) = watch(&fixture);
    let collection = &fixture.collection;
    let request = Request { name: "mine".to_owned(), url: "x".to_owned(), ..Request::default() };
    let path = collection.create_request("", &request, None).unwrap();
    collection.save_request(&path, &Request { url: "z".to_owned(), ..request.clone() }, None, None).unwrap();
    let path = collection.rename(&path, "still mine").unwrap();
    let folder = collection.create_folder("", "orders").unwrap();
    collection.move_item(&path, &folder, None).unwrap();
    collection.save_environment(None, &Environment { name: "dev".to_owned(), ..Environment::default() }).unwrap();
    let deleted = collection.delete(&folder).unwrap();
    collection.restore(&deleted).unwrap();
    fixture.write("notes.txt", "no item");
    fixture.write(".hidden.yml", "a: b\n");
    fixture.write("last.yml", "info: {type: http, name: outside}\n");
    assert_eq!(told_until(&receiver, "last.yml"), BTreeSet::from(["last.yml".to_owned()]));
}

#[test]
fn an_outside_change_of_what_was_just_saved_is_told() {
    let fixture = Fixture::new();
    let (_watch, receiver) = watch(&fixture);
    let request = Request { name: "mine".to_owned(), url: "x".to_owned(), ..Request::default() };
    let path = fixture.collection.create_request("", &request, None).unwrap();
    fixture.write(&path, &fixture.text(&path).replace("url: x", "url: theirs"));
    told_until(&receiver, &path);
    assert_eq!(fixture.collection.request(&path).unwrap().value.url, "theirs");
}
