//! The workbench's shell on Tauri.

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use gatepass_workbench::shell::{HostedUiWindow, Shell};
use gatepass_workbench::views::Change;
use gatepass_workbench::{Secret, Workbench};
use tauri::{AppHandle, Manager, Url, WebviewWindow};
use tauri_specta::Event;

use crate::bridge::Changed;
use crate::{clipboard, hosted_ui, main_window};

/// How long each of the system's ways to open an address may take to fail.
const OPENS_WITHIN: Duration = Duration::from_secs(10);

/// Windows, events and the clipboard of the desktop.
#[derive(Clone)]
pub struct Desktop {
    app: AppHandle,
    workbench: Arc<OnceLock<Weak<Workbench>>>,
}

impl Desktop {
    /// Makes it; it has nobody to report to yet.
    pub fn new(app: AppHandle) -> Self {
        Self { app, workbench: Arc::default() }
    }

    /// Names the workbench that judges navigations.
    pub fn report_to(&self, workbench: &Arc<Workbench>) {
        self.workbench.get_or_init(|| Arc::downgrade(workbench));
    }

    fn with(&self, label: &str, act: impl FnOnce(&WebviewWindow) -> tauri::Result<()>) {
        if let Some(window) = self.app.get_webview_window(label)
            && let Err(error) = act(&window)
        {
            tracing::warn!(%error, "a window did not do as it was told");
        }
    }
}

impl Shell for Desktop {
    fn open(&self, window: HostedUiWindow) -> Result<(), String> {
        let workbench = self.workbench.get().ok_or("the app is still starting")?;
        hosted_ui::open(&self.app, workbench, window).map_err(|error| error.to_string())
    }

    fn show(&self, label: &str) {
        self.with(label, |window| {
            window.show()?;
            window.set_focus()
        });
    }

    fn close(&self, label: &str) {
        self.with(label, WebviewWindow::destroy);
    }

    fn clear_jar(&self, label: &str) {
        self.with(label, WebviewWindow::clear_all_browsing_data);
    }

    fn open_browser(&self, url: &Url) -> Result<(), String> {
        // A way that is still running by then has a browser open.
        open::that_detached_with_timeout(url.as_str(), OPENS_WITHIN).map_err(|error| error.to_string())
    }

    fn come_to_front(&self) {
        self.with(main_window::LABEL, |window| {
            window.unminimize()?;
            window.set_focus()
        });
    }

    fn changed(&self, change: Change) {
        if let Err(error) = Changed(change).emit_to(&self.app, main_window::LABEL) {
            tracing::warn!(%error, "the window could not be told of a change");
        }
    }

    fn copy(&self, secret: Secret) -> Result<(), String> {
        clipboard::lend(secret)
    }
}
