//! Builds the app and the Rust tests.

use std::process::Command;

use crate::failure::Failure;
use crate::places;
use crate::steps::Steps;
use crate::terminal;

/// What to do when Rust does not compile.
pub const COMPILE_ADVICE: &str = "The compiler's messages stand above.";

/// Makes cargo's command, in the folder of the workspace.
pub fn cargo() -> Command {
    let mut command = Command::new(places::cargo());
    command.current_dir(places::root());
    if terminal::has_colour() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    command
}

/// Builds the app and gives the path of its program.
pub fn build(steps: &mut Steps, release: bool) -> Result<std::path::PathBuf, Failure> {
    let mut command = cargo();
    command.args(["build", "--package", "gatepass"]);
    if release {
        command.arg("--release");
    }
    let name = if release { "Building the app, optimised" } else { "Building the app" };
    steps.run(name, &mut command, COMPILE_ADVICE)?;
    let profile = if release { "release" } else { "debug" };
    Ok(places::target().join(profile).join(format!("gatepass{}", std::env::consts::EXE_SUFFIX)))
}
