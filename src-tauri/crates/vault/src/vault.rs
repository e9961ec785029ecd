use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard, watch};
use tokio::task::spawn_blocking;

use crate::backend::{Backend, Refusal};
use crate::keychain::Keychain;
use crate::memory::Memory;
use crate::{EntryName, Secret, VaultError, VaultStatus, chunks};

/// How long the start of the app waits for a keychain that may be asking the user for its password.
const PATIENCE: Duration = Duration::from_secs(3);

/// The place where tokens, keys and passwords are kept: the system's keychain, or memory where there is none.
///
/// Clones share one place. Calls take turns, and each runs on a blocking thread, for a keychain may prompt the user.
#[derive(Clone)]
pub struct Vault {
    shared: Arc<Shared>,
}

struct Shared {
    status: watch::Sender<VaultStatus>,
    backend: RwLock<Arc<dyn Backend>>,
    turn: Arc<Mutex<()>>,
}

impl Vault {
    /// Makes a vault that keeps its secrets in memory, and says why.
    pub fn in_memory(reason: impl Into<String>) -> Self {
        Self::new(Arc::new(Memory::default()), VaultStatus::SessionOnly { reason: reason.into() })
    }

    /// Opens the system's keychain under a service name, and proves it by a write, a read and a delete.
    ///
    /// It never fails: without a keychain the vault is in memory, and a keychain that waits for its password for
    /// longer than three seconds leaves the vault locked until it is answered. A vault that is locked is tried again by
    /// each call, with a read of its entry.
    pub async fn open(service: &str) -> Self {
        Self::open_on(Arc::new(Keychain::new(service)), PATIENCE).await
    }

    /// Opens another place for secrets as [`Vault::open`] opens the system's keychain; `patience` is how long it may take
    /// to answer before the vault counts as locked.
    pub async fn open_on(backend: Arc<dyn Backend>, patience: Duration) -> Self {
        let vault = Self::new(backend, VaultStatus::Locked);
        let turn = vault.shared.turn.clone().lock_owned().await;
        let probe = vault.probe(turn, Probe::Start);
        if tokio::time::timeout(patience, probe).await.is_err() {
            tracing::warn!("the keychain has not answered; it may be waiting for its password");
        }
        vault
    }

    fn new(backend: Arc<dyn Backend>, status: VaultStatus) -> Self {
        let shared = Shared {
            status: watch::Sender::new(status),
            backend: RwLock::new(backend),
            turn: Arc::new(Mutex::new(())),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Tells where the secrets are kept at this moment.
    pub fn status(&self) -> VaultStatus {
        self.shared.status.borrow().clone()
    }

    /// Follows where the secrets are kept.
    pub fn status_changes(&self) -> watch::Receiver<VaultStatus> {
        self.shared.status.subscribe()
    }

    /// Reads the value of an entry; `None` says for certain that there is none.
    ///
    /// # Errors
    /// Fails where the keychain is locked, refuses, fails, or holds something damaged or twice.
    pub async fn read(&self, entry: &EntryName) -> Result<Option<Secret>, VaultError> {
        self.call(entry, chunks::read).await
    }

    /// Writes the value of an entry over what was there, damaged or not, and reads it back.
    ///
    /// # Errors
    /// Fails where the value has a line break or is too large, and where the keychain is locked, refuses, fails, has the
    /// entry twice, or gives back something else. What can be read then is the whole old value, or the whole new one
    /// where the keychain took it before it failed.
    pub async fn write(&self, entry: &EntryName, secret: &Secret) -> Result<(), VaultError> {
        let secret = secret.clone();
        self.call(entry, move |backend, entry| chunks::write(backend, entry, &secret)).await
    }

    /// Removes an entry; that there was none is no error.
    ///
    /// # Errors
    /// Fails where the keychain is locked, refuses, fails, or has the entry twice.
    pub async fn delete(&self, entry: &EntryName) -> Result<(), VaultError> {
        self.call(entry, chunks::delete).await
    }

    async fn call<T, F>(&self, entry: &EntryName, work: F) -> Result<T, VaultError>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Backend, &EntryName) -> Result<T, VaultError> + Send + 'static,
    {
        let mut turn = self.shared.turn.clone().lock_owned().await;
        if self.status() == VaultStatus::Locked {
            turn = self.probe(turn, Probe::Read(entry.clone())).await.map_err(|refusal| refusal.at(entry))?;
        }
        let (shared, name) = (self.shared.clone(), entry.clone());
        let outcome = spawn_blocking(move || {
            let outcome = work(&*shared.backend(), &name);
            if outcome.as_ref().is_err_and(VaultError::is_locked) {
                shared.status.send_replace(VaultStatus::Locked);
            }
            drop(turn);
            outcome
        });
        outcome
            .await
            .unwrap_or_else(|error| Err(VaultError::Unavailable { entry: entry.clone(), source: Box::new(error) }))
    }

    /// Tries the keychain out and sets the status. The turn is held until the keychain has answered, even when the
    /// caller has stopped waiting.
    async fn probe(&self, turn: OwnedMutexGuard<()>, probe: Probe) -> Result<OwnedMutexGuard<()>, Refusal> {
        let shared = self.shared.clone();
        let answer = spawn_blocking(move || {
            let outcome = probe.try_out(&*shared.backend());
            match &outcome {
                Ok(()) => {
                    shared.status.send_replace(VaultStatus::Keychain);
                }
                Err(Refusal::Locked(_)) => {}
                Err(refusal) => {
                    tracing::warn!(%refusal, "the keychain cannot be used");
                    if matches!(probe, Probe::Start) {
                        shared.fall_back(in_words(refusal));
                    }
                }
            }
            outcome.map(|()| turn)
        });
        answer.await.unwrap_or_else(|error| Err(Refusal::Failed(Box::new(error))))
    }
}

/// How a keychain is tried out.
enum Probe {
    /// By a write, a read and a delete; where one fails the secrets are kept in memory.
    Start,
    /// By a read of the entry that is asked for, since what takes no write can be read all the same; where it fails so
    /// does the call.
    Read(EntryName),
}

impl Probe {
    fn try_out(&self, backend: &dyn Backend) -> Result<(), Refusal> {
        match self {
            Self::Start => keeps(backend),
            Self::Read(entry) => match backend.get(entry.as_str()) {
                Ok(_) | Err(Refusal::Unreadable(_) | Refusal::Ambiguous) => Ok(()),
                Err(refusal) => Err(refusal),
            },
        }
    }
}

impl Shared {
    fn backend(&self) -> Arc<dyn Backend> {
        self.backend.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn fall_back(&self, reason: String) {
        *self.backend.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Memory::default());
        self.status.send_replace(VaultStatus::SessionOnly { reason });
    }
}

fn keeps(backend: &dyn Backend) -> Result<(), Refusal> {
    let name = format!("probe/{}", std::process::id());
    backend.set(&name, "probe")?;
    let kept = backend.get(&name)?;
    backend.remove(&name)?;
    match kept {
        Some(kept) if kept.expose() == "probe" => Ok(()),
        _ => Err(Refusal::Unreadable("the keychain does not keep what is written to it")),
    }
}

fn in_words(refusal: &Refusal) -> String {
    let mut words = refusal.to_string();
    let mut cause = std::error::Error::source(refusal);
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.ends_with(&text) {
            words = format!("{words}: {text}");
        }
        cause = error.source();
    }
    words
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Vault").field("status", &self.status()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
