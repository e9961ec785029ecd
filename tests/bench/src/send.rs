//! From the key press to a 1 KB body on the screen, in the real window.

use std::path::Path;

use gatepass_journeys::{Desk, DeskError, Options, label};

use crate::error::BenchError;
use crate::origin;
use crate::table::{median, ninth_decile};

const ROUNDS: usize = 50;
const GOAL: f64 = 50.0;
const TITLE: &str = "Gatepass";

/// Notes when each key goes down, and counts the bodies that came to the screen after it.
const LISTEN: &str = "
    addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.ctrlKey) window.benchKey = event.timeStamp;
    }, { capture: true });
    performance.clearMarks('gatepass-body-painted');";

const TAKE: &str = "
    const mark = performance.getEntriesByName('gatepass-body-painted', 'mark').at(-1);
    if (mark === undefined || window.benchKey === undefined || mark.startTime < window.benchKey) return null;
    const took = mark.startTime - window.benchKey;
    performance.clearMarks('gatepass-body-painted');
    window.benchKey = undefined;
    return took;";

/// Sends by Ctrl+Enter from the real keyboard and prints the median.
pub async fn measure(app: &Path) -> Result<(), BenchError> {
    let address = origin::serve().map_err(|source| BenchError::Own { what: "the loopback server", source })?;
    let mut desk = Desk::open(Options::new("bench-send").app(app)).await?;
    open_request(&desk, &format!("http://{address}/pets")).await?;
    desk.evaluate(LISTEN, Vec::new()).await?;
    let mut times = Vec::new();
    // The first sends connect and compile; they are not counted.
    for round in 0..ROUNDS + 3 {
        desk.press(TITLE, "ctrl+Return").await?;
        let took = desk
            .until("an answer's body on the screen after Ctrl+Enter", async || {
                Ok(desk.evaluate(TAKE, Vec::new()).await?.as_f64())
            })
            .await?;
        if round >= 3 {
            times.push(took);
        }
    }
    let middle = median(&times);
    let verdict = if middle < GOAL { "reached" } else { "MISSED" };
    println!("\nCtrl+Enter to a 1 KB body on the screen, {ROUNDS} sends");
    println!("{:<26} {middle:>9.1} ms   goal under {GOAL:.0} ms  {verdict}", "median");
    println!("{:<26} {:>9.1} ms", "nine of ten below", ninth_decile(&times));
    desk.close().await?;
    Ok(())
}

async fn open_request(desk: &Desk, url: &str) -> Result<(), DeskError> {
    desk.press(TITLE, "ctrl+n").await?;
    desk.fill(&label("URL"), url).await
}
