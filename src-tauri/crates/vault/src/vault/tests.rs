mod moods;

use std::sync::mpsc;

use super::*;

/// What a keychain does at this moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mood {
    #[default]
    Open,
    Locked,
    Absent,
    Denied,
    /// It can be read, and takes nothing more.
    Full,
    /// It takes everything and keeps nothing.
    Forgetful,
    /// It has everything twice.
    Twice,
}

/// A keychain whose mood changes, and which may hang at a prompt until the test answers it.
#[derive(Default)]
struct Moody {
    values: Memory,
    mood: std::sync::Mutex<Mood>,
    /// The mood after so many more calls.
    next: std::sync::Mutex<Option<(usize, Mood)>>,
    prompt: std::sync::Mutex<Option<mpsc::Receiver<()>>>,
}

impl Moody {
    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn is_after(&self, calls: usize, mood: Mood) {
        *self.next.lock().unwrap() = Some((calls, mood));
    }

    /// A prompt at which the next call hangs until there is an answer.
    fn asks(&self) -> mpsc::Sender<()> {
        let (answer, prompt) = mpsc::channel();
        *self.prompt.lock().unwrap() = Some(prompt);
        answer
    }

    fn ready(&self) -> Result<Mood, Refusal> {
        let prompt = self.prompt.lock().unwrap().take();
        if let Some(answer) = prompt {
            answer.recv().unwrap();
        }
        let mut next = self.next.lock().unwrap();
        match next.as_mut() {
            Some((0, mood)) => {
                self.is(*mood);
                *next = None;
            }
            Some((calls, _)) => *calls -= 1,
            None => {}
        }
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Open | Mood::Full | Mood::Forgetful => Ok(mood),
            Mood::Twice => Err(Refusal::Ambiguous),
            Mood::Locked => Err(Refusal::Locked("prompt dismissed".into())),
            Mood::Absent => Err(Refusal::Failed("no such service".into())),
            Mood::Denied => Err(Refusal::Denied("the user said no".into())),
        }
    }
}

impl Backend for Moody {
    fn get(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        self.ready()?;
        self.values.get(name)
    }

    fn set(&self, name: &str, value: &str) -> Result<(), Refusal> {
        match self.ready()? {
            Mood::Full => Err(Refusal::Failed("no space left".into())),
            Mood::Forgetful => Ok(()),
            _ => self.values.set(name, value),
        }
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
    EntryName::new("identity/1/tokens")
}

async fn open(backend: &Arc<Moody>) -> Vault {
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
    let keychain = Arc::new(Moody::default());
    open(&keychain).await;
    assert_eq!(keychain.get(&format!("probe/{}", std::process::id())).unwrap(), None);
}

#[tokio::test]
async fn without_a_keychain_the_secrets_live_in_memory_and_the_reason_is_told() {
    let keychain = Arc::new(Moody::default());
    keychain.is(Mood::Absent);
    let vault = open(&keychain).await;
    let reason = "the keychain failed: no such service".to_owned();
    assert_eq!(vault.status(), VaultStatus::SessionOnly { reason });
    vault.write(&entry(), &Secret::new("token")).await.unwrap();
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(Secret::new("token")));
}

#[tokio::test]
async fn a_locked_keychain_is_not_an_empty_one_and_opens_at_a_later_call() {
    let keychain = Arc::new(Moody::default());
    keychain.set(entry().as_str(), "=token").unwrap();
    keychain.is(Mood::Locked);

    let vault = open(&keychain).await;
    assert_eq!(vault.status(), VaultStatus::Locked);
    assert!(vault.read(&entry()).await.unwrap_err().is_locked());
    assert!(vault.write(&entry(), &Secret::new("other")).await.unwrap_err().is_locked());

    keychain.is(Mood::Open);
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(Secret::new("token")));
    assert_eq!(vault.status(), VaultStatus::Keychain);
}

#[tokio::test]
async fn a_keychain_that_is_locked_later_is_shown_as_locked() {
    let keychain = Arc::new(Moody::default());
    let vault = open(&keychain).await;
    let mut changes = vault.status_changes();
    keychain.is(Mood::Locked);
    assert!(vault.read(&entry()).await.unwrap_err().is_locked());
    changes.changed().await.unwrap();
    assert_eq!(*changes.borrow(), VaultStatus::Locked);
}

#[tokio::test]
async fn a_locked_keychain_that_goes_away_is_an_error_and_no_fresh_start() {
    let keychain = Arc::new(Moody::default());
    keychain.is(Mood::Locked);
    let vault = open(&keychain).await;
    keychain.is(Mood::Absent);
    assert!(matches!(vault.read(&entry()).await, Err(VaultError::Unavailable { .. })));
    assert_eq!(vault.status(), VaultStatus::Locked);
}

#[tokio::test]
async fn a_prompt_does_not_hold_up_the_start_and_its_answer_is_taken_over() {
    let keychain = Arc::new(Moody::default());
    let answer = keychain.asks();
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
