//! A person's work by the keyboard alone: real keys, no pointer.

use gatepass_journeys::{Desk, Options, css, label, role};
use gatepass_stage::{Stage, answered};

use crate::Journey;

#[tokio::test]
async fn a_request_is_built_sent_saved_closed_and_found_again_by_keys() -> Journey {
    let stage = Stage::open().await?;
    let desk = Desk::open(Options::new("keyboard")).await?;
    let focused = css("input[aria-label=URL]:focus");

    desk.press("Gatepass", "ctrl+n").await?;
    desk.see(&focused).await?;
    desk.type_keys("Gatepass", &stage.tool("/echo?by=keys")).await?;
    desk.press("Gatepass", "ctrl+Return").await?;
    desk.text_with(&answered(), "200").await?;

    desk.press("Gatepass", "ctrl+s").await?;
    let dialog = role("dialog", "Save the request");
    desk.see(&css("input:focus").within(dialog.clone())).await?;
    desk.press("Gatepass", "ctrl+a").await?;
    desk.type_keys("Gatepass", "By keys").await?;
    desk.press("Gatepass", "Return").await?;
    desk.see_gone(&dialog).await?;
    desk.see(&role("treeitem", "GET By keys")).await?;

    desk.press("Gatepass", "ctrl+w").await?;
    desk.see_gone(&role("tab", "GET By keys")).await?;
    desk.press("Gatepass", "ctrl+shift+t").await?;
    desk.see(&role("tab", "GET By keys")).await?;
    desk.press("Gatepass", "ctrl+w").await?;
    desk.see_gone(&role("tab", "GET By keys")).await?;

    desk.press("Gatepass", "ctrl+k").await?;
    desk.see(&css("[role=dialog] input:focus")).await?;
    desk.type_keys("Gatepass", "by keys").await?;
    desk.see(&role("option", "By keys")).await?;
    desk.press("Gatepass", "Return").await?;
    desk.see(&role("tab", "GET By keys")).await?;
    assert_eq!(desk.value(&label("URL")).await?, stage.tool("/echo?by=keys"));

    desk.press("Gatepass", "ctrl+l").await?;
    desk.see(&focused).await?;
    desk.press("Gatepass", "ctrl+Return").await?;
    desk.text_with(&answered(), "200").await?;
    Ok(())
}
