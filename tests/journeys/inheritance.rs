//! Credentials set on a collection and a folder, inherited, overridden and left out; `/echo` tells what really went out.

use gatepass_journeys::{Desk, Options, Outcome, Target, label, role, text};
use gatepass_stage::{Collections, Echo, Requests, SignIn, Stage};

use crate::Journey;

async fn received(desk: &Desk) -> Result<Echo, Box<dyn std::error::Error>> {
    desk.send_for("200").await?;
    Ok(desk.echo().await?)
}

/// Opens what a collection or folder hands down.
async fn settings_of(desk: &Desk, row: &str, command: &str) -> Result<Target, Box<dyn std::error::Error>> {
    desk.row_menu(row, command).await?;
    let dialog = role("dialog", format!("Settings of {row}"));
    desk.see(&dialog).await?;
    Ok(dialog)
}

async fn save(desk: &Desk, dialog: Target) -> Outcome {
    desk.click(&role("button", "Save").within(dialog.clone())).await?;
    desk.see_gone(&dialog).await
}

#[tokio::test]
async fn token_and_key_are_inherited_overridden_and_left_out_each_on_its_own() -> Journey {
    let stage = Stage::open().await?;
    let desk = Desk::open(Options::new("inheritance")).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_as(&stage, "ada").await?;
    desk.new_collection("Shop").await?;
    desk.new_folder("Admin", "Shop").await?;
    desk.new_request_in("Look", "Admin").await?;
    desk.fill(&label("URL"), &stage.tool("/echo")).await?;
    desk.see_going_out("without credentials").await?;
    let echo = received(&desk).await?;
    assert!(echo.header("dev-auth-token").is_none() && echo.header("x-api-key").is_none(), "{echo}");

    let dialog = settings_of(&desk, "Shop", "Collection settings…").await?;
    desk.click(&role("button", "Choose the token here").within(dialog.clone())).await?;
    desk.fill(&label("Token header").within(dialog.clone()), "dev-auth-token").await?;
    desk.click(&role("button", "Choose the API key here").within(dialog.clone())).await?;
    desk.keep_api_key(&role("region", "API key").within(dialog.clone()), stage.api_key()).await?;
    save(&desk, dialog).await?;
    desk.see_going_out("inherited from Shop").await?;
    let echo = received(&desk).await?;
    assert!(echo.header("dev-auth-token").is_some_and(|token| token.starts_with("eyJ")), "{echo}");
    assert_eq!(echo.header("x-api-key"), Some(stage.api_key()));

    let dialog = settings_of(&desk, "Admin", "Folder settings…").await?;
    desk.click(&role("button", "Override the API key here").within(dialog.clone())).await?;
    desk.fill(&label("API key header").within(dialog.clone()), "x-admin-key").await?;
    save(&desk, dialog).await?;
    desk.see_going_out("inherited from Shop and Admin").await?;
    let echo = received(&desk).await?;
    assert!(echo.header("dev-auth-token").is_some() && echo.header("x-api-key").is_none(), "{echo}");
    assert_eq!(echo.header("x-admin-key"), Some(stage.api_key()));

    desk.section("Auth").await?;
    desk.see(&text("from Shop").within(role("region", "Token"))).await?;
    desk.see(&text("from Admin").within(role("region", "API key"))).await?;
    desk.click(&role("button", "Override the token here")).await?;
    desk.fill(&label("Token header"), "Authorization").await?;
    desk.fill(&label("Token prefix"), "Bearer").await?;
    desk.click(&role("radio", "Access token")).await?;
    desk.see_going_out("inherited from Admin").await?;
    let echo = received(&desk).await?;
    assert!(echo.header("authorization").is_some_and(|token| token.starts_with("Bearer eyJ")), "{echo}");
    assert!(echo.header("dev-auth-token").is_none(), "{echo}");
    assert_eq!(echo.header("x-admin-key"), Some(stage.api_key()));

    desk.click(&role("button", "Send no API key")).await?;
    let echo = received(&desk).await?;
    assert!(echo.header("authorization").is_some() && echo.header("x-admin-key").is_none(), "{echo}");

    desk.click(&role("button", "Send no token")).await?;
    desk.see_going_out("without credentials").await?;
    let echo = received(&desk).await?;
    assert!(echo.header("authorization").is_none() && echo.header("x-admin-key").is_none(), "{echo}");

    desk.click(&role("button", "Inherit the token")).await?;
    desk.click(&role("button", "Inherit the API key")).await?;
    desk.see_going_out("inherited from Shop and Admin").await?;
    let echo = received(&desk).await?;
    assert!(echo.header("dev-auth-token").is_some() && echo.header("x-admin-key").is_some(), "{echo}");

    let shown = desk.shown_as_sent().await?;
    assert!(shown.contains("x-admin-key") && shown.contains("dev-auth-token"), "{shown}");
    assert!(!shown.contains(stage.api_key()) && !shown.contains("eyJ"), "a secret is shown as sent");
    Ok(())
}
