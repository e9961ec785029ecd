//! Secrets in the system keychain, and the types that keep them out of everything else.
//!
//! A locked keychain is never taken for an empty one, and a value that was written is read back before it counts as
//! kept. Without a keychain the secrets live in memory, for this session only.

mod backend;
mod chunks;
mod entry;
mod error;
mod keychain;
mod memory;
mod secret;
mod status;
mod vault;

pub use backend::{Backend, Refusal};
pub use entry::EntryName;
pub use error::{Cause, VaultError};
pub use secret::Secret;
pub use status::VaultStatus;
pub use vault::Vault;
