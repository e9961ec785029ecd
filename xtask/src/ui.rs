//! The user interface: its packages, its build and its checks.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::failure::Failure;
use crate::places;
use crate::steps::Steps;
use crate::terminal;

const SOURCES: &[&str] =
    &["index.html", "package-lock.json", "public", "src", "svelte.config.js", "tsconfig.json", "vite.config.ts"];

/// Makes npm's command, in the folder of the user interface.
pub fn npm() -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(places::ui());
    if terminal::has_colour() {
        command.env("FORCE_COLOR", "1");
    }
    command
}

/// Installs the packages of the lock file, when they are not those already there.
pub fn install(steps: &mut Steps) -> Result<(), Failure> {
    let lock = places::ui().join("package-lock.json");
    let stamp = places::ui().join("node_modules/.installed-lock.json");
    let wanted = fs::read(&lock).map_err(|error| {
        Failure::io(
            format!("{} cannot be read.", lock.display()),
            "Take it back from version control: git checkout ui/package-lock.json",
            error,
        )
    })?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    steps.run(
        "UI packages",
        npm().args(["ci", "--no-audit", "--no-fund"]),
        "npm needs its registry once: check the network, then run the same command again.",
    )?;
    fs::write(&stamp, wanted).map_err(|error| {
        Failure::io(format!("{} cannot be written.", stamp.display()), "Check the folder's owner.", error)
    })
}

/// Builds the user interface, when a source is newer than what was built.
pub fn build(steps: &mut Steps) -> Result<(), Failure> {
    let built = places::ui().join("dist/index.html");
    if let Ok(built) = fs::metadata(&built).and_then(|about| about.modified()) {
        let newest = SOURCES.iter().filter_map(|name| newest(&places::ui().join(name))).max();
        if newest.is_some_and(|newest| newest < built) {
            return Ok(());
        }
    }
    steps
        .run(
            "Building the UI",
            npm().args(["run", "build"]),
            "The log names the file and line; `npm run build` in ui/ repeats only this.",
        )
        .map(drop)
}

/// Runs one of the UI's own scripts as a step.
pub fn script(steps: &mut Steps, name: &str, script: &str, advice: &str) -> Result<(), Failure> {
    steps.run(name, npm().args(["run", "--silent", script]), advice).map(drop)
}

fn newest(path: &Path) -> Option<SystemTime> {
    let about = fs::metadata(path).ok()?;
    if !about.is_dir() {
        return about.modified().ok();
    }
    fs::read_dir(path).ok()?.flatten().filter_map(|entry| newest(&entry.path())).max()
}
