//! What the window itself notes: when it hears that Ctrl+Enter went down, and when an answer's body is on the screen after it.

use gatepass_journeys::{Desk, DeskError};

/// The title of the window that is measured.
pub const TITLE: &str = "Gatepass";

/// The event's own time is the display's, which has been seen 17 to 25 ms ahead of the page's: after the request had come.
const LISTEN: &str = "
    addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.ctrlKey) window.benchKey = { at: performance.now(), date: Date.now() };
    }, { capture: true });
    performance.clearMarks('gatepass-body-painted');";

const TAKE: &str = "
    const mark = performance.getEntriesByName('gatepass-body-painted', 'mark').at(-1);
    const key = window.benchKey;
    if (mark === undefined || key === undefined || mark.startTime < key.at) return null;
    performance.clearMarks('gatepass-body-painted');
    window.benchKey = undefined;
    return [key.date, mark.startTime - key.at];";

/// A send as the window saw it.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// When the window heard of the key, in milliseconds since 1970 UTC.
    pub down: f64,
    /// Milliseconds from there until the body was on the screen.
    pub took: f64,
}

/// Makes the window note its keys from here on.
pub async fn listen(desk: &Desk) -> Result<(), DeskError> {
    desk.evaluate(LISTEN, Vec::new()).await.map(drop)
}

/// Sends by Ctrl+Enter from the real keyboard, and waits until the answer's body is on the screen.
pub async fn send(desk: &Desk) -> Result<Shown, DeskError> {
    desk.press(TITLE, "ctrl+Return").await?;
    desk.until("an answer's body on the screen after Ctrl+Enter", async || {
        let noted = desk.evaluate(TAKE, Vec::new()).await?;
        let number = |index: usize| noted.get(index).and_then(serde_json::Value::as_f64);
        Ok(number(0).zip(number(1)).map(|(down, took)| Shown { down, took }))
    })
    .await
}
