//! Making and opening a collection.

use std::io;
use std::sync::{Arc, Mutex};

use camino::Utf8Path;

use super::{COLLECTION_FILE, CollectionFolder};
use crate::errors::OpenError;
use crate::store::{self, OwnWrites};
use crate::stored::defaults;
use crate::yaml::render;
use crate::{file_name, model};

/// What a new collection keeps out of git: the values that people keep in `.env`.
pub const DEFAULT_IGNORES: &str = ".env\n";

impl CollectionFolder {
    /// Makes a collection in a new folder, named after it, inside `parent`.
    ///
    /// # Errors
    /// Fails where the folder exists already or cannot be made.
    pub fn create(parent: &Utf8Path, name: &str) -> Result<Self, OpenError> {
        let label = name.trim();
        let folder = parent.join(file_name::from_label(label));
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AlreadyExists => OpenError::Exists { folder: folder.clone() },
            _ => OpenError::Folder { folder: folder.clone(), source },
        };
        std::fs::create_dir(&folder).map_err(failed)?;
        let id = uuid::Uuid::new_v4().to_string();
        let label = if label.is_empty() { "Untitled" } else { label };
        let text = render::document(&defaults::new_collection(label, &id));
        store::replace(&folder.join(".gitignore"), DEFAULT_IGNORES.as_bytes()).map_err(failed)?;
        store::replace(&folder.join(COLLECTION_FILE), text.as_bytes()).map_err(failed)?;
        Self::open(&folder)
    }

    /// Opens the collection in a folder.
    ///
    /// # Errors
    /// Fails where the folder cannot be reached or holds no `opencollection.yml`.
    pub fn open(root: &Utf8Path) -> Result<Self, OpenError> {
        let root = root.canonicalize_utf8().map_err(|source| OpenError::Folder { folder: root.to_owned(), source })?;
        match root.join(COLLECTION_FILE).metadata() {
            Ok(metadata) if metadata.is_file() => {
                Ok(Self { root, own: Arc::new(OwnWrites::default()), writing: Mutex::new(()) })
            }
            Err(source)
                if source.kind() != io::ErrorKind::NotFound && source.kind() != io::ErrorKind::NotADirectory =>
            {
                Err(OpenError::Folder { folder: root, source })
            }
            _ => Err(OpenError::NotACollection { folder: root }),
        }
    }

    /// Gives the name of the collection's secrets in the keychain, and writes one into its file where it has none.
    ///
    /// # Errors
    /// Fails where the root file cannot be read or written.
    pub fn ensure_id(&self) -> Result<String, crate::errors::SaveError> {
        let _writing = self.writing();
        let known = self.extension()?.id;
        if !known.is_empty() {
            return Ok(known);
        }
        let id = uuid::Uuid::new_v4().to_string();
        Ok(self.change_extension(|extension| extension.id = id)?.id)
    }

    /// Declares a secret variable that holds whatever the environment.
    ///
    /// # Errors
    /// Fails where the root file cannot be read or written.
    pub fn declare_secret(&self, variable: &str) -> Result<(), crate::errors::SaveError> {
        let _writing = self.writing();
        self.declare(variable)
    }

    /// Declares the variable of an API key, so that its header is known for one when it is read again.
    pub(super) fn declare_key(&self, key: &model::ApiKeyAuth) -> Result<(), crate::errors::SaveError> {
        match key {
            model::ApiKeyAuth::Send { variable, .. } if !self.secrets().contains(variable) => self.declare(variable),
            _ => Ok(()),
        }
    }

    fn declare(&self, variable: &str) -> Result<(), crate::errors::SaveError> {
        self.change_extension(|extension| {
            if !extension.secrets.iter().any(|name| name == variable) {
                extension.secrets.push(variable.to_owned());
            }
        })?;
        Ok(())
    }
}
