//! The project's own commands: `cargo xtask run`, `test`, `journeys`, `tour`, `bundle`, `bench`, `setup`.
//!
//! Kept to two small dependencies, so that the first command on a fresh machine starts within seconds.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the terminal is this program's user interface")]

mod app;
mod bench;
mod bundle;
mod cli;
mod counts;
mod deny;
mod desktop;
mod failure;
mod journeys;
mod places;
mod process;
mod run;
mod setup;
mod steps;
mod terminal;
mod test;
mod tour;
mod ui;

use std::process::ExitCode;

use cli::Order;
use failure::Failure;

fn main() -> ExitCode {
    let order = match cli::parse(lexopt::Parser::from_env()) {
        Ok(order) => order,
        Err(failure) => return report(&failure),
    };
    process::end_everything_on_interrupt();
    let result = obey(order);
    process::end_everything();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report(&failure),
    }
}

fn obey(order: Order) -> Result<(), Failure> {
    match order {
        Order::Help => {
            print!("{}", cli::HELP);
            Ok(())
        }
        Order::Setup => setup::command(),
        Order::Run { release } => run::command(release),
        Order::Test => test::command(),
        Order::Journeys { name, times } => journeys::command(name.as_deref(), times),
        Order::Tour => tour::command(),
        Order::Bundle { install } => bundle::command(install),
        Order::Desktop { words } => desktop::command(&words),
        Order::BenchStart => bench::start(),
        Order::BenchSend => bench::send(),
        Order::BenchRenewal => bench::renewal(),
    }
}

fn report(failure: &Failure) -> ExitCode {
    if failure.is_told() {
        return ExitCode::FAILURE;
    }
    eprintln!("{failure}");
    if let Some(source) = failure.cause() {
        eprintln!("  because: {source}");
    }
    eprintln!("  {}", failure.advice());
    ExitCode::FAILURE
}
