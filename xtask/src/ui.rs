//! The user interface: its packages, its build and its checks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::failure::Failure;
use crate::places;
use crate::steps::Steps;
use crate::terminal;

const SOURCES: &[&str] = &[
    "index.html",
    "package-lock.json",
    "public",
    "src",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
];

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
        Failure::io(
            format!("{} cannot be written.", stamp.display()),
            "Check the folder's owner.",
            error,
        )
    })
}

/// Builds the user interface, when a source is newer than what was built.
pub fn build(steps: &mut Steps) -> Result<(), Failure> {
    let built = places::ui().join("dist/index.html");
    if let Ok(built) = fs::metadata(&built).and_then(|about| about.modified()) {
        let newest = SOURCES
            .iter()
            .filter_map(|name| newest(&places::ui().join(name)))
            .max();
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

/// Runs one of the UI's own programs as a step.
pub fn tool(steps: &mut Steps, name: &str, words: &[&str], advice: &str) -> Result<(), Failure> {
    steps
        .run(name, npm().args(["exec", "--no", "--"]).args(words), advice)
        .map(drop)
}

/// Proves that svelte-check still sees a type error: one planted in a copy must make it fail.
pub fn canary(steps: &mut Steps) -> Result<(), Failure> {
    steps.act("svelte-check's canary", || {
        let copy = places::logs().join("canary");
        plant(&copy).map_err(|error| {
            Failure::io(
                "The copy for the canary was not made.",
                "Delete target/xtask/canary and try again.",
                error,
            )
        })?;
        let output = npm()
            .current_dir(&copy)
            .args(["exec", "--no", "--", "svelte-check", "--output", "machine"])
            .env_remove("FORCE_COLOR")
            .output()
            .map_err(|error| {
                Failure::io("svelte-check did not run.", "Run `npm ci` in ui/.", error)
            })?;
        let said = String::from_utf8_lossy(&output.stdout);
        let seen = said
            .lines()
            .any(|line| line.contains("ERROR") && line.contains("Canary.svelte"));
        if seen && !output.status.success() {
            return Ok(());
        }
        drop(fs::write(places::logs().join("canary.log"), output.stdout));
        Err(Failure::new(
            "svelte-check passed over a planted type error, so its approval means nothing.",
            "Look at target/xtask/canary.log; typescript 7 with svelte-check 4.7 has done this.",
        ))
    })
}

fn plant(copy: &Path) -> std::io::Result<()> {
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    fs::create_dir_all(copy)?;
    for entry in fs::read_dir(places::ui())? {
        let entry = entry?;
        let name = entry.file_name();
        if name == "node_modules" || name == "dist" {
            continue;
        }
        copy_all(&entry.path(), &copy.join(name))?;
    }
    link(
        &places::ui().join("node_modules"),
        &copy.join("node_modules"),
    )?;
    fs::write(
        copy.join("src/Canary.svelte"),
        "<script lang=\"ts\">\n  const count: number = \"not a number\";\n</script>\n\n<p>{count}</p>\n",
    )
}

fn copy_all(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy_all(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    copy_all(from, to)
}

fn newest(path: &PathBuf) -> Option<SystemTime> {
    let about = fs::metadata(path).ok()?;
    if !about.is_dir() {
        return about.modified().ok();
    }
    let inside = fs::read_dir(path)
        .ok()?
        .flatten()
        .filter_map(|entry| newest(&entry.path()))
        .max();
    inside.max(about.modified().ok())
}
