//! Gatepass, the API client that is already signed in.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    gatepass_app::run()
}
