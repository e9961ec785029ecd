//! The Secret Service, which is another process: it can end, be locked, or have no keyring.

use secret_service::blocking::SecretService;
use secret_service::{EncryptionType, Error as ServiceError};
use zbus_secret_service_keyring_store::Store;

use super::refusal;
use crate::backend::Refusal;
use crate::error::Cause;

#[derive(Debug, thiserror::Error)]
#[error("the keychain service has no default keyring; make one in the system's password settings")]
struct NoCollection;

pub(super) fn no_access(cause: Cause) -> Refusal {
    match cause.downcast_ref::<ServiceError>() {
        Some(ServiceError::NoResult) => Refusal::Failed(Box::new(NoCollection)),
        _ => Refusal::Locked(cause),
    }
}

/// Connects to the service again, whose sessions end with its process.
pub(super) fn connect_anew() -> bool {
    match Store::new() {
        Ok(store) => {
            keyring_core::set_default_store(store);
            true
        }
        Err(error) => {
            tracing::warn!(%error, "the keychain's service cannot be connected to again");
            false
        }
    }
}

/// Unlocks the default keyring where it is locked, and tells whether it was: some services (`KeePassXC`) search nothing
/// that is locked, and answer as if there were nothing.
pub(super) fn had_to_be_unlocked() -> Result<bool, Refusal> {
    let unlocked = || {
        let service = SecretService::connect(EncryptionType::Plain)?;
        let keyring = match service.get_default_collection() {
            Err(ServiceError::NoResult) => return Ok(false),
            keyring => keyring?,
        };
        let locked = keyring.is_locked()?;
        if locked {
            keyring.unlock()?;
        }
        Ok(locked)
    };
    unlocked().map_err(|error| match error {
        ServiceError::Locked | ServiceError::Prompt => Refusal::Locked(Box::new(error)),
        other => refusal(keyring::Error::PlatformFailure(Box::new(other))),
    })
}
