//! Secrets on the clipboard, for a minute.

use std::thread;
use std::time::{Duration, Instant};

use arboard::Clipboard;
use gatepass_workbench::Secret;

const STAY: Duration = Duration::from_mins(1);

/// Puts a secret on the clipboard and takes it off after a minute, if nothing else was copied since.
///
/// # Errors
/// Says why the clipboard could not be written.
pub fn lend(secret: Secret) -> Result<(), String> {
    let mut clipboard = Clipboard::new().map_err(|error| error.to_string())?;
    put(&mut clipboard, &secret).map_err(|error| error.to_string())?;
    // On X11 the clipboard lives as long as its owner: the thread holds it until the minute is over.
    thread::spawn(move || {
        let end = Instant::now() + STAY;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            thread::park_timeout(left);
        }
        if clipboard.get_text().is_ok_and(|text| Secret::new(text) == secret)
            && let Err(error) = clipboard.clear()
        {
            tracing::warn!(%error, "a copied secret could not be taken off the clipboard");
        }
    });
    Ok(())
}

#[cfg(target_os = "linux")]
fn put(clipboard: &mut Clipboard, secret: &Secret) -> Result<(), arboard::Error> {
    use arboard::SetExtLinux;
    clipboard.set().exclude_from_history().text(secret.expose())
}

#[cfg(not(target_os = "linux"))]
fn put(clipboard: &mut Clipboard, secret: &Secret) -> Result<(), arboard::Error> {
    clipboard.set_text(secret.expose())
}
