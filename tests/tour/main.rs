//! The tour: the whole job, with a picture of each step in `target/tour/`. `cargo xtask tour` plays it.

use gatepass_journeys::{Desk, Options, Outcome, target_folder};

#[tokio::test]
async fn the_whole_job() -> Outcome {
    let mut desk = Desk::open(Options::new("tour").pictures(target_folder().join("tour"))).await?;
    desk.picture("01-first-run").await?;
    desk.close().await
}
