//! The system's browser.

use std::process::{Command, Stdio};

use tauri::Url;

/// Opens an address, by the first of the system's ways that works.
///
/// # Errors
/// Says how the last way failed.
pub fn open(url: &Url) -> Result<(), String> {
    let mut failure = "this system has no way to open an address".to_owned();
    for mut command in open::commands(url.as_str()) {
        let program = command.get_program().to_string_lossy().into_owned();
        apart(&mut command);
        match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status() {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => failure = format!("{program} ended with {status}"),
            // A way that is not installed says less than one that failed.
            Err(_) => {}
        }
    }
    Err(failure)
}

/// A browser that this app was the first to open is not closed with it by the terminal.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn apart(_: &mut Command) {}
