//! All that the use cases know of windows, events and the clipboard.

use std::path::PathBuf;

use gatepass_vault::Secret;
use url::Url;

use crate::views::Change;

/// A window on a user pool's hosted UI, to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedUiWindow {
    /// Names the window; unique for the life of the app.
    pub label: String,
    /// The page to open.
    pub url: Url,
    /// What stands in the window's title.
    pub title: String,
    /// The folder of the identity's own cookies, the user's alone.
    pub jar: PathBuf,
    /// Whether the user sees it at once.
    pub visible: bool,
}

/// What the desktop does for the use cases. Every call returns at once, but for the browser's.
///
/// The shell reports back by [`Workbench::navigated`](crate::Workbench::navigated) and
/// [`Workbench::closed`](crate::Workbench::closed).
pub trait Shell: Send + Sync + 'static {
    /// Opens a window on a hosted UI: no capability, no popups, no downloads.
    ///
    /// # Errors
    /// Says why the window could not be opened.
    fn open(&self, window: HostedUiWindow) -> Result<(), String>;
    /// Shows a window that was opened unseen, and brings it to the front.
    fn show(&self, label: &str);
    /// Closes a window.
    fn close(&self, label: &str);
    /// Removes all cookies and stored data of the jar that a window uses.
    fn clear_jar(&self, label: &str);
    /// Opens an address in the system's browser, and waits a while for that to fail. Called on a thread that may wait.
    ///
    /// # Errors
    /// Says why no browser could be opened.
    fn open_browser(&self, url: &Url) -> Result<(), String>;
    /// Brings the main window to the front, as the browser is done.
    fn come_to_front(&self);
    /// Tells the main window of a change.
    fn changed(&self, change: Change);
    /// Puts a secret on the clipboard and takes it off again after a minute, if it is still there.
    ///
    /// # Errors
    /// Says why the clipboard could not be written.
    fn copy(&self, secret: Secret) -> Result<(), String>;
}
