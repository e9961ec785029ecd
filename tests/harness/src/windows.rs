//! The app's windows: which there are, and which one the journey looks at.

use fantoccini::wd::WindowHandle;

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
        let client = self.client()?;
        let handles = client.windows().await.map_err(|source| command("list the windows", source))?;
        let mut windows = Vec::new();
        for handle in handles {
            // A window may close in between; it is then no window any more.
            if let Ok(view) = self.look_at(handle).await {
                windows.push(view);
            }
        }
        Ok(windows)
    }

    /// Waits for a window that fits, and looks at it from then on.
    pub async fn window(&self, what: &str, fits: impl Fn(&WindowView) -> bool) -> Result<WindowView, DeskError> {
        let found = self.until(what, async || Ok(self.windows().await?.into_iter().find(|view| fits(view)))).await?;
        self.enter(&found.handle).await?;
        Ok(found)
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

    async fn enter(&self, handle: &str) -> Result<(), DeskError> {
        let handle = WindowHandle::try_from(handle.to_owned())
            .map_err(|error| DeskError::Unexpected(format!("a window's handle is not usable: {error}")))?;
        self.client()?.switch_to_window(handle).await.map_err(|source| command("switch to a window", source))
    }

    async fn look_at(&self, handle: WindowHandle) -> Result<WindowView, DeskError> {
        let client = self.client()?;
        let name = String::from(handle.clone());
        client.switch_to_window(handle).await.map_err(|source| command("switch to a window", source))?;
        let url = self.evaluate("return location.href;", Vec::new()).await?;
        let title = client.title().await.map_err(|source| command("read a title", source))?;
        Ok(WindowView { handle: name, url: url.as_str().unwrap_or_default().to_owned(), title })
    }
}

pub(crate) fn command(doing: &str, source: fantoccini::error::CmdError) -> DeskError {
    DeskError::Command { doing: doing.to_owned(), source: Box::new(source) }
}
