//! The system's keychain: Secret Service, Keychain Services, Credential Manager.

#[cfg(not(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android")))))]
mod elsewhere;
#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
mod freedesktop;

#[cfg(not(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android")))))]
use elsewhere as platform;
#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
use freedesktop as platform;
use keyring::{Entry, Error};
use zeroize::Zeroize;

use crate::Secret;
use crate::backend::{Backend, Refusal};

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
            Error::NoDefaultStore => NoStore::ask().refusal(),
            other => refusal(other),
        })
    }

    /// Calls the keychain, and once more over a new connection where the service has forgotten the old one, or where
    /// nothing was found because it was locked.
    fn call<T>(&self, name: &str, work: impl Fn(&Entry) -> Result<T, Error>) -> Result<Result<T, Error>, Refusal> {
        let outcome = match work(&self.entry(name)?) {
            Err(Error::PlatformFailure(_)) if platform::connect_anew() => work(&self.entry(name)?),
            outcome => outcome,
        };
        match outcome {
            Err(Error::NoEntry) if platform::had_to_be_unlocked()? => Ok(work(&self.entry(name)?)),
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

    fn refusal(self) -> Refusal {
        if self.0.contains(BUS_DENIES) { Refusal::Denied(Box::new(self)) } else { Refusal::Failed(Box::new(self)) }
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
        Error::Ambiguous(_) => Refusal::Ambiguous,
        Error::NoStorageAccess(cause) => platform::no_access(cause),
        Error::PlatformFailure(cause) if cause.to_string().contains(BUS_DENIES) => Refusal::Denied(cause),
        other => Refusal::Failed(Box::new(other)),
    }
}

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
