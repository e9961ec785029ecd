//! What to install where there is no apt-get: told, never done.

use std::env;
use std::process::Command;

use super::{Need, answers, distribution};
use crate::failure::Failure;
use crate::places;
use crate::steps::Steps;

/// A package manager and the commands that bring what is needed.
struct Source {
    program: &'static str,
    build: &'static str,
    tests: &'static str,
}

const LINUX: &[Source] = &[
    Source {
        program: "dnf",
        build: "sudo dnf install gcc gcc-c++ make file pkgconf-pkg-config webkit2gtk4.1-devel librsvg2-devel",
        tests: "sudo dnf install chromium chromedriver dbus-daemon dejavu-sans-fonts gnome-keyring ImageMagick xdg-utils \
                xdotool /usr/bin/secret-tool /usr/bin/WebKitWebDriver /usr/bin/Xvfb",
    },
    Source {
        program: "pacman",
        build: "sudo pacman -S --needed base-devel file webkit2gtk-4.1 librsvg",
        tests: "sudo pacman -S --needed chromium dbus ttf-dejavu gnome-keyring imagemagick libsecret xdg-utils xdotool \
                xorg-server-xvfb",
    },
];

const MACOS: Source = Source { program: "brew", build: "xcode-select --install; brew install node", tests: "" };

const WINDOWS: Source = Source {
    program: "winget",
    build: "winget install --id Microsoft.VisualStudio.2022.BuildTools --override \"--wait --passive --add \
            Microsoft.VisualStudio.Workload.VCTools --includeRecommended\"; winget install --id \
            Microsoft.EdgeWebView2Runtime; winget install --id OpenJS.NodeJS.LTS",
    tests: "",
};

/// What the packages for the tests bring.
const TEST_PROGRAMS: &[&str] = &[
    "Xvfb",
    "WebKitWebDriver",
    "chromedriver",
    "dbus-daemon",
    "gnome-keyring-daemon",
    "import",
    "secret-tool",
    "xdg-open",
    "xdotool",
];

/// The names that Chromium has.
const CHROMIUM: [&str; 2] = ["chromium", "chromium-browser"];

/// Looks for what is needed and says the command that brings it.
pub fn check(steps: &mut Steps, need: Need) -> Result<(), Failure> {
    match env::consts::OS {
        "linux" => steps.act("System packages", || linux(need)),
        "macos" => steps.act("System packages", || compiler(&MACOS, "cc")),
        "windows" => steps.act("System packages", || compiler(&WINDOWS, "node")),
        other => Err(Failure::new(
            format!("Gatepass is not built on {other} yet."),
            "It is built on Linux, macOS and Windows.",
        )),
    }?;
    if need == Need::Tests && env::consts::OS != "linux" {
        return Err(Failure::new(
            "The journeys need a virtual display, a keyring and WebKitWebDriver, which only Linux has.",
            "Run `cargo test --workspace` here, and `cargo xtask test` on Linux.",
        ));
    }
    Ok(())
}

fn linux(need: Need) -> Result<(), Failure> {
    let mut missing: Vec<&str> = Vec::new();
    missing.extend(["cc", "pkg-config"].into_iter().filter(|name| places::program(name).is_none()));
    let libraries = ["webkit2gtk-4.1", "librsvg-2.0"];
    missing.extend(libraries.into_iter().filter(|name| !answers(Command::new("pkg-config").args(["--exists", name]))));
    let build_is_missing = !missing.is_empty();
    let before = missing.len();
    if need == Need::Tests {
        missing.extend(TEST_PROGRAMS.iter().copied().filter(|name| places::program(name).is_none()));
        // Fedora calls it otherwise than everybody else.
        if CHROMIUM.iter().all(|name| places::program(name).is_none()) {
            missing.push(CHROMIUM[0]);
        }
    }
    let tests_are_missing = missing.len() > before;
    if missing.is_empty() {
        return Ok(());
    }
    let Some(source) = LINUX.iter().find(|source| places::program(source.program).is_some()) else {
        return Err(Failure::new(
            format!("These are missing on {}: {}.", distribution(), missing.join(", ")),
            "Install them with the system's package manager and run the same command again.",
        ));
    };
    let mut commands = Vec::new();
    if build_is_missing {
        commands.push(source.build);
    }
    if tests_are_missing {
        commands.push(source.tests);
    }
    Err(Failure::new(
        format!("These are missing: {}.", missing.join(", ")),
        format!("Run this, then the same command again:\n  {}", commands.join("\n  ")),
    ))
}

fn compiler(source: &Source, program: &str) -> Result<(), Failure> {
    if places::program(program).is_some() {
        return Ok(());
    }
    Err(Failure::new(
        format!("What the app is built with is missing ({program})."),
        format!("With {} it is:\n  {}{}", source.program, source.build, source.tests),
    ))
}
