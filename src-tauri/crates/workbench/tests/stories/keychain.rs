//! A keychain that a test can lock, unlock and take away.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use gatepass_vault::{Backend, Refusal, Secret};

#[derive(Default)]
pub struct Keychain {
    values: Mutex<BTreeMap<String, Secret>>,
    locked: AtomicBool,
    absent: AtomicBool,
}

impl Keychain {
    pub fn lock(&self, locked: bool) {
        self.locked.store(locked, Ordering::SeqCst);
    }

    pub fn take_away(&self, absent: bool) {
        self.absent.store(absent, Ordering::SeqCst);
    }

    /// Everything in it, whatever its state.
    pub fn content(&self) -> BTreeMap<String, String> {
        let values = self.values.lock().unwrap();
        values.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect()
    }

    fn ready(&self) -> Result<(), Refusal> {
        if self.absent.load(Ordering::SeqCst) {
            return Err(Refusal::Failed("no such service".into()));
        }
        if self.locked.load(Ordering::SeqCst) {
            return Err(Refusal::Locked("prompt dismissed".into()));
        }
        Ok(())
    }
}

impl Backend for Keychain {
    fn get(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        self.ready()?;
        Ok(self.values.lock().unwrap().get(name).cloned())
    }

    fn set(&self, name: &str, value: &str) -> Result<(), Refusal> {
        self.ready()?;
        self.values.lock().unwrap().insert(name.to_owned(), Secret::new(value));
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), Refusal> {
        self.ready()?;
        self.values.lock().unwrap().remove(name);
        Ok(())
    }

    fn limit(&self) -> usize {
        usize::MAX
    }
}
