//! The shell: windows and one-line commands over the workbench. Only this crate knows Tauri.

pub mod bridge;
mod commands;
mod dialogs;
mod marks;

/// Runs the app until it is closed.
pub fn run() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
