//! System packages on Debian and Ubuntu.

use std::env;
use std::io::{self, Write};
use std::process::Command;

use crate::failure::Failure;
use crate::places;
use crate::steps::Steps;
use crate::terminal;

/// Needed to compile and to bundle.
const BUILD: &[&str] = &["build-essential", "file", "libwebkit2gtk-4.1-dev", "librsvg2-dev", "pkg-config"];

/// Needed for a virtual display, a private session bus, a keyring, WebDriver, and a browser to sign in with.
const TESTS: &[&str] = &[
    "chromium",
    "chromium-driver",
    "dbus",
    "fonts-dejavu-core",
    "gnome-keyring",
    "imagemagick",
    "libsecret-tools",
    "webkit2gtk-driver",
    "xdg-utils",
    "xdotool",
    "xvfb",
];

/// How much has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Enough to build and open the app.
    App,
    /// Enough to test it where there is no display.
    Tests,
}

/// Installs the packages that dpkg does not know as installed.
pub fn install_missing(steps: &mut Steps, need: Need) -> Result<(), Failure> {
    let missing = steps.act("System packages", || Ok(missing_of(&wanted(need), &installed(&wanted(need))?)))?;
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("sudo apt-get update && sudo apt-get install --yes {}", missing.join(" "));
    println!("  missing: {}", missing.join(" "));
    if is_root() {
        return apt(steps, &missing, &by_hand);
    }
    if !terminal::can_answer() || places::program("sudo").is_none() {
        return Err(Failure::new(
            "System packages are missing, and installing them needs root.",
            format!("Run this, then the same command again:\n  {by_hand}"),
        ));
    }
    if agreed(&by_hand) {
        sudo(&missing, &by_hand)
    } else {
        Err(Failure::new("Nothing was installed.", format!("Install the packages with:\n  {by_hand}")))
    }
}

fn wanted(need: Need) -> Vec<&'static str> {
    match need {
        Need::App => BUILD.to_vec(),
        Need::Tests => [BUILD, TESTS].concat(),
    }
}

fn installed(wanted: &[&str]) -> Result<String, Failure> {
    let output = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${Package} ${db:Status-Status}\\n"])
        .args(wanted)
        .output()
        .map_err(|error| Failure::io("dpkg-query did not run.", "Check that dpkg works on this machine.", error))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn missing_of(wanted: &[&'static str], dpkg: &str) -> Vec<&'static str> {
    let is_there = |package: &str| dpkg.lines().any(|line| line.split_once(' ') == Some((package, "installed")));
    wanted.iter().copied().filter(|package| !is_there(package)).collect()
}

fn apt(steps: &mut Steps, missing: &[&str], by_hand: &str) -> Result<(), Failure> {
    let advice = format!("Look at the log for what apt-get says; by hand it is:\n  {by_hand}");
    let mut update = Command::new("apt-get");
    update.args(["update", "--quiet"]);
    steps.run("Package lists", &mut update, &advice)?;
    let mut install = Command::new("apt-get");
    install
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(missing)
        .env("DEBIAN_FRONTEND", "noninteractive");
    steps.run("Installing system packages", &mut install, &advice).map(drop)
}

fn agreed(command: &str) -> bool {
    print!("  This will run:\n    {command}\n  Go on? [Y/n] ");
    drop(io::stdout().flush());
    let mut answer = String::new();
    if io::stdin().read_line(&mut answer).is_err() {
        return false;
    }
    matches!(answer.trim().to_ascii_lowercase().as_str(), "" | "y" | "yes")
}

fn sudo(missing: &[&str], by_hand: &str) -> Result<(), Failure> {
    // Not a step: sudo asks for a password on this terminal.
    let run = |arguments: &[&str]| Command::new("sudo").arg("apt-get").args(arguments).status();
    let install = [&["install", "--yes", "--no-install-recommends"], missing].concat();
    let done = run(&["update"]).and_then(|status| if status.success() { run(&install) } else { Ok(status) });
    match done {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::new("The packages were not installed.", format!("Try by hand:\n  {by_hand}"))),
        Err(error) => Err(Failure::io("sudo did not run.", format!("Try by hand:\n  {by_hand}"), error)),
    }
}

fn is_root() -> bool {
    let asked = Command::new("id").arg("-u").output();
    asked.is_ok_and(|output| output.stdout.trim_ascii() == b"0") && env::consts::OS == "linux"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removed_and_unknown_packages_are_missing() {
        let dpkg = "file installed\nxvfb config-files\n";
        assert_eq!(missing_of(&["file", "xvfb", "xdotool"], dpkg), ["xvfb", "xdotool"]);
    }

    #[test]
    fn the_tests_need_everything_that_the_app_needs() {
        let tests = wanted(Need::Tests);
        assert!(wanted(Need::App).iter().all(|package| tests.contains(package)));
    }
}
