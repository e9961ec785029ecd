//! One open collection: a folder of OpenCollection YAML.
//!
//! Nothing is kept in memory but what Gatepass itself wrote last: each call reads the disk, so what others change is
//! never overwritten unseen.

mod arrange;
mod create;
mod delete;
mod environments;
mod file;
mod save;
mod tree;

pub use create::DEFAULT_IGNORES;
pub use delete::Deleted;
pub use save::{SaveReport, Saved};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};

use crate::store::OwnWrites;

/// The file that makes a folder a collection.
const COLLECTION_FILE: &str = "opencollection.yml";

/// The file of a folder's label and defaults.
const FOLDER_FILE: &str = "folder.yml";

/// Where the environments lie.
const ENVIRONMENTS: &str = "environments";

/// A collection's folder.
#[derive(Debug)]
pub struct CollectionFolder {
    root: Utf8PathBuf,
    own: Arc<OwnWrites>,
    writing: Mutex<()>,
}

impl CollectionFolder {
    /// Gives the folder's absolute path, without links.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// Gives what tells own writes from others.
    pub(crate) fn own_writes(&self) -> Arc<OwnWrites> {
        Arc::clone(&self.own)
    }

    /// Lets one change at a time happen: most read, decide and write.
    fn writing(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
