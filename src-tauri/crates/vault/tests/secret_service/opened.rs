//! A vault on the real service, and what the tests keep in it.

use std::time::Duration;

use gatepass_vault::{EntryName, Secret, Vault, VaultError, VaultStatus};
use tokio::runtime::Runtime;

pub const SERVICE: &str = "dev.gatepass.test";

pub struct Opened {
    pub runtime: Runtime,
    pub vault: Vault,
}

impl Opened {
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let vault = runtime.block_on(Vault::open(SERVICE));
        Self { runtime, vault }
    }

    pub fn read(&self, entry: &EntryName) -> Result<Option<Secret>, VaultError> {
        self.runtime.block_on(self.vault.read(entry))
    }

    pub fn write(&self, entry: &EntryName, secret: &Secret) -> Result<(), VaultError> {
        self.runtime.block_on(self.vault.write(entry, secret))
    }

    pub fn delete(&self, entry: &EntryName) -> Result<(), VaultError> {
        self.runtime.block_on(self.vault.delete(entry))
    }

    pub fn keeps(&self, entry: &EntryName, secret: &Secret) {
        assert!(self.read(entry).unwrap().as_ref() == Some(secret), "{entry} is not as it was written");
    }

    pub fn wait_for(&self, status: &VaultStatus) {
        let mut changes = self.vault.status_changes();
        let waiting = changes.wait_for(|now| now == status);
        self.runtime.block_on(async { tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap().unwrap() });
    }

    /// The vault says that it keeps its secrets in memory and why, and does.
    pub fn is_in_memory(&self, reason: &str) {
        let VaultStatus::SessionOnly { reason: told } = self.vault.status() else {
            panic!("{:?}", self.vault.status())
        };
        assert!(told.contains(reason), "{told}");
        self.write(&entry(), &token()).unwrap();
        self.keeps(&entry(), &token());
    }
}

pub fn token() -> Secret {
    Secret::new("eyJ".repeat(2_000))
}

/// A value of four parts.
pub fn large() -> Secret {
    Secret::new("é".repeat(100_000))
}

pub fn entry() -> EntryName {
    EntryName::new("identity/1/tokens")
}

pub fn neighbour() -> EntryName {
    EntryName::new("identity/2/tokens")
}
