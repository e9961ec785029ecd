//! `cargo xtask run`: from nothing to the open window.

use std::env;
use std::process::Command;

use crate::app;
use crate::failure::Failure;
use crate::setup::{self, Need};
use crate::steps::Steps;
use crate::terminal::paint;
use crate::tour;
use crate::ui;

/// Sets up, builds and opens the app, or plays the tour where there is no display.
pub fn command(release: bool) -> Result<(), Failure> {
    if !has_display() {
        println!("There is no display here, so the app opens in a virtual one and plays the tour.\n");
        return tour::command();
    }
    let mut steps = Steps::new();
    setup::everything(&mut steps, Need::App)?;
    ui::build(&mut steps)?;
    let program = app::build(&mut steps, release)?;
    println!("\n{} Close its window, or press Ctrl-C here, to end it.", paint("1", "Gatepass opens."));
    // In the foreground: its output and Ctrl-C belong to this terminal.
    let status = Command::new(&program).status().map_err(|error| {
        Failure::io(format!("{} did not start.", program.display()), "Build it anew with `cargo xtask run`.", error)
    })?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(
        format!("Gatepass ended with {status}."),
        "What it said stands above; `cargo xtask tour` shows whether it runs on a virtual display.",
    ))
}

fn has_display() -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    env::consts::OS != "linux" || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
