use std::error::Error;

use thiserror::Error;

use crate::EntryName;

/// What a keychain said.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why a secret could not be read, written or deleted.
#[derive(Debug, Error)]
pub enum VaultError {
    /// The keychain waits for its password; whether the entry exists is not known.
    #[error(
        "the system keychain is locked, so \"{entry}\" can be neither read nor changed; unlock the keychain and try again"
    )]
    Locked {
        /// The entry that was asked for.
        entry: EntryName,
        /// What the keychain said.
        #[source]
        source: Cause,
    },
    /// The keychain is there and does not let this app in.
    #[error("the system keychain refused access to \"{entry}\"; allow Gatepass to use it and try again")]
    Denied {
        /// The entry that was asked for.
        entry: EntryName,
        /// What the keychain said.
        #[source]
        source: Cause,
    },
    /// The value has a line break, which not every keychain gives back unchanged.
    #[error("the value for \"{entry}\" has a line break in it; remove the line break")]
    LineBreak {
        /// The entry that was to be written.
        entry: EntryName,
    },
    /// The value is larger than a keychain should hold.
    #[error("the value for \"{entry}\" has {found} characters; the keychain takes {limit}")]
    TooLarge {
        /// The entry that was to be written.
        entry: EntryName,
        /// The length of the value, in UTF-16 characters.
        found: usize,
        /// The longest value that is taken, in UTF-16 characters.
        limit: usize,
    },
    /// What lies in the keychain was not written by this app, or not wholly.
    #[error("the keychain's entry \"{entry}\" is damaged ({what}); enter the value again")]
    Unreadable {
        /// The entry that was asked for.
        entry: EntryName,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The keychain has the entry and another one that answers to its name.
    #[error(
        "the keychain has \"{entry}\" twice, so it is neither read nor changed; remove the one that is not Gatepass's in the system's password settings and try again"
    )]
    Ambiguous {
        /// The entry that was asked for.
        entry: EntryName,
    },
    /// The keychain took the value and gave back another one.
    #[error("the keychain did not keep the value of \"{entry}\" as it was written; try again")]
    NotKept {
        /// The entry that was written.
        entry: EntryName,
    },
    /// The keychain failed in some other way.
    #[error("the system keychain failed at \"{entry}\"; check that its service is running and has room, and try again")]
    Unavailable {
        /// The entry that was asked for.
        entry: EntryName,
        /// What the keychain said.
        #[source]
        source: Cause,
    },
}

impl VaultError {
    /// Tells whether the keychain only waits to be unlocked.
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Locked { .. })
    }
}
