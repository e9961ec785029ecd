//! Who a request goes out as: once by "Send as", by the environment, and by what an identity's sign-in asks for.

mod two_users;

use std::error::Error;

use gatepass_journeys::{Desk, Options, Outcome, css, label, role, text};
use gatepass_sandbox::seed::READ_SCOPE;
use gatepass_stage::{Collections, Identities, Requests, SignIn, Stage};

use crate::servers::api::{Api, HEADER, claims_of};
use crate::{Journey, kept};

/// A desk at which ada and grace are signed in, ada being the chosen one.
async fn with_two_users(stage: &Stage, name: &str) -> Result<Desk, Box<dyn Error>> {
    let desk = Desk::open(Options::new(name).with_separate_jars()).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_by_keys(stage, "ada", "Sign in · ").await?;
    desk.see_signed_in("ada").await?;
    desk.add_identity("Grace H.").await?;
    desk.sign_in_by_keys(stage, "grace", "Sign in · Grace H.").await?;
    desk.see_signed_in("Grace H.").await?;
    desk.click(&role("button", "Use ada")).await?;
    desk.see_signed_in("ada").await?;
    Ok(desk)
}

/// Sends the request once as somebody of the menu beside "Send".
async fn send_as(desk: &Desk, name: &str) -> Outcome {
    desk.click(&role("button", "Send as")).await?;
    desk.click(&role("menuitem", name)).await
}

async fn see_sent_as(desk: &Desk, name: &str) -> Outcome {
    desk.text_with(&role("list", "How it was sent"), &format!("as {name}")).await.map(drop)
}

#[tokio::test]
async fn a_request_is_sent_once_as_another_user_who_signs_in_first_where_needed() -> Journey {
    let (stage, api) = (Stage::open().await?, Api::start().await?);
    let desk = with_two_users(&stage, "send-as").await?;
    desk.new_request(&api.url()).await?;
    desk.send_token_in(HEADER).await?;
    desk.see_going_out("ID token of ada").await?;
    desk.send_for("200").await?;

    send_as(&desk, "Grace H.").await?;
    see_sent_as(&desk, "Grace H.").await?;
    desk.see_signed_in("ada").await?;
    desk.send_for("200").await?;
    desk.see_gone(&role("list", "How it was sent")).await?;
    assert_eq!(api.served_users(), ["ada", "grace", "ada"]);

    desk.click(&role("button", "Session of Grace H.")).await?;
    desk.click(&role("button", "Sign out")).await?;
    desk.see(&role("button", "Remove").within(role("dialog", "Session of Grace H."))).await?;
    desk.close_sheet().await?;
    send_as(&desk, "Grace H.").await?;
    desk.sign_in_by_keys(&stage, "grace", "Sign in · Grace H.").await?;
    see_sent_as(&desk, "Grace H.").await?;
    desk.see_signed_in("ada").await?;
    assert_eq!(api.served_users(), ["ada", "grace", "ada", "grace"]);
    Ok(())
}

/// Makes an environment of the open collection that an identity goes with.
async fn new_environment(desk: &Desk, name: &str, identity: &str) -> Outcome {
    let sheet = role("dialog", "Environments");
    desk.click(&role("button", "Environment: ")).await?;
    desk.click(&role("menuitem", "Edit the environments…")).await?;
    desk.click(&role("button", "New environment").within(sheet.clone())).await?;
    desk.fill(&label("Name").within(sheet.clone()), name).await?;
    desk.choose(&label("Signs in as").within(sheet.clone()), identity).await?;
    desk.click(&role("button", "Save").within(sheet.clone())).await?;
    desk.see(&css("[aria-current=true]").within(sheet.clone())).await?;
    desk.close_dialog("Environments").await
}

async fn switch_to(desk: &Desk, environment: &str) -> Outcome {
    desk.click(&role("button", "Environment: ")).await?;
    desk.click(&role("menuitemradio", environment)).await?;
    desk.see(&role("button", format!("Environment: {environment}"))).await
}

#[tokio::test]
async fn switching_the_environment_switches_the_identity_that_goes_with_it() -> Journey {
    let (stage, api) = (Stage::open().await?, Api::start().await?);
    let mut desk = with_two_users(&stage, "environment-identity").await?;
    desk.new_collection("Shop").await?;
    desk.new_request_in("Look", "Shop").await?;
    desk.fill(&label("URL"), &api.url()).await?;
    desk.send_token_in(HEADER).await?;
    desk.save().await?;
    new_environment(&desk, "dev", "ada").await?;
    new_environment(&desk, "prod", "Grace H.").await?;

    for (environment, name, user) in
        [("prod", "Grace H.", "grace"), ("dev", "ada", "ada"), ("prod", "Grace H.", "grace")]
    {
        switch_to(&desk, environment).await?;
        desk.see_signed_in(name).await?;
        let before = api.served_users().len();
        desk.send_for("200").await?;
        let last =
            desk.until("the request at the API", async || Ok(api.served_users().into_iter().nth(before))).await?;
        assert_eq!(last, user, "in {environment}");
    }

    desk.restart().await?;
    desk.see(&role("button", "Environment: prod")).await?;
    desk.see_signed_in("Grace H.").await?;
    switch_to(&desk, "dev").await?;
    desk.see_signed_in("ada").await?;
    Ok(())
}

#[tokio::test]
async fn what_an_identity_asks_for_is_asked_at_its_sign_in() -> Journey {
    let stage = Stage::open().await?;
    let desk = Desk::open(Options::new("sign-in-options")).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_window().await?;
    desk.close_sign_in().await?;
    desk.open_identity("127.0.0.1 user").await?;
    desk.edit_identity(&[("Name", "Tester"), ("Login hint", "grace"), ("Extra scopes", READ_SCOPE)]).await?;

    desk.click(&role("button", "Sign in").within(role("dialog", "Session of "))).await?;
    desk.sign_in_window().await?;
    assert_eq!(desk.value(&css("input[name=username]")).await?, "grace", "the hint does not stand in the form");
    desk.fill(&css("input[name=password]"), &stage.user("grace").password).await?;
    desk.click(&css("[name=signInSubmitButton]")).await?;
    desk.sign_in_closed().await?;
    desk.see_signed_in("Tester").await?;
    desk.see(&text("grace").within(role("table", "Claims"))).await?;
    let tokens = desk.reveal_tokens().await?;
    let scopes = claims_of(&tokens[1].1)?["scope"].as_str().unwrap_or_default().to_owned();
    assert!(scopes.split(' ').any(|scope| scope == READ_SCOPE), "{scopes}");
    assert!(scopes.split(' ').any(|scope| scope == "openid"), "{scopes}");
    Ok(())
}

#[tokio::test]
async fn a_session_is_kept_or_forgotten_when_the_app_closes_as_its_identity_says() -> Journey {
    let stage = Stage::open().await?;
    let mut desk = Desk::open(Options::new("session-forgotten").with_separate_jars()).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_by_keys(&stage, "ada", "Sign in · ").await?;
    desk.see_signed_in("ada").await?;
    let identity = kept::identity(&desk, "ada")?;
    let cookie = kept::session_cookie(&desk, &identity).await?;

    desk.restart().await?;
    assert_eq!(kept::session_cookies(&desk, &identity), std::slice::from_ref(&cookie), "the session was not kept");
    desk.open_identity("ada").await?;
    let first = desk.id_token_payload().await?;
    desk.click(&role("button", "Renew now")).await?;
    desk.until("a new token without a form", async || Ok((desk.id_token_payload().await? != first).then_some(())))
        .await?;
    desk.when_the_app_closes("Forget it").await?;
    desk.close_sheet().await?;

    desk.close().await?;
    assert!(!kept::jar(&desk, &identity).exists(), "the jar is still there");
    desk.search_for_secrets(&[("the session cookie", &cookie)], &[])?;
    desk.start().await?;
    desk.see_signed_in("ada").await?;
    desk.open_identity("ada").await?;
    desk.click(&role("button", "Renew now")).await?;
    desk.sign_in_by_keys(&stage, "ada", "Sign in · ada").await?;
    desk.see(&role("button", "Renew now")).await?;

    // A crash leaves the jar; the next start takes it away.
    kept::session_cookie(&desk, &identity).await?;
    desk.crash()?;
    desk.start().await?;
    desk.see_signed_in("ada").await?;
    assert!(!kept::jar(&desk, &identity).exists(), "the jar of a crash is still there");
    Ok(())
}
