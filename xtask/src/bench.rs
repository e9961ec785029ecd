//! `cargo xtask bench`: builds what is measured and what it is measured against, and runs both in one call.

use std::path::PathBuf;

use crate::app::{self, COMPILE_ADVICE};
use crate::bundle;
use crate::desktop::Desktop;
use crate::failure::Failure;
use crate::places;
use crate::setup::{self, Need};
use crate::steps::{Show, Steps};

const ADVICE: &str = "The measuring program's words stand above.";

/// Measures the start and the idle memory against a blank window, and prints the sizes.
pub fn start() -> Result<(), Failure> {
    let mut steps = Steps::new();
    setup::everything(&mut steps, Need::Tests)?;
    let deb = bundle::build(&mut steps)?;
    let sizes = bundle::sizes(&mut steps, &deb)?;
    let blank = release(&mut steps, "gatepass-blank")?;
    let bench = release(&mut steps, "gatepass-bench")?;
    let desktop = Desktop::open()?;
    let mut command = std::process::Command::new(bench);
    command.arg("start").arg(places::target().join("release/gatepass")).arg(blank);
    desktop.enter(&mut command);
    steps.run_showing("Measuring the start", &mut command, ADVICE, Show::EveryLine)?;
    println!("\nSizes");
    sizes.print();
    Ok(())
}

/// Measures a send in the real window, and the engine against bare reqwest.
pub fn send() -> Result<(), Failure> {
    in_the_window("send", "Measuring a send")
}

/// Measures renewals in the real window, against sends with a token that is still good.
pub fn renewal() -> Result<(), Failure> {
    in_the_window("renewal", "Measuring renewals")
}

fn in_the_window(what: &str, step: &str) -> Result<(), Failure> {
    let mut steps = Steps::new();
    setup::everything(&mut steps, Need::Tests)?;
    bundle::build(&mut steps)?;
    let bench = release(&mut steps, "gatepass-bench")?;
    let desktop = Desktop::open()?;
    let mut command = std::process::Command::new(bench);
    command.arg(what).arg(places::target().join("release/gatepass"));
    desktop.enter(&mut command);
    steps.run_showing(step, &mut command, ADVICE, Show::EveryLine).map(drop)
}

fn release(steps: &mut Steps, package: &str) -> Result<PathBuf, Failure> {
    let mut command = app::cargo();
    command.args(["build", "--release", "--package", package]);
    steps.run(&format!("Building {package}, optimised"), &mut command, COMPILE_ADVICE)?;
    Ok(places::target().join("release").join(package))
}
