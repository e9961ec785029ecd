//! From the key press to a 1 KB body on the screen, in the real window.

use std::path::Path;

use gatepass_journeys::{Desk, DeskError, Options, label};

use crate::error::BenchError;
use crate::origin;
use crate::page::{self, TITLE};
use crate::table::{goal, median, ninth_decile};

const ROUNDS: usize = 50;
const GOAL: f64 = 50.0;

/// Sends by Ctrl+Enter from the real keyboard and prints the median.
pub async fn measure(app: &Path) -> Result<(), BenchError> {
    let address = origin::serve().map_err(|source| BenchError::Own { what: "the loopback server", source })?;
    let mut desk = Desk::open(Options::new("bench-send").app(app)).await?;
    open_request(&desk, &format!("http://{address}/pets")).await?;
    page::listen(&desk).await?;
    let mut times = Vec::new();
    // The first sends connect and compile; they are not counted.
    for round in 0..ROUNDS + 3 {
        let shown = page::send(&desk).await?;
        if round >= 3 {
            times.push(shown.took);
        }
    }
    let middle = median(&times);
    println!("\nCtrl+Enter to a 1 KB body on the screen, {ROUNDS} sends");
    println!("{:<26} {middle:>9.1} ms   {}", "median", goal(middle, GOAL));
    println!("{:<26} {:>9.1} ms", "nine of ten below", ninth_decile(&times));
    desk.close().await?;
    Ok(())
}

async fn open_request(desk: &Desk, url: &str) -> Result<(), DeskError> {
    desk.press(TITLE, "ctrl+n").await?;
    desk.fill(&label("URL"), url).await
}
