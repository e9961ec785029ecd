//! Making, renaming, moving and copying items.

use std::collections::HashSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::file::{defaults_file, unwritable};
use super::tree::{compare, kind, sequence};
use super::{COLLECTION_FILE, CollectionFolder, ENVIRONMENTS, FOLDER_FILE};
use crate::errors::{ArrangeError, ReadError};
use crate::model::{ItemPath, Request};
use crate::path::PathError;
use crate::store::{self, Version};
use crate::stored::PoolFacts;
use crate::stored::request::{StoredRequest, with_sequence};
use crate::yaml::edit;
use crate::yaml::node::Node;
use crate::yaml::value::Value;
use crate::{file_name, path};

/// An item among those that it is sorted with.
struct Sibling {
    item: ItemPath,
    label: String,
    sequence: Option<f64>,
}

impl CollectionFolder {
    /// Makes a request at the end of a folder; the file is named after it.
    ///
    /// # Errors
    /// Fails where the folder is gone or the file cannot be written.
    pub fn create_request(
        &self,
        folder: &str,
        request: &Request,
        facts: Option<&PoolFacts>,
    ) -> Result<ItemPath, ArrangeError> {
        let _writing = self.writing();
        self.check_folder(folder)?;
        self.declare_key(&request.auth.api_key)?;
        let label = request.name.trim();
        let request = Request { name: if label.is_empty() { "Untitled" } else { label }.to_owned(), ..request.clone() };
        let item = self.free_path(folder, &request.name, ".yml", None);
        let around = self.surroundings(&item)?;
        let number =
            crate::sequence::behind(self.siblings(folder, false).iter().filter_map(|sibling| sibling.sequence));
        let value = with_sequence(StoredRequest::default().write(&request, facts, &around), number);
        let text = edit::new_text(&value).map_err(|error| unwritable(error, &item))?;
        self.store(&item, &text)?;
        Ok(item)
    }

    /// Makes a folder at the end of the folders of another.
    ///
    /// # Errors
    /// Fails where the name is empty, the parent is gone, or it cannot be made.
    pub fn create_folder(&self, parent: &str, name: &str) -> Result<ItemPath, ArrangeError> {
        let _writing = self.writing();
        self.check_folder(parent)?;
        let label = name.trim();
        if label.is_empty() {
            return Err(ArrangeError::NoName);
        }
        let item = self.free_path(parent, label, "", None);
        let number = crate::sequence::behind(self.siblings(parent, true).iter().filter_map(|sibling| sibling.sequence));
        let absolute = self.absolute(&item)?;
        self.own.note(&item, Some(Version::of_folder()));
        std::fs::create_dir(&absolute).map_err(|source| ArrangeError::File { path: item.clone(), source })?;
        self.new_folder_file(&item, label, number)?;
        Ok(item)
    }

    /// Renames an item: its label, and its file or folder after it. The collection itself, the empty path, gets
    /// another label only.
    ///
    /// # Errors
    /// Fails where the name is empty or the item cannot be read or written.
    pub fn rename(&self, item: &str, name: &str) -> Result<ItemPath, ArrangeError> {
        let _writing = self.writing();
        let label = name.trim();
        if label.is_empty() {
            return Err(ArrangeError::NoName);
        }
        if item.is_empty() {
            self.save_label("", label)?;
            return Ok(String::new());
        }
        let absolute = self.absolute_item(item)?;
        let is_folder = absolute.is_dir();
        let extension = if is_folder {
            self.save_label(item, label)?;
            ""
        } else {
            self.label_file(item, label)?;
            ".yml"
        };
        if file_name::from_label(label) + extension == path::name(item) {
            return Ok(item.to_owned());
        }
        let target = self.free_path(path::parent(item), label, extension, Some(path::name(item)));
        self.rename_file(item, &target)?;
        Ok(target)
    }

    /// Moves an item into a folder, before one of the items there, else to the end.
    ///
    /// # Errors
    /// Fails where the item or the folder is gone, or the item is a folder and would go into itself.
    pub fn move_item(&self, from: &str, folder: &str, before: Option<&str>) -> Result<ItemPath, ArrangeError> {
        let _writing = self.writing();
        if from.is_empty() {
            return Err(ArrangeError::Collection);
        }
        let absolute = self.absolute_item(from)?;
        self.check_folder(folder)?;
        if folder == from || folder.starts_with(&format!("{from}/")) {
            return Err(ArrangeError::IntoItself { path: from.to_owned() });
        }
        if absolute.symlink_metadata().is_err() {
            return Err(ReadError::Missing { path: from.to_owned() }.into());
        }
        let is_folder = absolute.is_dir();
        let target = if path::parent(from) == folder {
            from.to_owned()
        } else {
            let name = path::name(from);
            let (stem, extension) = if is_folder { (name, "") } else { name.rsplit_once('.').unwrap_or((name, "")) };
            let extension = if extension.is_empty() { String::new() } else { format!(".{extension}") };
            let target = self.free_path(folder, stem, &extension, None);
            self.rename_file(from, &target)?;
            target
        };
        self.place(&target, is_folder, |others| {
            before.and_then(|before| others.iter().position(|sibling| sibling.item == before)).unwrap_or(others.len())
        })?;
        Ok(target)
    }

    /// Copies an item to the place behind it.
    ///
    /// # Errors
    /// Fails where the item cannot be read or the copy cannot be written.
    pub fn duplicate(&self, item: &str) -> Result<ItemPath, ArrangeError> {
        let _writing = self.writing();
        if item.is_empty() {
            return Err(ArrangeError::Collection);
        }
        let absolute = self.absolute_item(item)?;
        let is_folder = absolute.is_dir();
        let siblings = self.siblings(path::parent(item), is_folder);
        let label = siblings
            .iter()
            .find(|sibling| sibling.item == item)
            .map_or_else(|| path::stem(item).to_owned(), |sibling| sibling.label.clone());
        let labels: HashSet<_> = siblings.iter().map(|sibling| sibling.label.to_lowercase()).collect();
        let label = file_name::unique(&format!("{label} copy"), "", |label| labels.contains(label));
        let target = if is_folder {
            let target = self.free_path(path::parent(item), &label, "", None);
            let copied = self.absolute(&target)?;
            self.own.note(&target, Some(Version::of_folder()));
            copy_folder(&absolute, &copied).map_err(|source| ArrangeError::File { path: target.clone(), source })?;
            self.save_label(&target, &label)?;
            target
        } else {
            let target = self.free_path(path::parent(item), &label, ".yml", None);
            let loaded = self.load(item)?;
            let edited = loaded
                .document
                .edit(&Value::mapping([]), &info([("name", Value::text(&label))]))
                .map_err(|error| unwritable(error, item))?;
            if let Some(edited) = edited {
                self.store(&target, &edited.text)?;
            }
            target
        };
        self.place(&target, is_folder, |others| {
            others.iter().position(|sibling| sibling.item == item).map_or(others.len(), |index| index + 1)
        })?;
        Ok(target)
    }

    /// Gives an item a number for its place among its siblings, and those of them that stand in its way.
    fn place(&self, item: &str, is_folder: bool, at: impl FnOnce(&[Sibling]) -> usize) -> Result<(), ArrangeError> {
        let mut others = self.siblings(path::parent(item), is_folder);
        others.retain(|sibling| sibling.item != item);
        let at = at(&others);
        let numbers: Vec<_> = others.iter().map(|sibling| sibling.sequence).collect();
        let mut order: Vec<&str> = others.iter().map(|sibling| sibling.item.as_str()).collect();
        order.insert(at, item);
        for (index, number) in crate::sequence::place(&numbers, at) {
            self.number(order[index], is_folder, number)?;
        }
        Ok(())
    }

    fn number(&self, item: &str, is_folder: bool, number: f64) -> Result<(), ArrangeError> {
        let file = if is_folder { defaults_file(item) } else { item.to_owned() };
        let Some(loaded) = self.load_if_there(&file)? else {
            return self.new_folder_file(item, path::name(item), number);
        };
        let is_item = is_folder || loaded.document.root().and_then(kind).is_some();
        if is_item {
            self.edit(&file, &loaded, &Value::mapping([]), &info([("seq", Value::number(number))]))?;
        }
        Ok(())
    }

    fn new_folder_file(&self, item: &str, label: &str, number: f64) -> Result<(), ArrangeError> {
        let entries = [("name", Value::text(label)), ("type", Value::text("folder")), ("seq", Value::number(number))];
        let file = defaults_file(item);
        let text = edit::new_text(&info(entries)).map_err(|error| unwritable(error, &file))?;
        self.store(&file, &text)?;
        Ok(())
    }

    /// Writes a label into a file, unless it is broken or has none.
    fn label_file(&self, item: &str, label: &str) -> Result<(), ArrangeError> {
        match self.load(item) {
            Ok(loaded)
                if loaded.document.root().is_some_and(|root| root.get("info").is_some() || kind(root).is_some()) =>
            {
                self.edit(item, &loaded, &Value::mapping([]), &info([("name", Value::text(label))]))?;
                Ok(())
            }
            Ok(_) | Err(ReadError::Broken(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn siblings(&self, folder: &str, is_folder: bool) -> Vec<Sibling> {
        let mut siblings: Vec<_> = self
            .entries(folder)
            .into_iter()
            .filter(|entry| entry.is_folder == is_folder)
            .filter_map(|entry| {
                let item = path::join(folder, &entry.name);
                let file = if is_folder { defaults_file(&item) } else { item.clone() };
                let loaded = self.load_if_there(&file).ok()?;
                let root = loaded.as_ref().and_then(|loaded| loaded.document.root());
                if !is_folder {
                    kind(root?)?;
                }
                let label = root.and_then(|root| root.at(&["info", "name"])).and_then(Node::text);
                Some(Sibling {
                    label: label.unwrap_or(path::stem(&item)).to_owned(),
                    sequence: root.and_then(sequence),
                    item,
                })
            })
            .collect();
        siblings.sort_by(|one, two| {
            compare((is_folder, one.sequence, &one.label), (is_folder, two.sequence, &two.label))
                .then_with(|| one.item.cmp(&two.item))
        });
        siblings
    }

    /// The path of something that can be arranged: not the files that make up the collection itself.
    pub(super) fn absolute_item(&self, item: &str) -> Result<Utf8PathBuf, PathError> {
        let is_own = item == COLLECTION_FILE
            || path::name(item) == FOLDER_FILE
            || item.split('/').next().is_some_and(|first| first == ENVIRONMENTS);
        if is_own { Err(PathError::NotAnItem { path: item.to_owned() }) } else { self.absolute(item) }
    }

    fn check_folder(&self, folder: &str) -> Result<(), ArrangeError> {
        let is_environments = folder == ENVIRONMENTS || folder.starts_with("environments/");
        if self.absolute(folder)?.is_dir() && !is_environments {
            Ok(())
        } else {
            Err(ArrangeError::NoFolder { path: folder.to_owned() })
        }
    }

    /// The lower-case names of all that lies in a folder, and of what is reserved there.
    pub(super) fn names_in(&self, folder: &str) -> HashSet<String> {
        let mut names: HashSet<String> =
            [COLLECTION_FILE, FOLDER_FILE, ENVIRONMENTS, "node_modules"].map(ToOwned::to_owned).into();
        if let Ok(absolute) = self.absolute(folder)
            && let Ok(entries) = absolute.read_dir()
        {
            names.extend(entries.flatten().map(|entry| entry.file_name().to_string_lossy().to_lowercase()));
        }
        names
    }

    /// A path for a label that nothing has yet, but perhaps the item itself.
    pub(super) fn free_path(&self, folder: &str, label: &str, extension: &str, own: Option<&str>) -> ItemPath {
        let names = self.names_in(folder);
        let own = own.map(str::to_lowercase);
        let is_taken = |name: &str| own.as_deref() != Some(name) && names.contains(name);
        path::join(folder, &file_name::unique(&file_name::from_label(label), extension, is_taken))
    }

    /// Gives a file or folder another path.
    pub(super) fn rename_file(&self, from: &str, to: &str) -> Result<(), ArrangeError> {
        let (old, new) = (self.absolute(from)?, self.absolute(to)?);
        // Where the file system knows no case, another case of the same name is the same file.
        if self.exists(to) && old.canonicalize_utf8().ok() != new.canonicalize_utf8().ok() {
            return Err(ArrangeError::Exists { path: to.to_owned() });
        }
        let failed = |source| ArrangeError::File { path: from.to_owned(), source };
        let version =
            if old.is_dir() { Version::of_folder() } else { Version::of(&std::fs::read(&old).map_err(failed)?) };
        self.own.note(from, None);
        self.own.note(to, Some(version));
        std::fs::rename(&old, &new).map_err(failed)?;
        let flush = |path: &Utf8Path| path.parent().map_or(Ok(()), store::flush_folder);
        flush(&new).and_then(|()| flush(&old)).map_err(failed)
    }
}

fn info<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::mapping([("info", Some(Value::mapping(entries.map(|(key, value)| (key, Some(value))))))])
}

fn copy_folder(from: &Utf8Path, to: &Utf8Path) -> std::io::Result<()> {
    std::fs::create_dir(to)?;
    for entry in from.read_dir_utf8()? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_folder(entry.path(), &target)?;
        } else if kind.is_file() {
            std::fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
