//! Two users of one pool side by side, signed in with real keys in windows with cookie jars of their own.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatepass_journeys::{Desk, Options, role};
use gatepass_stage::{Requests, SignIn, Stage};
use serde_json::Value;

use crate::served::Served;
use crate::{Journey, kept};

/// Tells whose ID token a request carries.
fn user_of(headers: &HeaderMap) -> Option<String> {
    let token = headers.get("dev-auth-token")?.to_str().ok()?;
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    Some(claims["cognito:username"].as_str()?.to_owned())
}

#[tokio::test]
async fn two_users_sign_in_in_parallel_windows_and_each_request_goes_out_as_the_chosen_one() -> Journey {
    let stage = Stage::open().await?;
    let seen: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
    let api = {
        let seen = Arc::clone(&seen);
        Router::new().fallback(move |headers: HeaderMap| {
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(user_of(&headers));
            async { "taken" }
        })
    };
    let api = Served::start(api).await?;
    let mut desk = Desk::open(Options::new("two-users").with_separate_jars()).await?;

    desk.connect(&stage.login_page()).await?;
    desk.add_identity("Grace H.").await?;
    desk.until("both sign-in windows", async || Ok((desk.sign_in_windows()?.len() == 2).then_some(()))).await?;
    desk.sign_in_by_keys(&stage, "grace", "Sign in · Grace H.").await?;
    desk.see_signed_in("Grace H.").await?;
    desk.sign_in_by_keys(&stage, "ada", "Sign in · 127.0.0.1").await?;
    desk.see(&role("button", "Session of ada")).await?;

    desk.new_request(&format!("{}/", api.origin())).await?;
    desk.send_token_in("dev-auth-token").await?;
    let arrived = || seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for (choice, user) in [("Use Grace H.", "grace"), ("Use ada", "ada"), ("Use Grace H.", "grace")] {
        desk.click(&role("button", choice)).await?;
        let before = arrived().len();
        desk.send_for("200").await?;
        let last = desk.until("the request at the API", async || Ok(arrived().into_iter().nth(before))).await?;
        assert_eq!(last.as_deref(), Some(user));
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
