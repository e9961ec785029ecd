//! The whole collection, read at once.

use std::cmp::Ordering;
use std::collections::HashSet;

use camino::Utf8Path;

use super::file::{broken, defaults_file, load_at};
use super::save::is_http;
use super::{COLLECTION_FILE, CollectionFolder, ENVIRONMENTS, FOLDER_FILE};
use crate::errors::ReadError;
use crate::model::{ApiKeyAuth, Collection, Defaults, FileProblem, Item};
use crate::path;
use crate::stored::defaults::Extension;
use crate::stored::{Surroundings, request};
use crate::yaml::node::Node;

/// How deep folders are followed.
const DEPTH_LIMIT: usize = 32;

/// What lies in a folder of the disk.
pub struct Entry {
    pub name: String,
    pub is_folder: bool,
}

/// An item with what it is sorted by.
struct Placed {
    item: Item,
    sequence: Option<f64>,
}

impl CollectionFolder {
    /// Reads the whole collection; a file that cannot be read becomes a broken item and a problem.
    pub fn read(&self) -> Collection {
        let mut problems = Vec::new();
        let extension = self.extension().unwrap_or_else(|error| {
            problems.push(problem(COLLECTION_FILE, error));
            Extension::default()
        });
        let (environments, unreadable) = self.read_environments();
        problems.extend(unreadable);
        let mut secrets: HashSet<String> = extension.secrets.iter().cloned().collect();
        let declared = environments.iter().flat_map(|environment| &environment.variables);
        secrets.extend(declared.filter(|variable| variable.secret).map(|variable| variable.name.clone()));
        let mut around = Surroundings { secrets, key_headers: Vec::new() };
        let (name, defaults) = match self.stored_defaults("", &around) {
            Ok((_, stored)) => (stored.name, stored.defaults),
            Err(error) => {
                if problems.first().is_none_or(|first| first.path != COLLECTION_FILE) {
                    problems.push(problem(COLLECTION_FILE, error));
                }
                (self.root.file_name().unwrap_or_default().to_owned(), Defaults::default())
            }
        };
        let items = self.read_below("", &defaults, &mut around, &mut problems, 0);
        Collection {
            id: extension.id,
            name,
            root: self.root.to_string(),
            defaults,
            items,
            environments,
            secrets: extension.secrets,
            problems,
        }
    }

    /// Lists what lies in a folder, without what is hidden, linked out of the collection, or no item.
    pub(super) fn entries(&self, folder: &str) -> Vec<Entry> {
        let Ok(absolute) = self.absolute(folder) else { return Vec::new() };
        let Ok(entries) = absolute.read_dir_utf8() else { return Vec::new() };
        entries
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().to_owned();
                let kind = entry.file_type().ok()?;
                let is_file = kind.is_file()
                    || (kind.is_symlink()
                        && self.absolute(&path::join(folder, &name)).is_ok_and(|target| target.is_file()));
                let is_special = match folder {
                    "" => name == COLLECTION_FILE || name == ENVIRONMENTS || name == "node_modules",
                    _ => name == FOLDER_FILE,
                };
                let is_item = !name.starts_with('.')
                    && !is_special
                    && !name.chars().any(char::is_control)
                    && (kind.is_dir() || (is_file && path::is_yaml(&name)));
                is_item.then(|| Entry { name, is_folder: kind.is_dir() })
            })
            .collect()
    }

    fn read_inside(
        &self,
        folder: &str,
        around: &mut Surroundings,
        problems: &mut Vec<FileProblem>,
        depth: usize,
    ) -> Vec<Item> {
        let mut placed = Vec::new();
        for entry in self.entries(folder) {
            let item = path::join(folder, &entry.name);
            if entry.is_folder {
                if depth < DEPTH_LIMIT {
                    placed.push(self.read_folder(item, around, problems, depth + 1));
                }
            } else if let Some(read) = self.read_file(item, around, problems) {
                placed.push(read);
            }
        }
        placed.sort_by(order);
        placed.into_iter().map(|placed| placed.item).collect()
    }

    fn read_below(
        &self,
        folder: &str,
        defaults: &Defaults,
        around: &mut Surroundings,
        problems: &mut Vec<FileProblem>,
        depth: usize,
    ) -> Vec<Item> {
        let ApiKeyAuth::Send { header, .. } = &defaults.auth.api_key else {
            return self.read_inside(folder, around, problems, depth);
        };
        around.key_headers.push(header.clone());
        let items = self.read_inside(folder, around, problems, depth);
        around.key_headers.pop();
        items
    }

    fn read_folder(
        &self,
        item: String,
        around: &mut Surroundings,
        problems: &mut Vec<FileProblem>,
        depth: usize,
    ) -> Placed {
        let (name, defaults, sequence) = match self.stored_defaults(&item, around) {
            Ok((loaded, stored)) => {
                let sequence = loaded.and_then(|loaded| loaded.document.root().and_then(sequence));
                (stored.name, stored.defaults, sequence)
            }
            Err(error) => {
                problems.push(problem(&defaults_file(&item), error));
                (path::name(&item).to_owned(), Defaults::default(), None)
            }
        };
        let items = self.read_below(&item, &defaults, around, problems, depth);
        Placed { item: Item::Folder { path: item, name, defaults: Box::new(defaults), items }, sequence }
    }

    fn read_file(&self, item: String, around: &Surroundings, problems: &mut Vec<FileProblem>) -> Option<Placed> {
        let read =
            self.absolute(&item).map_err(ReadError::from).and_then(|absolute| read_item(&absolute, &item, around));
        match read {
            Ok(placed) => placed,
            // Gone between the listing and the reading.
            Err(ReadError::Missing { .. }) => None,
            Err(error) => {
                problems.push(problem(&item, error));
                let name = path::name(&item).to_owned();
                Some(Placed { item: Item::Broken { path: item, name }, sequence: None })
            }
        }
    }
}

/// The number that an item is sorted by.
pub fn sequence(root: &Node) -> Option<f64> {
    root.at(&["info", "seq"]).and_then(Node::number)
}

/// The kind that an item names itself, unless it is no item at all.
pub fn kind(root: &Node) -> Option<&str> {
    let kind = root.at(&["info", "type"]).or_else(|| root.get("type").filter(|_| root.get("script").is_some()));
    match kind.and_then(Node::text) {
        Some(kind) => Some(kind),
        None => is_http(root).then_some("http"),
    }
}

fn read_item(absolute: &Utf8Path, item: &str, around: &Surroundings) -> Result<Option<Placed>, ReadError> {
    let loaded = load_at(absolute, item)?;
    let Some((root, kind)) = loaded.document.root().and_then(|root| Some((root, kind(root)?))) else {
        return Ok(None);
    };
    let sequence = sequence(root);
    let path = item.to_owned();
    let item = if kind == "http" {
        let stored = request::read(root, path::stem(item), around).map_err(|error| broken(item, error))?;
        let request = stored.request;
        Item::Request { path, name: request.name, method: request.method, url: request.url }
    } else {
        let name = root.at(&["info", "name"]).and_then(Node::text).unwrap_or(path::stem(item)).to_owned();
        Item::Foreign { path, name, item_type: kind.to_owned() }
    };
    Ok(Some(Placed { item, sequence }))
}

fn problem(item: &str, error: ReadError) -> FileProblem {
    match error {
        ReadError::Broken(problem) => problem,
        error => FileProblem { path: item.to_owned(), line: None, column: None, message: error.to_string() },
    }
}

/// Folders come first, as in Bruno, which numbers them apart; then the number counts, then the name.
fn order(one: &Placed, two: &Placed) -> Ordering {
    compare(
        (is_folder(&one.item), one.sequence, one.item.name()),
        (is_folder(&two.item), two.sequence, two.item.name()),
    )
    .then_with(|| one.item.path().cmp(two.item.path()))
}

/// Compares siblings by kind, number and name.
pub fn compare(one: (bool, Option<f64>, &str), two: (bool, Option<f64>, &str)) -> Ordering {
    let number = |number: Option<f64>| number.unwrap_or(f64::INFINITY);
    two.0
        .cmp(&one.0)
        .then_with(|| number(one.1).total_cmp(&number(two.1)))
        .then_with(|| one.2.to_lowercase().cmp(&two.2.to_lowercase()))
}

fn is_folder(item: &Item) -> bool {
    matches!(item, Item::Folder { .. })
}
