//! The app's windows: which there are, and which one the journey looks at.

use crate::desk::Desk;
use crate::error::DeskError;

/// A window as WebDriver sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowView {
    /// WebDriver's handle.
    pub handle: String,
    /// The address of its page.
    pub url: String,
    /// The title of its page.
    pub title: String,
}

impl WindowView {
    /// Tells whether the window shows the app itself, not a page of the network.
    pub fn is_app(&self) -> bool {
        self.url.starts_with("tauri://") || self.url.starts_with("http://tauri.localhost")
    }
}

impl Desk {
    /// Lists the windows; afterwards the journey looks at the last one.
    pub async fn windows(&self) -> Result<Vec<WindowView>, DeskError> {
        self.page()?.windows().await
    }

    /// Waits for a window that fits, and looks at it from then on.
    pub async fn window(&self, what: &str, fits: impl Fn(&WindowView) -> bool) -> Result<WindowView, DeskError> {
        self.page()?.window(what, fits).await
    }

    /// Looks at the app's main window.
    pub async fn main_window(&self) -> Result<WindowView, DeskError> {
        self.window("the main window", WindowView::is_app).await
    }

    /// Waits for a sign-in window, and looks at it.
    pub async fn sign_in_window(&self) -> Result<WindowView, DeskError> {
        self.window("a sign-in window", |view| view.url.starts_with("http") && !view.is_app()).await
    }

    /// Waits until only the app's own windows are left, and looks at the main one.
    pub async fn sign_in_closed(&self) -> Result<(), DeskError> {
        self.until("the sign-in window to close", async || {
            let windows = self.windows().await?;
            Ok((!windows.is_empty() && windows.iter().all(WindowView::is_app)).then_some(()))
        })
        .await?;
        self.main_window().await.map(drop)
    }
}
