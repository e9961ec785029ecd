//! The system's keychain: Secret Service, Keychain Services, Credential Manager.

use keyring::{Entry, Error};
use zeroize::Zeroize;

use crate::Secret;
use crate::backend::{Backend, Refusal};
use crate::error::Cause;

/// Windows keeps 2,560 bytes an entry and writes a password as UTF-16; the others take far more than a token.
const LIMIT: usize = if cfg!(windows) { 1_280 } else { 32_768 };

/// What a message bus answers to a program that its policy, or a sandbox, keeps from the service.
const BUS_DENIES: &str = "org.freedesktop.DBus.Error.AccessDenied";

/// The keychain's entries of one service name.
pub(crate) struct Keychain {
    service: String,
}

impl Keychain {
    pub(crate) fn new(service: &str) -> Self {
        Self { service: service.to_owned() }
    }

    fn entry(&self, name: &str) -> Result<Entry, Refusal> {
        Entry::new(&self.service, name).map_err(|error| match error {
            Error::NoDefaultStore => Refusal::Failed(Box::new(NoStore::ask())),
            other => refusal(other),
        })
    }

    /// Calls the keychain, and once more over a new connection where the service has forgotten the old one.
    fn call<T>(&self, name: &str, work: impl Fn(&Entry) -> Result<T, Error>) -> Result<Result<T, Error>, Refusal> {
        match work(&self.entry(name)?) {
            Err(Error::PlatformFailure(_)) if connect_anew() => Ok(work(&self.entry(name)?)),
            outcome => Ok(outcome),
        }
    }
}

impl Backend for Keychain {
    fn get(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        match self.call(name, Entry::get_password)? {
            Ok(value) => Ok(Some(Secret::new(value))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refusal(error)),
        }
    }

    fn set(&self, name: &str, value: &str) -> Result<(), Refusal> {
        self.call(name, |entry| entry.set_password(value))?.map_err(refusal)
    }

    fn remove(&self, name: &str) -> Result<(), Refusal> {
        match self.call(name, Entry::delete_credential)? {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refusal(error)),
        }
    }

    fn limit(&self) -> usize {
        LIMIT
    }
}

/// Says why the facade found no store: it asks once a process and keeps only the result.
#[derive(Debug, thiserror::Error)]
#[error("there is no keychain to connect to: {0}")]
struct NoStore(String);

impl NoStore {
    fn ask() -> Self {
        Self(Entry::store_status().as_ref().err().map_or_else(String::new, ToString::to_string))
    }
}

/// Sorts the facade's errors; those that carry the stored bytes lose them here, since their `Debug` would print them.
fn refusal(error: Error) -> Refusal {
    match error {
        Error::BadEncoding(mut bytes) => {
            bytes.zeroize();
            Refusal::Unreadable("it is not text")
        }
        Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            Refusal::Unreadable("it is not in the keychain's own form")
        }
        Error::Ambiguous(_) => Refusal::Unreadable("the keychain has it twice"),
        Error::NoStorageAccess(cause) => no_access(cause),
        Error::PlatformFailure(cause) if cause.to_string().contains(BUS_DENIES) => Refusal::Denied(cause),
        other => Refusal::Failed(Box::new(other)),
    }
}

#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
fn no_access(cause: Cause) -> Refusal {
    match cause.downcast_ref::<secret_service::Error>() {
        Some(secret_service::Error::NoResult) => Refusal::Failed(Box::new(NoCollection)),
        _ => Refusal::Locked(cause),
    }
}

/// Connects to the Secret Service again, whose sessions end with its process.
#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
fn connect_anew() -> bool {
    match zbus_secret_service_keyring_store::Store::new() {
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

#[cfg(not(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android")))))]
fn connect_anew() -> bool {
    false
}

#[cfg(not(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android")))))]
fn no_access(cause: Cause) -> Refusal {
    Refusal::Denied(cause)
}

#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
#[derive(Debug, thiserror::Error)]
#[error("the keychain service has no default keyring; make one in the system's password settings")]
struct NoCollection;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_not_carried_in_the_error() {
        let refusal = refusal(Error::BadEncoding(b"\xffhunter2".to_vec()));
        assert!(matches!(refusal, Refusal::Unreadable("it is not text")));
        let malformed = super::refusal(Error::BadDataFormat(b"hunter2".to_vec(), "bad".into()));
        assert!(!format!("{malformed:?}").contains("104"), "the bytes of the value are printed");
    }

    #[test]
    fn a_bus_that_denies_access_is_no_missing_keychain() {
        let denied = refusal(Error::PlatformFailure(format!("zbus error: {BUS_DENIES}: policy").into()));
        assert!(matches!(denied, Refusal::Denied(_)));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_dismissed_prompt_is_locked_and_a_missing_keyring_is_not() {
        let prompt = refusal(Error::NoStorageAccess(Box::new(secret_service::Error::Prompt)));
        let missing = refusal(Error::NoStorageAccess(Box::new(secret_service::Error::NoResult)));
        assert!(matches!(prompt, Refusal::Locked(_)));
        assert!(matches!(missing, Refusal::Failed(_)));
    }
}
