use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatepass_exchange::Engine;
use gatepass_identity::Network;
use gatepass_vault::{Vault, VaultStatus};
use tokio::sync::OnceCell;

use crate::answers::Answers;
use crate::failure::{Code, Failure};
use crate::people::roster::Roster;
use crate::sandbox::RunningSandbox;
use crate::sending::Sends;
use crate::shelf::Shelf;
use crate::shell::Shell;
use crate::sign_in::WaysBack;
use crate::sign_in::hosted_ui::OpenWindow;
use crate::store::{JsonFile, private_folder};
use crate::tokens::freshness::Watch;
use crate::tokens::renewal::Renewals;
use crate::views::{Change, KeychainView};

/// The service under which secrets lie in the keychain.
pub const KEYCHAIN_SERVICE: &str = "dev.gatepass.app";

/// Where Gatepass keeps its files.
#[derive(Debug, Clone)]
pub struct Places {
    /// Pools, identities, desk and cookie jars.
    pub data: PathBuf,
    /// Contents of answers.
    pub cache: PathBuf,
    /// Where new collections go unless the user says otherwise.
    pub documents: PathBuf,
}

/// How long the use cases wait for others.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the user to sign in; an attempt never lives longer than its own five minutes.
    pub sign_in: Duration,
    /// For a hidden window, before the user is shown what holds it up.
    pub hidden_window: Duration,
    /// For a pool to end its session, before the cookies are cleared all the same.
    pub farewell: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            sign_in: gatepass_identity::LIFETIME,
            hidden_window: Duration::from_secs(8),
            farewell: Duration::from_secs(4),
        }
    }
}

/// The use cases. One for the life of the app; every method may be called from any task.
pub struct Workbench {
    pub(crate) places: Places,
    pub(crate) shell: Arc<dyn Shell>,
    pub(crate) vault: OnceCell<Vault>,
    given_vault: Option<Vault>,
    pub(crate) patience: Patience,
    /// Held while an identity's tokens are written or removed, so that a sign-out is the last word.
    pub(crate) tokens_turn: tokio::sync::Mutex<()>,
    pub(crate) network: Network,
    pub(crate) renewals: Renewals,
    pub(crate) ways_back: WaysBack,
    pub(crate) watch: Watch,
    pub(crate) roster: Mutex<Roster>,
    pub(crate) windows: Mutex<HashMap<String, OpenWindow>>,
    pub(crate) shelf: Shelf,
    pub(crate) engine: Engine,
    pub(crate) answers: Answers,
    pub(crate) sends: Sends,
    pub(crate) sandbox: tokio::sync::Mutex<Option<RunningSandbox>>,
    pub(crate) sandbox_file: JsonFile,
    pub(crate) desk_file: JsonFile,
    pub(crate) sessions_read: OnceCell<()>,
}

impl Workbench {
    /// Opens the workbench on its folders, making them where they are missing.
    ///
    /// The keychain is not touched here: the window is painted while it opens.
    ///
    /// # Errors
    /// Fails where a folder cannot be made.
    pub fn open(places: Places, shell: Arc<dyn Shell>) -> Result<Self, Failure> {
        Self::open_on(places, shell, None, Patience::default())
    }

    /// Opens the workbench as [`Workbench::open`] does, with its secrets in another place than the system's keychain and
    /// with a patience of its own.
    ///
    /// # Errors
    /// Fails where a folder cannot be made.
    pub fn open_with(places: Places, shell: Arc<dyn Shell>, vault: Vault, patience: Patience) -> Result<Self, Failure> {
        Self::open_on(places, shell, Some(vault), patience)
    }

    fn open_on(
        places: Places,
        shell: Arc<dyn Shell>,
        given_vault: Option<Vault>,
        patience: Patience,
    ) -> Result<Self, Failure> {
        for folder in [&places.data, &places.cache] {
            private_folder(folder).map_err(|error| {
                Failure::from_error(
                    Code::FileUnwritable,
                    &error,
                    format!("Make {} writable, or free some space, and start again.", folder.display()),
                )
            })?;
        }
        let engine = Engine::new(&places.cache)
            .map_err(|error| Failure::from_error(Code::FileUnwritable, &error, "Check the cache folder."))?;
        let file = |name| JsonFile::new(&places.data, name);
        let workbench = Self {
            roster: Mutex::new(Roster::read(file("pools.json"), file("identities.json"))),
            shelf: Shelf::new(file("collections.json")),
            sandbox_file: file("sandbox.json"),
            desk_file: file("desk.json"),
            places,
            shell,
            vault: OnceCell::new(),
            given_vault,
            patience,
            tokens_turn: tokio::sync::Mutex::default(),
            network: Network::new(),
            renewals: Renewals::default(),
            ways_back: WaysBack::default(),
            watch: Watch::default(),
            windows: Mutex::default(),
            engine,
            answers: Answers::default(),
            sends: Sends::default(),
            sandbox: tokio::sync::Mutex::default(),
            sessions_read: OnceCell::new(),
        };
        workbench.forget_sessions();
        Ok(workbench)
    }

    /// The vault, opened at the first call.
    pub(crate) async fn vault(&self) -> &Vault {
        self.vault
            .get_or_init(|| async {
                let vault = match &self.given_vault {
                    Some(vault) => vault.clone(),
                    None => Vault::open(KEYCHAIN_SERVICE).await,
                };
                self.follow(&vault);
                vault
            })
            .await
    }

    /// Tells the window when the keychain is locked, unlocked or lost.
    fn follow(&self, vault: &Vault) {
        let (mut changes, shell) = (vault.status_changes(), self.shell.clone());
        tokio::spawn(async move {
            while changes.changed().await.is_ok() {
                let keychain = keychain_view(&changes.borrow_and_update());
                shell.changed(Change::Keychain { keychain });
            }
        });
    }

    pub(crate) fn roster(&self) -> MutexGuard<'_, Roster> {
        self.roster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn windows(&self) -> MutexGuard<'_, HashMap<String, OpenWindow>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn keychain_view(status: &VaultStatus) -> KeychainView {
    match status {
        VaultStatus::Keychain => KeychainView::Unlocked,
        VaultStatus::Locked => KeychainView::Locked,
        VaultStatus::SessionOnly { reason } => KeychainView::SessionOnly { reason: reason.clone() },
    }
}
