//! What every place for secrets can do: small values under a name, nothing else.

use thiserror::Error;

use crate::error::Cause;
use crate::{EntryName, Secret, VaultError};

/// Why a place for secrets refused a single call.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    #[error("the keychain is locked")]
    Locked(#[source] Cause),
    #[error("the keychain denied access")]
    Denied(#[source] Cause),
    #[error("{0}")]
    Unreadable(&'static str),
    #[error("the keychain failed")]
    Failed(#[source] Cause),
}

impl Refusal {
    pub(crate) fn at(self, entry: &EntryName) -> VaultError {
        let entry = entry.clone();
        match self {
            Self::Locked(source) => VaultError::Locked { entry, source },
            Self::Denied(source) => VaultError::Denied { entry, source },
            Self::Unreadable(what) => VaultError::Unreadable { entry, what },
            Self::Failed(source) => VaultError::Unavailable { entry, source },
        }
    }
}

/// A place for secrets. Its calls block, possibly until the user has answered a prompt.
pub(crate) trait Backend: Send + Sync {
    /// Reads a value; `None` says for certain that there is none.
    fn get(&self, name: &str) -> Result<Option<Secret>, Refusal>;
    /// Writes a value of at most [`Backend::limit`] characters over whatever was there.
    fn set(&self, name: &str, value: &str) -> Result<(), Refusal>;
    /// Removes a value; that there was none is no error.
    fn remove(&self, name: &str) -> Result<(), Refusal>;
    /// Tells how many UTF-16 characters a single value may have.
    fn limit(&self) -> usize;
}
