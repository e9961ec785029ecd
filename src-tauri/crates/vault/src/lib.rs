//! Secrets in the system keychain, and the types that keep them out of everything else.

mod secret;

pub use secret::Secret;
