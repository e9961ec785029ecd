//! What can go wrong with a collection's files, by operation.

use camino::Utf8PathBuf;

use crate::model::FileProblem;
use crate::path::PathError;

/// Why a collection was not opened or made.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no `opencollection.yml`.
    #[error(
        "{folder} is no collection: it has no opencollection.yml; choose the folder that holds one, or make a new collection"
    )]
    NotACollection {
        /// The folder that was chosen.
        folder: Utf8PathBuf,
    },
    /// A new collection's folder is there already.
    #[error("{folder} exists already; choose another name, or open it if it is a collection")]
    Exists {
        /// The folder that was to be made.
        folder: Utf8PathBuf,
    },
    /// The folder cannot be reached.
    #[error("{folder} cannot be reached; check that it exists and that you may use it")]
    Folder {
        /// The folder.
        folder: Utf8PathBuf,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
}

/// Why an item was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The path is not an item's.
    #[error("the item cannot be read")]
    Path(#[from] PathError),
    /// The file is gone.
    #[error("{path} is gone from the disk; save it again to bring it back, or close it")]
    Missing {
        /// The item.
        path: String,
    },
    /// The system refused.
    #[error("{path} cannot be read; check that you may read it")]
    File {
        /// The item.
        path: String,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{} cannot be read: {}; mend it in a text editor", place(.0), .0.message)]
    Broken(FileProblem),
    /// The file holds something else.
    #[error("{path} is no HTTP request; Gatepass keeps it but does not edit it")]
    NotARequest {
        /// The item.
        path: String,
    },
}

/// Why something was not saved. Nothing of it was written then.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file cannot be read, so it cannot be edited either.
    #[error("the file to save into cannot be read")]
    Read(#[from] ReadError),
    /// The file was changed by someone else.
    #[error("{path} was changed outside Gatepass since it was opened; take the change over, or save over it")]
    Conflict {
        /// The item.
        path: String,
    },
    /// Part of what is saved is only known from another file.
    #[error("{path} cannot take an auth or body block of a kind that Gatepass does not write; choose another kind")]
    ForeignPart {
        /// The item.
        path: String,
    },
    /// The file cannot be written so that it reads as meant.
    #[error("{path} uses YAML that cannot be edited safely; edit it in a text editor")]
    Unfaithful {
        /// The item.
        path: String,
    },
    /// The system refused.
    #[error("{path} cannot be written; check the free space and that you may write there")]
    File {
        /// The item.
        path: String,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
}

/// Why an item was not made, renamed, moved, copied or deleted.
#[derive(Debug, thiserror::Error)]
pub enum ArrangeError {
    /// The path is not an item's.
    #[error("the item cannot be used")]
    Path(#[from] PathError),
    /// The name is blank.
    #[error("the name is empty; type one")]
    NoName,
    /// The folder is gone.
    #[error("{path} is no folder of this collection any more; choose another")]
    NoFolder {
        /// The folder.
        path: String,
    },
    /// The operation makes no sense for the collection itself.
    #[error("the collection itself cannot be moved, copied or deleted here; use your file manager")]
    Collection,
    /// A folder cannot go into itself.
    #[error("{path} cannot be moved into itself; choose another folder")]
    IntoItself {
        /// The folder.
        path: String,
    },
    /// Something of that name is there already.
    #[error("{path} exists already; choose another name")]
    Exists {
        /// The path that is taken.
        path: String,
    },
    /// Writing the item's label or place failed.
    #[error("the item's own file cannot be saved")]
    Save(#[from] SaveError),
    /// The system refused.
    #[error("{path} cannot be changed on the disk; check the free space and that you may write there")]
    File {
        /// The item.
        path: String,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
}

impl From<ReadError> for ArrangeError {
    fn from(error: ReadError) -> Self {
        Self::Save(SaveError::Read(error))
    }
}

fn place(problem: &FileProblem) -> String {
    match (problem.line, problem.column) {
        (Some(line), Some(column)) => format!("{}, line {line}, column {column},", problem.path),
        _ => problem.path.clone(),
    }
}
