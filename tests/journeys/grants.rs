//! Each grant in the app's own window: what is proposed, what comes of it, and where its secrets are.

use std::error::Error;

use gatepass_journeys::{Desk, Options, css, label, role, text};
use gatepass_sandbox::seed::{CLIENT_SECRET, PUBLIC_CLIENT, READ_SCOPE, SECRET_CLIENT};
use gatepass_stage::{Pools, Requests, SignIn, Stage, Way};

use crate::servers::token_endpoint::TokenEndpoint;
use crate::{Journey, kept};

const CALLBACK: &str = "https://example.com/";
const SCOPES: &str = "openid email profile phone";

/// Sends a request with the ID token that the gateway asks for.
async fn send(desk: &Desk, stage: &Stage) -> Result<(), Box<dyn Error>> {
    desk.new_request(&stage.url("/token/pets")).await?;
    desk.send_token_in("dev-auth-token").await?;
    desk.send_for("200").await?;
    Ok(())
}

#[tokio::test]
async fn where_a_pool_allows_both_the_code_is_proposed_and_implicit_is_one_click_away() -> Journey {
    let stage = Stage::open().await?;
    let desk = Desk::open(Options::new("grant-proposed")).await?;
    let sheet = desk.read_address(&stage.login_page()).await?;
    let chosen = css("[role=radio][aria-checked=true]").within(role("radiogroup", "Grant").within(sheet.clone()));
    desk.text_with(&chosen, "Authorization code").await?;
    desk.see(&text("a refresh token renews the sign-in without a form").within(sheet.clone())).await?;
    desk.click(&role("button", "Sign in").within(sheet)).await?;
    desk.sign_in_as(&stage, "ada").await?;
    desk.open_identity("ada").await?;
    desk.see(&text("PKCE").within(role("list", "Checks passed"))).await?;
    desk.see(&text("renews by refresh token")).await?;

    desk.click(&role("button", "Edit the pool")).await?;
    let sheet = role("dialog", "Edit the user pool");
    desk.choose_grant(&sheet, "Implicit").await?;
    desk.click(&role("button", "Save").within(sheet.clone())).await?;
    desk.see_gone(&sheet).await?;
    // The pool's sheet leads back to the one that it was opened from.
    desk.see(&role("button", "Sign in").within(role("dialog", "Session of ada"))).await?;
    desk.close_sheet().await?;
    desk.see_signed_out().await?;
    kept::nothing(&desk)?;
    // The session at the pool lives on, so nobody is asked.
    desk.click(&role("button", "Sign in ada")).await?;
    desk.see_signed_in("ada").await?;
    desk.sign_in_closed().await?;
    desk.open_identity("ada").await?;
    desk.see(&text("renews through the session")).await?;
    assert!(!desk.sees(&text("PKCE").within(role("list", "Checks passed"))).await?);
    desk.close_sheet().await?;
    send(&desk, &stage).await
}

#[tokio::test]
async fn a_code_is_redeemed_and_its_secrets_are_in_the_keychain_alone() -> Journey {
    let stage = Stage::open().await?;
    let endpoint = TokenEndpoint::before(&stage).await?;
    let mut desk = Desk::open(Options::new("grant-code").with_separate_jars()).await?;
    let url = endpoint.url();
    desk.connect_by(&stage.login_page(), Way::code().with_token_endpoint(&url)).await?;
    desk.sign_in_by_keys(&stage, "ada", "Sign in · ").await?;
    desk.see_signed_in("ada").await?;
    send(&desk, &stage).await?;
    // The jar has been written, so the search has something to look through.
    kept::session_cookie(&desk, &kept::identity(&desk, "ada")?).await?;
    assert_eq!(endpoint.grants(), ["authorization_code"]);
    endpoint.hold_secrets(&desk, &["code", "code_verifier", "refresh_token", "id_token", "access_token"])?;

    desk.restart().await?;
    desk.see_signed_in("ada").await?;
    desk.open_identity("ada").await?;
    desk.click(&role("button", "Renew now")).await?;
    desk.until("a renewal by the refresh token", async || {
        Ok((endpoint.grants() == ["authorization_code", "refresh_token"]).then_some(()))
    })
    .await?;
    desk.see(&role("button", "Renew now")).await?;
    assert!(desk.sign_in_windows()?.is_empty());
    endpoint.hold_secrets(&desk, &[])?;
    desk.close().await?;
    endpoint.hold_secrets(&desk, &[])
}

#[tokio::test]
async fn a_client_with_a_secret_proves_itself_and_the_secret_is_never_shown_again() -> Journey {
    let stage = Stage::open().await?;
    let endpoint = TokenEndpoint::before(&stage).await?;
    let mut desk = Desk::open(Options::new("grant-code-secret").with_separate_jars()).await?;
    let url = endpoint.url();
    let way = Way::code().with_secret(CLIENT_SECRET).with_token_endpoint(&url);
    desk.connect_by(&stage.login_page_of(SECRET_CLIENT, CALLBACK, SCOPES), way).await?;
    desk.sign_in_by_keys(&stage, "ada", "Sign in · ").await?;
    desk.see_signed_in("ada").await?;
    send(&desk, &stage).await?;
    assert!(kept::client_secret_in_keychain(&desk)?);
    endpoint.hold_secrets(&desk, &["client_secret", "code", "refresh_token"])?;

    desk.restart().await?;
    desk.open_identity("ada").await?;
    desk.click(&role("button", "Renew now")).await?;
    desk.until("a renewal by the refresh token", async || Ok((endpoint.grants().len() == 2).then_some(()))).await?;
    desk.see(&role("button", "Renew now")).await?;
    desk.click(&role("button", "Edit the pool")).await?;
    let sheet = role("dialog", "Edit the user pool");
    desk.see(&text("stored").within(sheet.clone())).await?;
    assert_eq!(desk.value(&label("Client secret").within(sheet)).await?, "", "the secret is shown");
    desk.close().await?;
    endpoint.hold_secrets(&desk, &[])
}

#[tokio::test]
async fn a_machine_gets_its_token_by_the_secret_alone() -> Journey {
    let stage = Stage::open().await?;
    let endpoint = TokenEndpoint::before(&stage).await?;
    let mut desk = Desk::open(Options::new("grant-machine")).await?;
    let url = endpoint.url();
    let way = Way::machine(CLIENT_SECRET).with_token_endpoint(&url);
    desk.connect_by(&stage.login_page_of(SECRET_CLIENT, CALLBACK, READ_SCOPE), way).await?;
    let name = SECRET_CLIENT;
    desk.see_signed_in(name).await?;
    assert!(desk.sign_in_windows()?.is_empty(), "a machine has nobody to ask");
    desk.open_identity(name).await?;
    desk.see(&text("machine")).await?;
    desk.see(&text("renews by the client’s secret")).await?;
    assert!(!desk.sees(&role("tab", "ID token")).await?, "a machine has no ID token");
    desk.close_sheet().await?;

    desk.new_request(&stage.url("/scoped/pets")).await?;
    desk.send_token_in("dev-auth-token").await?;
    desk.click(&role("radio", "Access token")).await?;
    desk.send_for("200").await?;
    assert_eq!(endpoint.grants(), ["client_credentials"]);
    assert!(kept::client_secret_in_keychain(&desk)?);
    endpoint.hold_secrets(&desk, &["client_secret", "access_token"])?;
    desk.close().await?;
    endpoint.hold_secrets(&desk, &[])
}

#[tokio::test]
async fn tokens_in_a_fragment_are_in_the_keychain_alone() -> Journey {
    let stage = Stage::open().await?;
    let mut desk = Desk::open(Options::new("grant-implicit").with_separate_jars()).await?;
    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, CALLBACK, SCOPES), Way::implicit()).await?;
    desk.sign_in_by_keys(&stage, "ada", "Sign in · ").await?;
    desk.see_signed_in("ada").await?;
    send(&desk, &stage).await?;
    // The jar has been written, so the search has something to look through.
    kept::session_cookie(&desk, &kept::identity(&desk, "ada")?).await?;
    desk.open_identity("ada").await?;
    let tokens = desk.reveal_tokens().await?;
    desk.search_for_secrets(&tokens, &[])?;
    desk.close().await?;
    desk.search_for_secrets(&tokens, &[])?;
    Ok(())
}
