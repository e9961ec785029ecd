//! Reading and writing one file of a collection.

use std::collections::HashSet;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::{COLLECTION_FILE, CollectionFolder, ENVIRONMENTS, FOLDER_FILE};
use crate::errors::{ReadError, SaveError};
use crate::model::{ApiKeyAuth, FileProblem};
use crate::path;
use crate::store::{self, Version};
use crate::stored::auth::Level;
use crate::stored::defaults::{self, Extension, StoredDefaults};
use crate::stored::{ShapeError, Surroundings};
use crate::yaml::edit::{Document, EditError};
use crate::yaml::value::Value;

/// A file as it was read.
pub struct Loaded {
    pub document: Document,
    pub version: Version,
}

/// What a file holds and whether it was written just now.
pub struct Stored {
    pub version: Version,
    pub is_written: bool,
    pub lost_comments: bool,
}

impl CollectionFolder {
    /// The path of an item in the file system.
    pub(super) fn absolute(&self, item: &str) -> Result<Utf8PathBuf, path::PathError> {
        path::resolve(&self.root, item)
    }

    /// Reads and parses a file.
    pub(super) fn load(&self, item: &str) -> Result<Loaded, ReadError> {
        load_at(&self.absolute(item)?, item)
    }

    /// Reads and parses a file that need not be there.
    pub(super) fn load_if_there(&self, item: &str) -> Result<Option<Loaded>, ReadError> {
        match self.load(item) {
            Ok(loaded) => Ok(Some(loaded)),
            Err(ReadError::Missing { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a file anew.
    pub(super) fn store(&self, item: &str, text: &str) -> Result<Version, SaveError> {
        let absolute = self.absolute(item).map_err(ReadError::from)?;
        let version = Version::of(text.as_bytes());
        self.own.note(item, Some(version.clone()));
        store::replace(&absolute, text.as_bytes())
            .map_err(|source| SaveError::File { path: item.to_owned(), source })?;
        // Whoever looked between the first note and the renaming found the old content and dropped the note.
        self.own.note(item, Some(version.clone()));
        Ok(version)
    }

    /// Writes the difference between two values of a file's model into it.
    pub(super) fn edit(&self, item: &str, loaded: &Loaded, base: &Value, wanted: &Value) -> Result<Stored, SaveError> {
        let edited = loaded.document.edit(base, wanted).map_err(|error| unwritable(error, item))?;
        Ok(match edited {
            None => Stored { version: loaded.version.clone(), is_written: false, lost_comments: false },
            Some(edited) => Stored {
                version: self.store(item, &edited.text)?,
                is_written: true,
                lost_comments: edited.lost_comments,
            },
        })
    }

    /// Reads what Gatepass keeps for itself in the root file.
    pub(super) fn extension(&self) -> Result<Extension, ReadError> {
        let loaded = self.load(COLLECTION_FILE)?;
        match loaded.document.root() {
            Some(root) => defaults::extension(root).map_err(|error| broken(COLLECTION_FILE, error)),
            None => Ok(Extension::default()),
        }
    }

    /// Changes what Gatepass keeps for itself in the root file.
    pub(super) fn change_extension(&self, change: impl FnOnce(&mut Extension)) -> Result<Extension, SaveError> {
        let loaded = self.load(COLLECTION_FILE)?;
        let before = match loaded.document.root() {
            Some(root) => defaults::extension(root).map_err(|error| broken(COLLECTION_FILE, error))?,
            None => Extension::default(),
        };
        let mut after = before.clone();
        change(&mut after);
        let (base, wanted) = (defaults::extension_value(&before), defaults::extension_value(&after));
        self.edit(COLLECTION_FILE, &loaded, &base, &wanted)?;
        Ok(after)
    }

    /// Finds the names of all secret variables, as far as the files that declare them can be read.
    pub(super) fn secrets(&self) -> HashSet<String> {
        let mut secrets: HashSet<String> =
            self.extension().map(|extension| extension.secrets.into_iter().collect()).unwrap_or_default();
        let (environments, _) = self.read_environments();
        for environment in environments {
            secrets.extend(
                environment.variables.into_iter().filter(|variable| variable.secret).map(|variable| variable.name),
            );
        }
        secrets
    }

    /// Finds what must be known to read an item: all that is handed down to it.
    pub(super) fn surroundings(&self, item: &str) -> Result<Surroundings, ReadError> {
        let mut around = Surroundings { secrets: self.secrets(), key_headers: Vec::new() };
        let mut above: Vec<&str> = Vec::new();
        let mut folder = item;
        while !folder.is_empty() {
            folder = path::parent(folder);
            above.push(folder);
        }
        for folder in above.into_iter().rev() {
            let defaults = match self.stored_defaults(folder, &around) {
                Ok((_, defaults)) => defaults,
                // A broken file above is told of by the tree; this item can be read all the same.
                Err(ReadError::Broken(_)) => continue,
                Err(error) => return Err(error),
            };
            if let ApiKeyAuth::Send { header, .. } = defaults.defaults.auth.api_key {
                around.key_headers.push(header);
            }
        }
        Ok(around)
    }

    /// Reads the defaults of a folder, or of the collection where the path is empty.
    pub(super) fn stored_defaults(
        &self,
        folder: &str,
        around: &Surroundings,
    ) -> Result<(Option<Loaded>, StoredDefaults), ReadError> {
        let item = defaults_file(folder);
        let level = if folder.is_empty() { Level::Collection } else { Level::Folder };
        let label = if folder.is_empty() { self.root.file_name().unwrap_or_default() } else { path::name(folder) };
        let loaded = if folder.is_empty() { Some(self.load(&item)?) } else { self.load_if_there(&item)? };
        let stored = match loaded.as_ref().and_then(|loaded| loaded.document.root()) {
            Some(root) => defaults::read(root, label, level, around).map_err(|error| broken(&item, error))?,
            None => StoredDefaults::absent(label),
        };
        Ok((loaded, stored))
    }

    pub(super) fn exists(&self, item: &str) -> bool {
        self.absolute(item).is_ok_and(|absolute| absolute.symlink_metadata().is_ok())
    }
}

/// The path of an environment's file.
pub fn environment_file(stem: &str) -> String {
    format!("{ENVIRONMENTS}/{stem}")
}

/// The file that holds a folder's or the collection's defaults.
pub fn defaults_file(folder: &str) -> String {
    if folder.is_empty() { COLLECTION_FILE.to_owned() } else { path::join(folder, FOLDER_FILE) }
}

/// Reads and parses a file at a place in the file system.
pub fn load_at(absolute: &Utf8Path, item: &str) -> Result<Loaded, ReadError> {
    let bytes = std::fs::read(absolute).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ReadError::Missing { path: item.to_owned() },
        _ => ReadError::File { path: item.to_owned(), source },
    })?;
    let version = Version::of(&bytes);
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        ReadError::Broken(FileProblem {
            path: item.to_owned(),
            line: u32::try_from(line).ok(),
            column: None,
            message: "the file is not UTF-8 text".to_owned(),
        })
    })?;
    let document = Document::parse(text).map_err(|error| {
        ReadError::Broken(FileProblem {
            path: item.to_owned(),
            line: Some(error.line),
            column: Some(error.column),
            message: error.message,
        })
    })?;
    Ok(Loaded { document, version })
}

/// A shape that the format does not allow, as a problem of its file.
pub fn broken(item: &str, error: ShapeError) -> ReadError {
    ReadError::Broken(FileProblem {
        path: item.to_owned(),
        line: Some(error.line),
        column: Some(error.column),
        message: error.message,
    })
}

/// An edit that cannot be made, as an error of the save.
pub fn unwritable(error: EditError, item: &str) -> SaveError {
    match error {
        EditError::UnknownPart => SaveError::ForeignPart { path: item.to_owned() },
        EditError::Unfaithful => SaveError::Unfaithful { path: item.to_owned() },
    }
}
