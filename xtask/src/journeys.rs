//! `cargo xtask journeys`: the app in its real window, against the sandbox, with a real keyring.

use crate::app::{self, COMPILE_ADVICE};
use crate::desktop::Desktop;
use crate::failure::Failure;
use crate::setup::{self, Need};
use crate::steps::{Show, Steps};
use crate::ui;

/// Runs the journeys whose name contains `name`, several rounds.
pub fn command(name: Option<&str>, times: u32) -> Result<(), Failure> {
    let mut steps = Steps::new();
    setup::everything(&mut steps, Need::Tests)?;
    ui::build(&mut steps)?;
    compile(&mut steps, "journeys")?;
    for turn in 1..=times {
        let title = if times == 1 { "Journeys".to_owned() } else { format!("Journeys, round {turn} of {times}") };
        let result = round(&mut steps, name, &title);
        if let Err(failure) = result {
            steps.summary();
            return Err(failure);
        }
    }
    steps.summary();
    let counts = steps.counts();
    println!("\n{} passed, {} failed", counts.passed, counts.failed);
    if counts.passed == 0 {
        return Err(Failure::new(
            format!("No journey's name contains \"{}\".", name.unwrap_or_default()),
            "`cargo xtask journeys` without a name runs and lists all of them.",
        ));
    }
    Ok(())
}

/// Compiles a test target together with the app that it drives.
pub fn compile(steps: &mut Steps, target: &str) -> Result<(), Failure> {
    let mut command = app::cargo();
    // The whole workspace, so that the features are those of `cargo test --workspace` and nothing is built twice.
    command.args(["test", "--workspace", "--no-run", "--test", target]);
    steps.run(&format!("Building the app and its {target}"), &mut command, COMPILE_ADVICE).map(drop)
}

/// Runs the journeys once, on a desktop of their own.
pub fn round(steps: &mut Steps, name: Option<&str>, title: &str) -> Result<(), Failure> {
    play(steps, "journeys", name, title)
}

/// Runs a test target on a desktop of its own.
pub fn play(steps: &mut Steps, target: &str, name: Option<&str>, title: &str) -> Result<(), Failure> {
    let desktop = Desktop::open()?;
    let mut command = app::cargo();
    command.args(["test", "--workspace", "--test", target, "--"]).args(name).args(["--test-threads", "1"]);
    desktop.enter(&mut command);
    steps
        .run_showing(
            title,
            &mut command,
            "Pictures and the app's output of each failed journey are in target/journeys/.",
            Show::EveryLine,
        )
        .map(drop)
}
