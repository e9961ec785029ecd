//! The engine alone against bare reqwest: the same request to the same server, in turns, on kept connections.

use std::time::Instant;

use gatepass_exchange::{Engine, Prepared};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::error::BenchError;
use crate::origin::{self, BODY_BYTES};
use crate::table::{median, ninth_decile, ratio_line};

const WARM: usize = 50;
const ROUNDS: usize = 1000;

/// Measures both and prints medians and their ratio.
pub async fn measure() -> Result<(), BenchError> {
    let address = origin::serve().map_err(|source| BenchError::Own { what: "the loopback server", source })?;
    let url = Url::parse(&format!("http://{address}/pets")).map_err(|error| BenchError::Request(error.to_string()))?;
    let folder = tempfile::tempdir().map_err(|source| BenchError::Own { what: "a folder for bodies", source })?;
    let engine = Engine::new(folder.path()).map_err(|error| BenchError::Engine(Box::new(error)))?;
    let bare = reqwest::Client::new();

    let (mut bare_times, mut engine_times) = (Vec::new(), Vec::new());
    for round in 0..WARM + ROUNDS {
        let started = Instant::now();
        send_bare(&bare, &url).await?;
        let bare_took = started.elapsed();
        let started = Instant::now();
        send_through(&engine, &url).await?;
        let engine_took = started.elapsed();
        if round >= WARM {
            bare_times.push(bare_took.as_secs_f64() * 1_000_000.0);
            engine_times.push(engine_took.as_secs_f64() * 1_000_000.0);
        }
    }
    println!("The engine alone, 1 KB from loopback, {ROUNDS} of each in turns");
    println!("{:<26} {:>13} {:>13} {:>7}", "", "bare reqwest", "engine", "ratio");
    println!("{}", ratio_line("median", median(&bare_times), median(&engine_times), "µs", 1.1));
    println!(
        "{:<26} {:>9.1} µs  {:>9.1} µs",
        "nine of ten below",
        ninth_decile(&bare_times),
        ninth_decile(&engine_times)
    );
    Ok(())
}

async fn send_bare(client: &reqwest::Client, url: &Url) -> Result<(), BenchError> {
    let response = client.get(url.clone()).send().await.map_err(BenchError::Bare)?;
    let body = response.bytes().await.map_err(BenchError::Bare)?;
    whole(body.len())
}

async fn send_through(engine: &Engine, url: &Url) -> Result<(), BenchError> {
    let prepared = Prepared::new("GET", url.clone()).map_err(|error| BenchError::Request(error.to_string()))?;
    let finished =
        engine.send(prepared, CancellationToken::new()).await.map_err(|error| BenchError::Engine(Box::new(error)))?;
    whole(usize::try_from(finished.body.length()).unwrap_or(usize::MAX))
}

fn whole(length: usize) -> Result<(), BenchError> {
    if length == BODY_BYTES {
        return Ok(());
    }
    Err(BenchError::Request(format!("its answer has {length} bytes instead of {BODY_BYTES}")))
}
