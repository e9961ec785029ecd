//! Starting, and the window as it was left.

use std::sync::Arc;
use std::time::Duration;

use crate::Workbench;
use crate::failure::Failure;
use crate::people::identities::identity_view;
use crate::people::pools::pool_view;
use crate::views::{Change, Desk, IdentityView, KeychainView, PoolView, Startup};
use crate::workbench::keychain_view;

/// How long the first paint waits for the keychain; what comes later is told as a change.
const PATIENCE: Duration = Duration::from_millis(150);

impl Workbench {
    /// Gives everything that the window needs to paint itself once.
    ///
    /// # Errors
    /// Never fails today; what could not be read is told in its place.
    pub async fn start(self: &Arc<Self>) -> Result<Startup, Failure> {
        let workbench = Arc::clone(self);
        let mut sessions = tokio::spawn(async move { workbench.open_sessions().await });
        let (shelf, in_time) = tokio::join!(self.read_collections(), tokio::time::timeout(PATIENCE, &mut sessions));
        if in_time.is_ok() {
            self.restart_sandbox().await;
        } else {
            let workbench = Arc::clone(self);
            tokio::spawn(async move {
                if sessions.await.is_ok() {
                    workbench.tell_everyone();
                }
                workbench.restart_sandbox().await;
            });
        }
        let (collections, lost_collections) = shelf;
        Ok(Startup {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: platform().to_owned(),
            collections,
            lost_collections,
            pools: self.pool_views(),
            identities: self.identity_views(),
            keychain: self.vault.get().map_or(KeychainView::Locked, |vault| keychain_view(&vault.status())),
            sandbox: self.running_sandbox(|running| running.view.clone()),
            desk: self.desk_file.read(),
        })
    }

    /// Opens the keychain and reads the sessions in it; done once.
    pub async fn open_sessions(&self) {
        self.sessions_read.get_or_init(|| self.read_sessions()).await;
    }

    /// Asks the system to unlock the keychain, reads again what lies in it, and keeps there what had to wait.
    ///
    /// # Errors
    /// Fails where it stays locked.
    pub async fn unlock_keychain(self: &Arc<Self>) -> Result<Startup, Failure> {
        self.unlock().await?;
        self.read_sessions().await;
        self.keep_what_waited().await;
        self.start().await
    }

    /// Keeps the window as it is for the next start.
    ///
    /// # Errors
    /// Fails where the app's data folder cannot be written.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn save_desk(&self, desk: Desk) -> Result<(), Failure> {
        self.desk_file.write(&desk)
    }

    fn tell_everyone(&self) {
        for identity in self.identity_views() {
            self.shell.changed(Change::Identity { identity: Box::new(identity) });
        }
    }

    fn pool_views(&self) -> Vec<PoolView> {
        self.roster().pools.iter().map(pool_view).collect()
    }

    fn identity_views(&self) -> Vec<IdentityView> {
        let roster = self.roster();
        roster.members.iter().map(|member| identity_view(&roster, member)).collect()
    }
}

fn platform() -> &'static str {
    if cfg!(target_os = "macos") {
        "mac"
    } else if cfg!(windows) {
        "windows"
    } else {
        "linux"
    }
}
