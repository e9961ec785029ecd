//! The engine alone against bare reqwest: the same request to the same server, in turns, on kept connections.

use std::time::Instant;

use gatepass_exchange::{Engine, Prepared};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::error::BenchError;
use crate::origin::{self, BODY_BYTES};
use crate::table::{median, ninth_decile, ratio_line};

const BLOCKS: usize = 12;
const WARM: usize = 20;
const ROUNDS: usize = 200;

/// Measures both and prints medians and their ratio.
///
/// Each block has fresh clients, because a connection stays on the thread where it began, which is luck.
pub async fn measure() -> Result<(), BenchError> {
    let address = origin::serve().map_err(|source| BenchError::Own { what: "the loopback server", source })?;
    let url = Url::parse(&format!("http://{address}/pets")).map_err(|error| BenchError::Request(error.to_string()))?;
    let mut times = Times::default();
    for _ in 0..BLOCKS {
        block(&url, &mut times).await?;
    }
    let Times { bare, engine } = times;
    println!("The engine alone, 1 KB from loopback, {} of each in turns", bare.len());
    println!("{:<26} {:>13} {:>13} {:>7}", "", "bare reqwest", "engine", "ratio");
    println!("{}", ratio_line("median", median(&bare), median(&engine), "µs", 1.1));
    println!("{:<26} {:>9.1} µs  {:>9.1} µs", "nine of ten below", ninth_decile(&bare), ninth_decile(&engine));
    Ok(())
}

/// Microseconds of each send.
#[derive(Default)]
struct Times {
    bare: Vec<f64>,
    engine: Vec<f64>,
}

async fn block(url: &Url, times: &mut Times) -> Result<(), BenchError> {
    let folder = tempfile::tempdir().map_err(|source| BenchError::Own { what: "a folder for bodies", source })?;
    let engine = Engine::new(folder.path()).map_err(|error| BenchError::Engine(Box::new(error)))?;
    let bare = reqwest::Client::new();
    for round in 0..WARM + ROUNDS {
        let (bare_took, engine_took);
        // Whoever goes second finds the server awake, so they take turns in that too.
        if round % 2 == 0 {
            bare_took = timed(Box::pin(send_bare(&bare, url))).await?;
            engine_took = timed(Box::pin(send_through(&engine, url))).await?;
        } else {
            engine_took = timed(Box::pin(send_through(&engine, url))).await?;
            bare_took = timed(Box::pin(send_bare(&bare, url))).await?;
        }
        if round >= WARM {
            times.bare.push(bare_took);
            times.engine.push(engine_took);
        }
    }
    Ok(())
}

async fn timed(work: impl Future<Output = Result<(), BenchError>>) -> Result<f64, BenchError> {
    let started = Instant::now();
    work.await?;
    Ok(started.elapsed().as_secs_f64() * 1_000_000.0)
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
