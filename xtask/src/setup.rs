//! Makes a fresh machine ready: system packages, Rust's components, Node and the UI's packages.

mod elsewhere;
mod packages;

use std::env;
use std::fs;
use std::process::Command;

use crate::failure::Failure;
use crate::places;
use crate::steps::Steps;
use crate::ui;

pub use packages::Need;

/// Runs the set-up alone.
pub fn command() -> Result<(), Failure> {
    let mut steps = Steps::new();
    everything(&mut steps, Need::Tests)?;
    println!("\nAll is there. `cargo xtask run` opens the app, `cargo xtask test` checks everything.");
    Ok(())
}

/// Installs whatever is missing for what is asked.
pub fn everything(steps: &mut Steps, need: Need) -> Result<(), Failure> {
    if env::consts::OS == "linux" && places::program("dpkg-query").is_some() {
        packages::install_missing(steps, need)?;
    } else {
        elsewhere::check(steps, need)?;
    }
    if need == Need::Tests {
        rust_components(steps)?;
    }
    node(steps)?;
    ui::install(steps)
}

fn rust_components(steps: &mut Steps) -> Result<(), Failure> {
    let missing: Vec<&str> = [("rustfmt", "fmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(_, subcommand)| !answers(Command::new(places::cargo()).args([subcommand, "--version"])))
        .map(|(component, _)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("Install them with: rustup component add {}", missing.join(" "));
    if places::program("rustup").is_none() {
        return Err(Failure::new(format!("Rust's {} are missing.", missing.join(" and ")), by_hand));
    }
    let mut command = Command::new("rustup");
    command.args(["component", "add"]).args(&missing);
    steps.run("Rust components", &mut command, &by_hand).map(drop)
}

fn node(steps: &mut Steps) -> Result<(), Failure> {
    const ADVICE: &str = "Install Node 20 or newer with npm, for instance from https://nodejs.org/en/download, \
                          and run the same command again.";
    steps.act("Node", || {
        let output = Command::new("node").arg("--version").output().map_err(|error| {
            Failure::io("Node is needed to build the user interface and is not on the PATH.", ADVICE, error)
        })?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        match major(&said) {
            Some(major) if major >= 20 => Ok(()),
            _ => Err(Failure::new(format!("Node 20 or newer is needed; this one is {said}."), ADVICE)),
        }?;
        if answers(ui::npm().arg("--version")) {
            Ok(())
        } else {
            Err(Failure::new("npm is needed to install the user interface's packages and does not answer.", ADVICE))
        }
    })
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn answers(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Gives the name of the Linux distribution, as it calls itself.
fn distribution() -> String {
    let Ok(release) = fs::read_to_string("/etc/os-release") else {
        return env::consts::OS.to_owned();
    };
    release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .map_or_else(|| env::consts::OS.to_owned(), |name| name.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("v8.1.0"), Some(8));
        assert_eq!(major("command not found"), None);
    }
}
