use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use super::*;

/// A keychain with a lock on it, which may hang at a prompt until the test answers it.
#[derive(Default)]
struct Lockable {
    values: Memory,
    locked: AtomicBool,
    absent: AtomicBool,
    prompt: std::sync::Mutex<Option<mpsc::Receiver<()>>>,
}

impl Lockable {
    fn ready(&self) -> Result<(), Refusal> {
        if let Some(answer) = self.prompt.lock().unwrap().take() {
            answer.recv().unwrap();
        }
        if self.absent.load(Ordering::SeqCst) {
            return Err(Refusal::Failed("no such service".into()));
        }
        if self.locked.load(Ordering::SeqCst) {
            return Err(Refusal::Locked("prompt dismissed".into()));
        }
        Ok(())
    }
}

impl Backend for Lockable {
    fn get(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        self.ready()?;
        self.values.get(name)
    }

    fn set(&self, name: &str, value: &str) -> Result<(), Refusal> {
        self.ready()?;
        self.values.set(name, value)
    }

    fn remove(&self, name: &str) -> Result<(), Refusal> {
        self.ready()?;
        self.values.remove(name)
    }

    fn limit(&self) -> usize {
        64
    }
}

fn entry() -> EntryName {
    EntryName::new("identity/1/id-token")
}

async fn open(backend: &Arc<Lockable>) -> Vault {
    Vault::open_on(backend.clone(), Duration::from_mins(1)).await
}

#[tokio::test]
async fn what_is_written_is_read_and_deleted() {
    let vault = open(&Arc::default()).await;
    assert_eq!(vault.status(), VaultStatus::Keychain);
    vault.write(&entry(), &Secret::new("x".repeat(500))).await.unwrap();
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(Secret::new("x".repeat(500))));
    vault.delete(&entry()).await.unwrap();
    assert_eq!(vault.read(&entry()).await.unwrap(), None);
}

#[tokio::test]
async fn the_probe_leaves_nothing_behind() {
    let keychain = Arc::new(Lockable::default());
    open(&keychain).await;
    assert_eq!(keychain.get(&format!("probe/{}", std::process::id())).unwrap(), None);
}

#[tokio::test]
async fn without_a_keychain_the_secrets_live_in_memory_and_the_reason_is_told() {
    let keychain = Arc::new(Lockable::default());
    keychain.absent.store(true, Ordering::SeqCst);
    let vault = open(&keychain).await;
    let reason = "the keychain failed: no such service".to_owned();
    assert_eq!(vault.status(), VaultStatus::SessionOnly { reason });
    vault.write(&entry(), &Secret::new("token")).await.unwrap();
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(Secret::new("token")));
}

#[tokio::test]
async fn a_locked_keychain_is_not_an_empty_one_and_opens_at_a_later_call() {
    let keychain = Arc::new(Lockable::default());
    keychain.set(entry().as_str(), "=token").unwrap();
    keychain.locked.store(true, Ordering::SeqCst);

    let vault = open(&keychain).await;
    assert_eq!(vault.status(), VaultStatus::Locked);
    assert!(vault.read(&entry()).await.unwrap_err().is_locked());
    assert!(vault.write(&entry(), &Secret::new("other")).await.unwrap_err().is_locked());

    keychain.locked.store(false, Ordering::SeqCst);
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(Secret::new("token")));
    assert_eq!(vault.status(), VaultStatus::Keychain);
}

#[tokio::test]
async fn a_keychain_that_is_locked_later_is_shown_as_locked() {
    let keychain = Arc::new(Lockable::default());
    let vault = open(&keychain).await;
    let mut changes = vault.status_changes();
    keychain.locked.store(true, Ordering::SeqCst);
    assert!(vault.read(&entry()).await.unwrap_err().is_locked());
    changes.changed().await.unwrap();
    assert_eq!(*changes.borrow(), VaultStatus::Locked);
}

#[tokio::test]
async fn a_locked_keychain_that_goes_away_is_an_error_and_no_fresh_start() {
    let keychain = Arc::new(Lockable::default());
    keychain.locked.store(true, Ordering::SeqCst);
    let vault = open(&keychain).await;
    keychain.absent.store(true, Ordering::SeqCst);
    assert!(matches!(vault.read(&entry()).await, Err(VaultError::Unavailable { .. })));
    assert_eq!(vault.status(), VaultStatus::Locked);
}

#[tokio::test]
async fn a_locked_keychain_can_be_given_up_for_the_session() {
    let keychain = Arc::new(Lockable::default());
    keychain.set(entry().as_str(), "=token").unwrap();
    keychain.locked.store(true, Ordering::SeqCst);
    let vault = open(&keychain).await;
    vault.continue_in_memory("the keychain stayed locked").await;
    vault.write(&entry(), &Secret::new("fresh")).await.unwrap();
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(Secret::new("fresh")));

    keychain.locked.store(false, Ordering::SeqCst);
    assert_eq!(keychain.get(entry().as_str()).unwrap(), Some(Secret::new("=token")));
}

#[tokio::test]
async fn a_prompt_does_not_hold_up_the_start_and_its_answer_is_taken_over() {
    let (answer, prompt) = mpsc::channel();
    let keychain = Arc::new(Lockable { prompt: std::sync::Mutex::new(Some(prompt)), ..Lockable::default() });
    let vault = Vault::open_on(keychain, Duration::from_millis(1)).await;
    assert_eq!(vault.status(), VaultStatus::Locked);

    let mut changes = vault.status_changes();
    answer.send(()).unwrap();
    changes.wait_for(|status| *status == VaultStatus::Keychain).await.unwrap();
    assert_eq!(vault.read(&entry()).await.unwrap(), None);
}

#[test]
fn neither_a_vault_nor_a_secret_prints_what_it_holds() {
    let vault = Vault::in_memory("a test");
    assert!(format!("{vault:?}").contains("SessionOnly"));
    assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
}
