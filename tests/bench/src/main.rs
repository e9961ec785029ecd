//! Measures the app in its real window, and the engine against bare reqwest: `cargo xtask bench` builds and calls it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its numbers go to the terminal")]

mod engine;
mod error;
mod gate;
mod origin;
mod page;
mod renewal;
mod send;
mod start;
mod table;

use std::process::ExitCode;

use error::BenchError;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    warn_of_load();
    let result = match words.as_slice() {
        ["start", app, blank] => start::measure(app.as_ref(), blank.as_ref()),
        ["send", app] => send_and_engine(app).await,
        ["renewal", app] => renewal::measure(app.as_ref()).await,
        ["engine"] => engine::measure().await,
        _ => Err(BenchError::Words),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            let mut cause = std::error::Error::source(&error);
            while let Some(inner) = cause {
                eprintln!("  because: {inner}");
                cause = inner.source();
            }
            ExitCode::FAILURE
        }
    }
}

/// Says when other work on this machine spoils the numbers (proc(5), loadavg).
fn warn_of_load() {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let minute: f64 = load.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0.0);
    if minute > 1.5 {
        println!("This machine is busy (load {minute:.1}): the ratios are rough, the times are worth nothing.\n");
    }
}

async fn send_and_engine(app: &str) -> Result<(), BenchError> {
    engine::measure().await?;
    send::measure(app.as_ref()).await
}
