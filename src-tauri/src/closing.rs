//! Closing the main window: what its page still holds is kept first.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tauri::{AppHandle, CloseRequestApi, Manager};
use tauri_specta::Event;

use crate::bridge::Closing;
use crate::main_window;

/// How long the page may take: one that hangs does not keep its window open.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the page was asked already.
#[derive(Default)]
pub struct Asked(AtomicBool);

/// Puts a close off until the page has handed over what it holds. Whoever closes once more closes at once.
pub fn put_off(app: &AppHandle, close: &CloseRequestApi) {
    let asked = app.state::<Asked>();
    if asked.0.swap(true, Ordering::Relaxed) || Closing.emit_to(app, main_window::LABEL).is_err() {
        return;
    }
    close.prevent_close();
    let app = app.clone();
    thread::spawn(move || {
        thread::sleep(PATIENCE);
        main_window::close(&app);
    });
}
