//! A sign-in that the user gives up, and what is there after a restart.

use gatepass_journeys::{Desk, Options, css, role, text};
use gatepass_stage::{SignIn, Stage};

use crate::{Journey, kept};

#[tokio::test]
async fn a_sign_in_window_that_is_closed_is_no_error_and_the_next_one_signs_in() -> Journey {
    let stage = Stage::open().await?;
    let desk = Desk::open(Options::new("sign-in-closed")).await?;
    desk.connect(&stage.login_page()).await?;

    desk.sign_in_window().await?;
    desk.close_sign_in().await?;
    desk.see_signed_out().await?;
    kept::nothing(&desk)?;

    desk.click(&role("button", "Sign in").within(css("header.title-bar"))).await?;
    desk.sign_in_as(&stage, "ada").await?;
    Ok(())
}

#[tokio::test]
async fn a_sign_in_can_be_cancelled_in_the_main_window() -> Journey {
    let stage = Stage::open().await?;
    let desk = Desk::open(Options::new("sign-in-cancelled")).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_window().await?;
    desk.main_window().await?;

    desk.open_identity("127.0.0.1 user").await?;
    desk.see(&text("is open in its own window")).await?;
    desk.click(&role("button", "Cancel the sign-in")).await?;
    desk.see(&text("Not signed in.")).await?;
    desk.sign_in_closed().await?;
    desk.close_sheet().await?;
    desk.see_signed_out().await?;
    kept::nothing(&desk)?;

    desk.click(&role("button", "Sign in").within(css("header.title-bar"))).await?;
    desk.sign_in_as(&stage, "ada").await?;
    Ok(())
}

#[tokio::test]
async fn who_is_signed_in_still_is_after_a_restart_by_the_keychain() -> Journey {
    let stage = Stage::open().await?;
    let mut desk = Desk::open(Options::new("sign-in-restart")).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_as(&stage, "ada").await?;
    desk.open_identity("ada").await?;
    desk.see(&text("kept in the keychain")).await?;
    // The pool's id was not given: it was read from the first token.
    desk.see(&text(&stage.description().pool.pool_id)).await?;
    let before = desk.id_token_payload().await?;
    assert!(kept::in_keychain(&kept::identity(&desk, "ada")?)?);
    let tokens = desk.reveal_tokens().await?;

    desk.restart().await?;
    desk.see_signed_in("ada").await?;
    desk.open_identity("ada").await?;
    assert_eq!(desk.id_token_payload().await?, before);

    desk.search_for_secrets(&tokens, &[])?;
    Ok(())
}

#[tokio::test]
async fn without_a_keychain_a_sign_in_lasts_until_the_app_closes_and_the_app_says_so() -> Journey {
    let stage = Stage::open().await?;
    let mut desk = Desk::open(Options::new("sign-in-no-keychain").without_keychain()).await?;
    let notice = text("No keychain: secrets last until Gatepass closes");
    desk.see(&notice).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_as(&stage, "ada").await?;
    desk.open_identity("ada").await?;
    desk.see(&text("kept in memory until Gatepass closes")).await?;
    let tokens = desk.reveal_tokens().await?;

    desk.restart().await?;
    desk.see(&notice).await?;
    desk.see_signed_out().await?;

    desk.search_for_secrets(&tokens, &[])?;
    assert!(!kept::in_keychain(&kept::identity(&desk, "ada")?)?);
    Ok(())
}
