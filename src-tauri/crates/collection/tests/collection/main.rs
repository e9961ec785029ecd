//! Whole collections on the disk: opening, reading, arranging, saving, and what others do to the files meanwhile.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod arranging;
mod auth;
#[path = "../common/mod.rs"]
mod common;
mod folder;
mod reading;
mod saving;

use common::Fixture;
use gatepass_collection::model::{Environment, Request, Variable};

fn request(name: &str) -> Request {
    Request { name: name.to_owned(), method: "GET".to_owned(), url: "https://x.test/".to_owned(), ..Request::default() }
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
