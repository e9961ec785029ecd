//! The vault against a real Secret Service: a private session bus and a throw-away gnome-keyring for each test.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "the steps that tests share")]

mod absent;
mod damaged;
mod interrupted;
mod kept;
mod locked;
mod opened;
mod program;
mod prompter;
mod refused;
mod session;
