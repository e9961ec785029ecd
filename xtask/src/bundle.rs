//! `cargo xtask bundle`: a .deb that installs and starts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::desktop::Desktop;
use crate::failure::Failure;
use crate::places;
use crate::process::Group;
use crate::setup::{self, Need};
use crate::steps::Steps;
use crate::ui;

const USABLE_WITHIN: Duration = Duration::from_mins(1);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// What the package weighs, in bytes.
pub struct Sizes {
    /// The program as built.
    pub binary: u64,
    /// The package.
    pub deb: u64,
    /// All files of the package, unpacked.
    pub installed: u64,
}

impl Sizes {
    /// Prints the sizes beside their goals.
    pub fn print(&self) {
        println!("  binary     {:>6.1} MB", megabytes(self.binary));
        println!("  .deb       {:>6.1} MB   goal: under 12", megabytes(self.deb));
        println!("  installed  {:>6.1} MB   goal: under 30", megabytes(self.installed));
    }
}

/// Builds the package, proves that what is in it starts, and prints the sizes.
pub fn command(install: bool) -> Result<(), Failure> {
    let mut steps = Steps::new();
    setup::everything(&mut steps, Need::Tests)?;
    let deb = build(&mut steps)?;
    let sizes = sizes(&mut steps, &deb)?;
    if install {
        install_and_start(&mut steps, &deb)?;
    } else {
        let program = unpacked().join("usr/bin/gatepass");
        steps.act("Starting the unpacked app", || starts(&program))?;
    }
    println!("\n{}", deb.display());
    sizes.print();
    Ok(())
}

/// Builds the app and its .deb with the Tauri CLI, and gives the .deb's path.
pub fn build(steps: &mut Steps) -> Result<PathBuf, Failure> {
    ui::build(steps)?;
    let folder = places::target().join("release/bundle/deb");
    if let Ok(old) = fs::read_dir(&folder) {
        for entry in old.flatten().filter(|entry| entry.path().extension().is_some_and(|kind| kind == "deb")) {
            drop(fs::remove_file(entry.path()));
        }
    }
    let mut command = Command::new("node");
    command.current_dir(places::root()).arg(places::ui().join("node_modules/@tauri-apps/cli/tauri.js")).args([
        "build",
        "--bundles",
        "deb",
    ]);
    steps.run("Building and bundling, optimised", &mut command, "The log names what the Tauri CLI refused.")?;
    let found = fs::read_dir(&folder).ok().and_then(|entries| {
        entries.flatten().map(|entry| entry.path()).find(|path| path.extension().is_some_and(|kind| kind == "deb"))
    });
    found.ok_or_else(|| {
        Failure::new(
            format!("The Tauri CLI ended well, but no .deb is in {}.", folder.display()),
            "Check bundle.active and bundle.targets in tauri.conf.json.",
        )
    })
}

/// Unpacks the package and weighs it.
pub fn sizes(steps: &mut Steps, deb: &Path) -> Result<Sizes, Failure> {
    let root = unpacked();
    if root.exists() {
        fs::remove_dir_all(&root).map_err(|error| {
            Failure::io(format!("{} cannot be emptied.", root.display()), "Delete it by hand.", error)
        })?;
    }
    let mut command = Command::new("dpkg-deb");
    command.arg("--extract").arg(deb).arg(&root);
    steps.run("Unpacking the .deb", &mut command, "The package is damaged: bundle it again.")?;
    Ok(Sizes { binary: weight(&places::target().join("release/gatepass")), deb: weight(deb), installed: weight(&root) })
}

fn unpacked() -> PathBuf {
    places::logs().join("unpacked")
}

fn install_and_start(steps: &mut Steps, deb: &Path) -> Result<(), Failure> {
    const ADVICE: &str = "Installing needs root; without --install the package is only unpacked and started.";
    let mut install = Command::new("apt-get");
    install
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .arg(deb)
        .env("DEBIAN_FRONTEND", "noninteractive");
    steps.run("Installing the .deb", &mut install, ADVICE)?;
    let started = steps.act("Starting the installed app", || starts(Path::new("/usr/bin/gatepass")));
    let mut remove = Command::new("apt-get");
    remove.args(["remove", "--yes", "--quiet", "gatepass"]).env("DEBIAN_FRONTEND", "noninteractive");
    steps.run("Removing it again", &mut remove, ADVICE)?;
    started
}

fn starts(program: &Path) -> Result<(), Failure> {
    let desktop = Desktop::open()?;
    let home = places::logs().join("bundle-home");
    drop(fs::remove_dir_all(&home));
    let output = fs::create_dir_all(&home).and_then(|()| fs::File::create(places::logs().join("bundled-app.log")));
    let output = output.map_err(|error| Failure::io("The log cannot be written.", "Check target/xtask.", error))?;
    let mut command = Command::new(program);
    desktop.enter(&mut command);
    let marks = home.join("marks");
    command.env("HOME", &home).env("GATEPASS_BENCH", &marks).stdin(Stdio::null()).stdout(Stdio::null()).stderr(output);
    for variable in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"] {
        command.env_remove(variable);
    }
    let mut app = Group::start(&mut command).map_err(|error| {
        Failure::io(format!("{} did not start.", program.display()), "The package lacks it or a library.", error)
    })?;
    let asked = Instant::now();
    let advice = "What it said is in target/xtask/bundled-app.log.";
    while !(is_on_display(&desktop) && is_usable(&marks)) {
        if let Ok(Some(status)) = app.child().try_wait() {
            let what = format!("The bundled app ended with {status} before it could be used.");
            return Err(Failure::new(what, advice));
        }
        if asked.elapsed() > USABLE_WITHIN {
            return Err(Failure::new("The bundled app could not be used within 60 s.", advice));
        }
        thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

fn is_on_display(desktop: &Desktop) -> bool {
    let mut look = Command::new("xdotool");
    desktop.enter(&mut look);
    look.args(["search", "--onlyvisible", "--name", "^Gatepass"]);
    look.output().is_ok_and(|found| found.status.success() && !found.stdout.is_empty())
}

/// The app notes the instants of its start in the file that `GATEPASS_BENCH` names.
fn is_usable(marks: &Path) -> bool {
    fs::read_to_string(marks).is_ok_and(|text| text.lines().any(|line| line.starts_with("usable ")))
}

fn weight(path: &Path) -> u64 {
    let Ok(about) = fs::symlink_metadata(path) else {
        return 0;
    };
    if !about.is_dir() {
        return about.len();
    }
    fs::read_dir(path).map_or(0, |entries| entries.flatten().map(|entry| weight(&entry.path())).sum())
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files, printed with one digit")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
