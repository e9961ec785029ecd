//! Two users of one pool side by side, signed in with real keys in windows with cookie jars of their own.

use gatepass_journeys::{Desk, Options, role};
use gatepass_stage::{Requests, SignIn, Stage};

use crate::servers::api::{Api, HEADER};
use crate::{Journey, kept};

#[tokio::test]
async fn two_users_sign_in_in_parallel_windows_and_each_request_goes_out_as_the_chosen_one() -> Journey {
    let stage = Stage::open().await?;
    let api = Api::start().await?;
    let mut desk = Desk::open(Options::new("two-users").with_separate_jars()).await?;

    desk.connect(&stage.login_page()).await?;
    desk.add_identity("Grace H.").await?;
    desk.until("both sign-in windows", async || Ok((desk.sign_in_windows()?.len() == 2).then_some(()))).await?;
    desk.sign_in_by_keys(&stage, "grace", "Sign in · Grace H.").await?;
    desk.see_signed_in("Grace H.").await?;
    desk.sign_in_by_keys(&stage, "ada", "Sign in · 127.0.0.1").await?;
    desk.see(&role("button", "Session of ada")).await?;

    desk.new_request(&api.url()).await?;
    desk.send_token_in(HEADER).await?;
    for (choice, user) in [("Use Grace H.", "grace"), ("Use ada", "ada"), ("Use Grace H.", "grace")] {
        desk.click(&role("button", choice)).await?;
        let before = api.served_users().len();
        desk.send_for("200").await?;
        let last =
            desk.until("the request at the API", async || Ok(api.served_users().into_iter().nth(before))).await?;
        assert_eq!(last, user);
    }

    let (ada, grace) = (kept::identity(&desk, "ada")?, kept::identity(&desk, "Grace H.")?);
    let cookies = (kept::session_cookie(&desk, &ada).await?, kept::session_cookie(&desk, &grace).await?);
    assert_ne!(cookies.0, cookies.1);
    for identity in [&ada, &grace] {
        assert_eq!(kept::session_cookies(&desk, identity).len(), 1, "a jar has the cookie of another user");
        assert_eq!(kept::jar_mode(&desk, identity)?, 0o700);
        assert!(kept::in_keychain(identity)?);
    }

    desk.restart().await?;
    desk.see(&role("button", "Session of ada")).await?;
    desk.see(&role("button", "Session of Grace H.")).await?;
    Ok(())
}
