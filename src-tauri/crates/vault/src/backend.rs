//! What every place for secrets can do: small values under a name, nothing else.

use thiserror::Error;

use crate::error::Cause;
use crate::{EntryName, Secret, VaultError};

/// Why a place for secrets refused a single call.
#[derive(Debug, Error)]
pub enum Refusal {
    /// It waits for its password.
    #[error("the keychain is locked")]
    Locked(#[source] Cause),
    /// It does not let this app in.
    #[error("the keychain denied access")]
    Denied(#[source] Cause),
    /// It holds something that cannot be a value; says what.
    #[error("{0}")]
    Unreadable(&'static str),
    /// It holds more than one value under the name, and cannot tell whose is whose.
    #[error("the keychain has it twice")]
    Ambiguous,
    /// It is not there, or failed in some other way.
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
            Self::Ambiguous => VaultError::Ambiguous { entry },
            Self::Failed(source) => VaultError::Unavailable { entry, source },
        }
    }
}

/// A place for secrets. Its calls block, possibly until the user has answered a prompt.
pub trait Backend: Send + Sync + 'static {
    /// Reads a value; `None` says for certain that there is none.
    ///
    /// # Errors
    /// Says why it cannot be read.
    fn get(&self, name: &str) -> Result<Option<Secret>, Refusal>;
    /// Writes a value of at most [`Backend::limit`] characters over whatever was there.
    ///
    /// # Errors
    /// Says why it cannot be written; the old value is then still there.
    fn set(&self, name: &str, value: &str) -> Result<(), Refusal>;
    /// Removes a value; that there was none is no error.
    ///
    /// # Errors
    /// Says why it cannot be removed.
    fn remove(&self, name: &str) -> Result<(), Refusal>;
    /// Tells how many UTF-16 characters a single value may have.
    fn limit(&self) -> usize;
}
