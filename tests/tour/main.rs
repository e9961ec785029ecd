//! The tour: the whole job, with a picture of each step in `target/tour/`. `cargo xtask tour` plays it.

mod file_picture;

use std::error::Error;
use std::fs;

use gatepass_journeys::{Desk, Options, Outcome, css, label, role, target_folder};
use gatepass_sandbox::seed;
use gatepass_stage::{Collections, Requests, SignIn, answered};

const USER: &str = seed::NEWCOMER.0;
const NEW_PASSWORD: &str = "Bletchley-Park-1943";

#[tokio::test]
async fn the_whole_job() -> Result<(), Box<dyn Error>> {
    let mut desk = Desk::open(Options::new("tour").pictures(target_folder().join("tour"))).await?;
    first_run(&desk).await?;
    sign_in(&desk).await?;
    let [(_, id_token), (_, access_token)] = desk.reveal_tokens().await?;
    desk.close_dialog("Session of").await?;

    refused_and_mended(&desk, "05-401-without-token", "06-200-with-token-and-key").await?;
    save(&desk).await?;

    desk.restart().await?;
    desk.see_signed_in(USER).await?;
    desk.send_for("200").await?;
    desk.picture("08-sent-again-after-a-restart").await?;

    in_the_dark(&desk).await?;

    let secrets = [
        ("the ID token", id_token.as_str()),
        ("the access token", access_token.as_str()),
        ("the ID token's signature", signature(&id_token)),
        ("the access token's signature", signature(&access_token)),
        ("the API key", seed::KEY),
        ("the temporary password", seed::NEWCOMER.1),
        ("the new password", NEW_PASSWORD),
    ];
    assert!(secrets.iter().all(|(_, secret)| secret.len() >= 16), "a secret of the tour is not known");
    desk.search_for_secrets(&secrets, &[])?;
    desk.close().await?;
    desk.search_for_secrets(&secrets, &[&target_folder().join("tour/07-saved-request.yml")])?;
    Ok(())
}

async fn first_run(desk: &Desk) -> Outcome {
    desk.see(&role("button", "Start the sandbox")).await?;
    desk.picture("01-first-run").await?;
    desk.click(&role("button", "Start the sandbox")).await?;
    desk.see(&role("treeitem", "List pets")).await
}

/// Signs the newcomer in, who must change the temporary password first.
async fn sign_in(desk: &Desk) -> Outcome {
    desk.click(&role("button", "Sign in").within(css("header"))).await?;
    desk.sign_in_window().await?;
    desk.see(&css("input[name=username]")).await?;
    desk.picture("02-hosted-ui").await?;
    desk.type_credentials(USER, seed::NEWCOMER.1).await?;
    desk.see(&css("input[name=new_password]")).await?;
    desk.picture("03-new-password").await?;
    desk.change_password(NEW_PASSWORD).await?;
    desk.sign_in_closed().await?;
    desk.see_signed_in(USER).await?;
    desk.open_identity(USER).await?;
    desk.see(&role("table", "Claims")).await?;
    desk.picture("04-signed-in").await.map(drop)
}

/// Sends a new request without a token, and then as the verdict proposes.
async fn refused_and_mended(desk: &Desk, refused: &str, answered: &str) -> Outcome {
    desk.new_request("{{invokeUrl}}/pets?type=dog").await?;
    desk.section("Auth").await?;
    desk.click(&role("button", "Send no token")).await?;
    desk.send_for("401").await?;
    desk.see(&css("section[aria-label=Verdict]")).await?;
    desk.picture(refused).await?;
    mend(desk).await?;
    desk.picture(answered).await.map(drop)
}

async fn mend(desk: &Desk) -> Outcome {
    desk.click(&css("section[aria-label=Verdict] .fixes button")).await?;
    desk.text_with(&answered(), "200").await.map(drop)
}

async fn save(desk: &Desk) -> Result<(), Box<dyn Error>> {
    desk.save_as("List dogs").await?;
    desk.picture("07-saved-request").await?;
    let saved = desk.home().path().join("Gatepass/PetStore/List dogs.yml");
    let text = fs::read_to_string(&saved)?;
    assert!(text.contains("/pets?type=dog"), "{text}");
    fs::write(desk.pictures().join("07-saved-request.yml"), &text)?;
    file_picture::draw("PetStore/List dogs.yml", &text, &desk.pictures().join("07-saved-request-file.png"))?;
    Ok(())
}

/// The same in dark colours.
async fn in_the_dark(desk: &Desk) -> Outcome {
    desk.press("Gatepass", "ctrl+comma").await?;
    desk.click(&role("radio", "Dark")).await?;
    desk.close_dialog("Settings").await?;
    desk.open_identity(USER).await?;
    desk.see(&role("table", "Claims")).await?;
    desk.picture("04-signed-in-dark").await?;
    desk.close_dialog("Session of").await?;
    desk.click(&label("URL")).await?;
    desk.section("Auth").await?;
    desk.click(&role("button", "Send no token")).await?;
    desk.send_for("401").await?;
    desk.see(&css("section[aria-label=Verdict]")).await?;
    desk.picture("05-401-without-token-dark").await?;
    mend(desk).await?;
    desk.picture("06-200-with-token-and-key-dark").await.map(drop)
}

/// The last part of a token: what makes it one.
fn signature(token: &str) -> &str {
    token.rsplit('.').next().unwrap_or_default()
}
