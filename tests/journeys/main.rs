//! The journeys: the app in its real window, driven as a person does. `cargo xtask journeys` plays them.

use gatepass_journeys::{Desk, Options, Outcome};

#[tokio::test]
async fn the_app_opens_its_window_and_ends_when_the_window_is_closed() -> Outcome {
    let mut desk = Desk::open(Options::new("opens")).await?;
    desk.close().await
}
