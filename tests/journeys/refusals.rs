//! Every way in which a user pool refuses: the app says what and why, keeps nothing, and goes on.

use std::sync::Arc;

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{Html, Response};
use axum::routing::get;
use axum::{Router, response::IntoResponse};
use gatepass_journeys::{Desk, Options, role, text};
use gatepass_sandbox::LoginPages;
use gatepass_sandbox::Options as Pool;
use gatepass_sandbox::seed::{CODE_CLIENT, FAILING_CLIENT, PUBLIC_CLIENT};
use gatepass_stage::{SignIn, Stage};

use crate::servers::served::{Served, parameter, redirect};
use crate::{Journey, kept};

const CALLBACK: &str = "https://example.com/";

/// What is connected, and what has to stand in the sheet afterwards.
struct Row {
    what: &'static str,
    login_page: String,
    words: Vec<String>,
}

fn row(what: &'static str, login_page: String, words: &[&str]) -> Row {
    Row { what, login_page, words: words.iter().map(|word| (*word).to_owned()).collect() }
}

/// Connects each row's pool, and holds what is shown against the row.
async fn play(desk: &Desk, rows: Vec<Row>) -> Journey {
    for row in rows {
        desk.connect_another(&row.login_page).await.map_err(|error| format!("{}: {error}", row.what))?;
        let shown = desk.see_refused(&row.words[0]).await.map_err(|error| format!("{}: {error}", row.what))?;
        for words in &row.words {
            assert!(shown.contains(words), "{}: \"{words}\" is not in: {shown}", row.what);
        }
        desk.sign_in_closed().await?;
        assert!(desk.sign_in_windows()?.is_empty(), "{}: a window stays open", row.what);
        desk.close_sheet().await?;
        desk.see_signed_out().await?;
    }
    kept::nothing(desk)?;
    Ok(())
}

#[tokio::test]
async fn what_the_pool_refuses_before_the_form_is_told_without_a_window() -> Journey {
    let stage = Stage::open().await?;
    let gone = Served::start(Router::new()).await?;
    let gone_page = gone.login_page("client", CALLBACK)?;
    drop(gone);
    let elsewhere = Served::start(Router::new().fallback(|| async { StatusCode::NOT_FOUND })).await?;
    let nowhere = "https://nowhere.invalid/login?client_id=client&response_type=token&scope=openid\
                   &redirect_uri=https%3A%2F%2Fexample.com%2F";
    let desk = Desk::open(Options::new("refused-before-the-form").env("RES_OPTIONS", "timeout:1 attempts:1")).await?;

    let unregistered = "http://localhost:4180/not-registered";
    play(
        &desk,
        vec![
            row(
                "redirect_mismatch",
                stage.login_page_of(PUBLIC_CLIENT, unregistered, "openid"),
                &["The callback URL is not registered", &format!("add exactly {unregistered} to")],
            ),
            row(
                "unauthorized_client",
                stage.login_page_of(CODE_CLIENT, CALLBACK, "openid"),
                &["The grant is not switched on for this client", CODE_CLIENT, "tick Implicit grant"],
            ),
            row(
                "invalid_scope",
                stage.login_page_of(PUBLIC_CLIENT, CALLBACK, "openid petstore/write"),
                &["A scope is not enabled for this client", "Asked for: openid petstore/write"],
            ),
            row(
                "the error page of an unknown client",
                stage.login_page_of("nobodyknowsthisclient", CALLBACK, "openid"),
                &["The user pool does not know this client", "nobodyknowsthisclient"],
            ),
            row(
                "a domain that is not there",
                nowhere.to_owned(),
                &["the host nowhere.invalid is not known", "under Branding, Domain"],
            ),
            row("a domain that refuses", gone_page, &["127.0.0.1 cannot be reached", "under Branding, Domain"]),
            row(
                "a domain without a hosted UI",
                elsewhere.login_page("client", CALLBACK)?,
                &["127.0.0.1 answered 404 in place of a login page", "check the domain and the client id"],
            ),
        ],
    )
    .await?;

    desk.connect_another(&stage.login_page()).await?;
    desk.sign_in_as(&stage, "ada").await?;
    Ok(())
}

/// A login domain whose form ends at once in what the client's name asks for.
fn refusing() -> Router {
    let login = |RawQuery(query): RawQuery| async move {
        let query = query.as_deref();
        let state = parameter(query, "state");
        let (callback, client) = (parameter(query, "redirect_uri"), parameter(query, "client_id"));
        let location = match client.as_str() {
            "denied" => format!("{callback}?error=access_denied&error_description=The+user+said+no&state={state}"),
            "deniedInFragment" => {
                format!("{callback}#error=access_denied&error_description=Said+in+the+fragment&state={state}")
            }
            "withoutState" => format!("{callback}?error=invalid_scope"),
            "errorPage" => format!("/error?error=redirect_mismatch&client_id={client}"),
            "noTokens" => format!("{callback}#expires_in=3600&token_type=Bearer&state={state}"),
            error => format!("{callback}?error={}&state={state}", snake_case(error)),
        };
        redirect(&location)
    };
    let authorize =
        |RawQuery(query): RawQuery| async move { redirect(&format!("/login?{}", query.unwrap_or_default())) };
    let error = || async { (StatusCode::BAD_REQUEST, Html("An error was encountered with the requested page.")) };
    Router::new().route("/oauth2/authorize", get(authorize)).route("/login", get(login)).route("/error", get(error))
}

/// A client id has letters and digits only, an error code has underscores.
fn snake_case(name: &str) -> String {
    name.chars()
        .flat_map(|letter| letter.is_uppercase().then_some('_').into_iter().chain(letter.to_lowercase()))
        .collect()
}

#[tokio::test]
async fn what_the_pool_refuses_at_its_form_closes_the_window_and_is_told() -> Journey {
    let pool = Served::start(refusing()).await?;
    let desk = Desk::open(Options::new("refused-at-the-form")).await?;
    let page = |client: &str| pool.login_page(client, CALLBACK);

    play(
        &desk,
        vec![
            row("access_denied", page("denied")?, &["The sign-in was declined", "Sign in again and agree"]),
            row("an error in the fragment", page("deniedInFragment")?, &["The sign-in was declined"]),
            row("an error without a state", page("withoutState")?, &["A scope is not enabled for this client"]),
            row(
                "the error page",
                page("errorPage")?,
                &["The callback URL is not registered", &format!("add exactly {CALLBACK} to")],
            ),
            row("no tokens", page("noTokens")?, &["The redirect brought no tokens"]),
            row("invalid_request", page("invalidRequest")?, &["The user pool did not take the request"]),
            row("login_required", page("loginRequired")?, &["The session at the user pool is over"]),
            row(
                "unauthorized_client",
                page("unauthorizedClient")?,
                &["The grant is not switched on for this client", "tick Implicit grant"],
            ),
            row(
                "unsupported_response_type",
                page("unsupportedResponseType")?,
                &["does not answer in this way", "Tick Implicit grant"],
            ),
            row("temporarily_unavailable", page("temporarilyUnavailable")?, &["not available at the moment"]),
            row("a code in no table", page("outOfPaper")?, &["The user pool refused the sign-in"]),
        ],
    )
    .await?;
    Ok(())
}

#[tokio::test]
async fn what_fails_after_the_form_is_told_and_nothing_is_kept() -> Journey {
    let stage = Stage::open().await?;
    let desk = Desk::open(Options::new("refused-after-the-form")).await?;

    desk.connect(&stage.login_page_of(FAILING_CLIENT, CALLBACK, "openid")).await?;
    desk.type_credentials("ada", &stage.user("ada").password).await?;
    desk.sign_in_closed().await?;
    let shown = desk.see_refused("The user pool failed").await?;
    assert!(shown.contains("a Lambda trigger of the pool is failing"), "{shown}");
    desk.click(&text("Why")).await?;
    desk.see(&text("PreTokenGeneration failed with error")).await?;
    desk.close_sheet().await?;
    desk.see_signed_out().await?;

    // The pool's session lives since then: it asks no more.
    desk.connect_another(&stage.login_page_of(PUBLIC_CLIENT, CALLBACK, "email")).await?;
    let shown = desk.see_refused("no ID token came").await?;
    assert!(shown.contains("add openid to the scopes"), "{shown}");
    desk.sign_in_closed().await?;
    desk.close_sheet().await?;
    kept::nothing(&desk)?;

    desk.connect_another(&stage.login_page_of(PUBLIC_CLIENT, CALLBACK, "openid email")).await?;
    desk.sign_in_closed().await?;
    desk.see_signed_in("ada").await?;
    Ok(())
}

#[tokio::test]
async fn login_pages_without_a_style_are_shown_as_they_are_and_left_by_closing_the_window() -> Journey {
    let stage = Stage::with(Pool { login_pages: LoginPages::Unbranded, ..Pool::default() }).await?;
    let desk = Desk::open(Options::new("unbranded-login-pages")).await?;

    desk.connect(&stage.login_page()).await?;
    desk.sign_in_window().await?;
    desk.see(&text("Login pages unavailable")).await?;
    desk.close_sign_in().await?;
    desk.see_signed_out().await?;
    kept::nothing(&desk)?;
    Ok(())
}

#[tokio::test]
async fn a_domain_that_shows_some_page_is_left_by_closing_the_window() -> Journey {
    let page = Arc::new("<!DOCTYPE html><title>Shop</title><h1>Welcome to our shop</h1>".to_owned());
    let router = Router::new().fallback(move || {
        let page = Arc::clone(&page);
        async move { Html(page.as_str().to_owned()).into_response() as Response }
    });
    let shop = Served::start(router).await?;
    let desk = Desk::open(Options::new("no-hosted-ui")).await?;

    desk.connect(&shop.login_page("client", CALLBACK)?).await?;
    desk.sign_in_window().await?;
    desk.see(&role("heading", "Welcome to our shop")).await?;
    desk.close_sign_in().await?;
    desk.see_signed_out().await?;
    kept::nothing(&desk)?;
    Ok(())
}
