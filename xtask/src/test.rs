//! `cargo xtask test`: everything, the cheap checks first.

use std::process::Command;

use crate::app::{self, COMPILE_ADVICE};
use crate::deny;
use crate::failure::Failure;
use crate::journeys;
use crate::setup::{self, Need};
use crate::steps::Steps;
use crate::ui;

type Check = fn(&mut Steps) -> Result<(), Failure>;

const CHECKS: &[(&str, Check)] = &[
    ("Set-up", |steps| setup::everything(steps, Need::Tests)),
    ("Rust format", |steps| {
        cargo(steps, "Rust format", &["fmt", "--all", "--check"], "`cargo fmt --all` puts it right.")
    }),
    ("UI format", |steps| ui::script(steps, "UI format", "format:check", "`npm run format` in ui/ puts it right.")),
    ("UI lints", |steps| ui::script(steps, "UI lints", "lint", "The lints' messages stand above.")),
    ("UI types", |steps| ui::script(steps, "UI types", "check", "svelte-check's messages stand above.")),
    ("svelte-check's canary", |steps| {
        ui::script(
            steps,
            "svelte-check's canary",
            "check:canary",
            "A type error that svelte-check does not see means that its approval means nothing.",
        )
    }),
    ("UI tests", |steps| ui::script(steps, "UI tests", "test", "`npx vitest run NAME` in ui/ repeats one.")),
    ("UI build", ui::build),
    ("Dependencies", deny::check),
    ("Rust lints", |steps| {
        cargo(
            steps,
            "Rust lints",
            &["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"],
            COMPILE_ADVICE,
        )?;
        cargo(
            steps,
            "Rust lints of the journeys",
            &["clippy", "--workspace", "--test", "journeys", "--test", "tour", "--", "--deny", "warnings"],
            COMPILE_ADVICE,
        )
    }),
    ("Rust docs", docs),
    ("Rust tests", |steps| {
        cargo(
            steps,
            "Rust tests",
            &["test", "--workspace", "--no-fail-fast"],
            "`cargo test --package PACKAGE NAME` repeats one.",
        )
    }),
    ("Journeys", |steps| journeys::round(steps, None, "Journeys")),
];

/// Runs every check until one fails.
pub fn command() -> Result<(), Failure> {
    let mut steps = Steps::new();
    let mut checks = CHECKS.iter();
    let mut failed = None;
    for (_, check) in checks.by_ref() {
        if let Err(failure) = check(&mut steps) {
            failed = Some(failure);
            break;
        }
    }
    for (name, _) in checks {
        steps.skip(name);
    }
    steps.summary();
    if let Some(failure) = &failed {
        println!("\n{failure}");
        if let Some(cause) = failure.cause() {
            println!("  because: {cause}");
        }
        println!("  {}", failure.advice());
    }
    let counts = steps.counts();
    println!("\n{} passed, {} failed", counts.passed, counts.failed);
    match failed {
        None => Ok(()),
        Some(failure) => Err(failure.told()),
    }
}

fn cargo(steps: &mut Steps, name: &str, words: &[&str], advice: &str) -> Result<(), Failure> {
    steps.run(name, app::cargo().args(words), advice).map(drop)
}

fn docs(steps: &mut Steps) -> Result<(), Failure> {
    let mut command: Command = app::cargo();
    command.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "--deny warnings");
    steps.run("Rust docs", &mut command, "rustdoc's messages stand above.").map(drop)
}
