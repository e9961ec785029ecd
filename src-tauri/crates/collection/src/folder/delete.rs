//! Deleting items, and taking it back.

use std::fmt;

use camino::Utf8Path;

use super::CollectionFolder;
use crate::errors::{ArrangeError, ReadError};
use crate::model::ItemPath;
use crate::path;
use crate::store::{self, Version};

/// What was deleted, whole, so that it can be restored.
#[derive(Clone, PartialEq, Eq)]
pub struct Deleted {
    item: ItemPath,
    folders: Vec<String>,
    files: Vec<(String, Vec<u8>)>,
}

impl Deleted {
    /// Gives the path that the item had.
    pub fn path(&self) -> &str {
        &self.item
    }
}

impl fmt::Debug for Deleted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Deleted")
            .field("item", &self.item)
            .field("files", &self.files.len())
            .finish_non_exhaustive()
    }
}

impl CollectionFolder {
    /// Deletes an item, a folder with all that is in it.
    ///
    /// # Errors
    /// Fails where the item is gone or cannot be read or deleted; it is read whole first.
    pub fn delete(&self, item: &str) -> Result<Deleted, ArrangeError> {
        let _writing = self.writing();
        if item.is_empty() {
            return Err(ArrangeError::Collection);
        }
        self.absolute_item(item)?;
        self.remove(item)
    }

    /// Brings back what was deleted, under another name where its own is taken by now.
    ///
    /// # Errors
    /// Fails where it cannot be written.
    pub fn restore(&self, deleted: &Deleted) -> Result<ItemPath, ArrangeError> {
        let _writing = self.writing();
        let name = path::name(&deleted.item);
        let is_folder = !deleted.folders.is_empty();
        let (stem, extension) =
            if is_folder { (name, "") } else { (path::stem(name), &name[path::stem(name).len()..]) };
        let item = if self.exists(&deleted.item) {
            self.free_path(path::parent(&deleted.item), stem, extension, None)
        } else {
            deleted.item.clone()
        };
        let failed = |source| ArrangeError::File { path: item.clone(), source };
        let parent = self.absolute(path::parent(&item))?;
        std::fs::create_dir_all(parent).map_err(failed)?;
        for folder in &deleted.folders {
            let folder = inside(&item, folder);
            self.own.note(&folder, Some(Version::of_folder()));
            std::fs::create_dir_all(self.root.join(&folder)).map_err(failed)?;
        }
        for (file, content) in &deleted.files {
            let file = inside(&item, file);
            self.own.note(&file, Some(Version::of(content)));
            store::replace(&self.root.join(&file), content).map_err(failed)?;
        }
        Ok(item)
    }

    /// Deletes a file or folder and gives what it held.
    pub(super) fn remove(&self, item: &str) -> Result<Deleted, ArrangeError> {
        let absolute = self.absolute(item)?;
        let failed = |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::NotFound => ReadError::Missing { path: item.to_owned() }.into(),
            _ => ArrangeError::File { path: item.to_owned(), source },
        };
        let metadata = absolute.symlink_metadata().map_err(failed)?;
        let mut deleted = Deleted { item: item.to_owned(), folders: Vec::new(), files: Vec::new() };
        if metadata.is_dir() {
            gather(&absolute, "", &mut deleted).map_err(failed)?;
        } else {
            deleted.files.push((String::new(), std::fs::read(&absolute).map_err(failed)?));
        }
        for path in deleted.folders.iter().chain(deleted.files.iter().map(|(file, _)| file)) {
            self.own.note(&inside(item, path), None);
        }
        if metadata.is_dir() { std::fs::remove_dir_all(&absolute) } else { std::fs::remove_file(&absolute) }
            .map_err(failed)?;
        Ok(deleted)
    }
}

/// A path below an item; the empty path is the item itself.
fn inside(item: &str, path: &str) -> String {
    if path.is_empty() { item.to_owned() } else { path::join(item, path) }
}

fn gather(folder: &Utf8Path, below: &str, deleted: &mut Deleted) -> std::io::Result<()> {
    deleted.folders.push(below.to_owned());
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        let path = path::join(below, entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            gather(entry.path(), &path, deleted)?;
        } else if kind.is_file() {
            deleted.files.push((path, std::fs::read(entry.path())?));
        }
    }
    Ok(())
}
