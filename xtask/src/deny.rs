//! cargo-deny: bans, licences and sources. Advisories need the network and are not asked here.

use std::process::Command;

use crate::failure::Failure;
use crate::places;
use crate::steps::Steps;

const VERSION: &str = "0.20.2";

/// Checks the dependencies, installing cargo-deny for this project when it is nowhere.
pub fn check(steps: &mut Steps) -> Result<(), Failure> {
    let own = places::tools().join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    let program = match places::program("cargo-deny") {
        Some(program) => program,
        None if own.is_file() => own,
        None => {
            install(steps)?;
            own
        }
    };
    let mut command = Command::new(program);
    command.current_dir(places::root()).args(["--locked", "check", "bans", "licenses", "sources"]);
    steps.run("Dependencies (cargo-deny)", &mut command, "deny.toml says what is allowed, and why.").map(drop)
}

fn install(steps: &mut Steps) -> Result<(), Failure> {
    let mut command = Command::new(places::cargo());
    // Unoptimised: it reads a few hundred manifests, and compiles in a third of the time.
    command
        .current_dir(places::root())
        .args(["install", "cargo-deny", "--version", VERSION, "--locked", "--debug", "--root"])
        .arg(places::tools());
    steps
        .run(
            "Installing cargo-deny, once",
            &mut command,
            "It comes from the registry of crates: check the network, then run the same command again.",
        )
        .map(drop)
}
