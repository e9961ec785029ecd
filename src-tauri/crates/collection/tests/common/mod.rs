//! What the tests of whole collections share.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use gatepass_collection::CollectionFolder;
use serde_json::{Value, json};

/// A new collection in a folder that goes with the test.
pub struct Fixture {
    guard: tempfile::TempDir,
    pub collection: CollectionFolder,
}

impl Fixture {
    pub fn new() -> Self {
        let guard = tempfile::tempdir().unwrap();
        let parent = Utf8Path::from_path(guard.path()).unwrap();
        let collection = CollectionFolder::create(parent, "Pets").unwrap();
        Self { guard, collection }
    }

    /// A collection that consists of these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let fixture = Self::new();
        for (path, text) in files {
            fixture.write(path, text);
        }
        fixture
    }

    pub fn path(&self, item: &str) -> Utf8PathBuf {
        self.collection.root().join(item)
    }

    pub fn write(&self, item: &str, text: &str) {
        std::fs::create_dir_all(self.path(item).parent().unwrap()).unwrap();
        std::fs::write(self.path(item), text).unwrap();
    }

    pub fn text(&self, item: &str) -> String {
        std::fs::read_to_string(self.path(item)).unwrap()
    }

    pub fn parent(&self) -> &Utf8Path {
        Utf8Path::from_path(self.guard.path()).unwrap()
    }

    /// The labels of the items, folders with what is in them.
    pub fn labels(&self) -> String {
        labels(&self.collection.read().items)
    }

    /// Checks every file of the collection against the format.
    #[track_caller]
    pub fn check_format(&self) {
        check_folder(self.collection.root(), self.collection.root());
    }
}

fn labels(items: &[gatepass_collection::model::Item]) -> String {
    use gatepass_collection::model::Item;
    let label = |item: &Item| match item {
        Item::Folder { name, items, .. } => format!("{name}[{}]", labels(items)),
        Item::Broken { name, .. } => format!("!{name}"),
        item => item.name().to_owned(),
    };
    items.iter().map(label).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check_folder(root: &Utf8Path, folder: &Utf8Path) {
    for entry in folder.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        if path.is_dir() {
            check_folder(root, path);
        } else if path.extension() == Some("yml") {
            let kind = match (path.file_name().unwrap(), path.strip_prefix(root).unwrap().parent().unwrap().as_str()) {
                ("opencollection.yml", "") => "collection",
                ("folder.yml", _) => "folder",
                (_, "environments") => "environment",
                _ => "request",
            };
            check_text(kind, &std::fs::read_to_string(path).unwrap());
        }
    }
}

/// Checks a text against the schema of one kind of file; gives what an independent reader makes of it.
#[track_caller]
pub fn check_text(kind: &str, text: &str) -> Value {
    let value: Value = serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let errors: Vec<_> = validator(kind).iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    value
}

fn validator(kind: &str) -> &'static jsonschema::Validator {
    static VALIDATORS: OnceLock<Vec<(&str, jsonschema::Validator)>> = OnceLock::new();
    let validators = VALIDATORS.get_or_init(|| {
        let schema: Value = serde_json::from_str(include_str!("../schema/opencollection-1.0.0.json")).unwrap();
        let of = |kind: &'static str| {
            let mut schema = schema.clone();
            schema["$ref"] = json!(format!("#/$defs/{kind}"));
            (kind, jsonschema::validator_for(&schema).unwrap())
        };
        ["collection", "folder", "request", "environment"].map(of).into()
    });
    &validators.iter().find(|(name, _)| *name == kind).unwrap().1
}
