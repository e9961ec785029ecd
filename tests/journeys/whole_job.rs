//! The whole job: 401, sign in with a temporary password, 200, save, restart, still signed in.

use gatepass_journeys::{Desk, Options, css, text};
use gatepass_stage::{Collections, Requests, SignIn, Stage};

use crate::Journey;

#[tokio::test]
async fn from_nothing_to_an_authorised_answer_and_again_after_a_restart() -> Journey {
    let stage = Stage::open().await?;
    let mut desk = Desk::open(Options::new("whole-job")).await?;

    desk.connect(&stage.login_page()).await?;
    desk.type_credentials("newcomer", &stage.user("newcomer").password).await?;
    desk.change_password("Bletchley-Park-1943").await?;
    desk.sign_in_closed().await?;
    desk.see_signed_in("newcomer").await?;

    desk.new_request(&stage.url("/pets")).await?;
    desk.send_for("401").await?;
    desk.see(&text("The gateway never saw a token")).await?;

    desk.send_token_in("dev-auth-token").await?;
    desk.send_for("403").await?;
    desk.send_api_key(stage.api_key()).await?;
    desk.send_for("200").await?;
    let body = desk.shown_body().await?;
    assert!(body.contains("\"fish\"") && body.contains("249.99"), "{body}");

    desk.save_into_new_collection("List pets", "My shop").await?;
    let file = desk.home().path().join("Gatepass/My shop/List pets.yml");
    let saved = std::fs::read_to_string(&file)?;
    assert!(saved.contains("header: dev-auth-token"), "{saved}");
    assert!(saved.contains("'{{") && !saved.contains(stage.api_key()), "{saved}");

    desk.restart().await?;
    desk.see_signed_in("newcomer").await?;
    desk.send_for("200").await?;

    let password = &stage.user("newcomer").password;
    desk.search_for_secrets(
        &[
            ("the API key", stage.api_key()),
            ("the temporary password", password),
            ("the new password", "Bletchley-Park-1943"),
        ],
        &[],
    )?;
    let tokens = css("body");
    assert!(!desk.text(&tokens).await?.contains("eyJ"), "a token is on the screen");
    desk.close().await?;
    Ok(())
}
