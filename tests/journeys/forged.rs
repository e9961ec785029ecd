//! Tokens that were changed on their way, brought by a redirect that is right in everything else.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatepass_journeys::{Desk, Options, role};
use gatepass_sandbox::seed::{ADA, PUBLIC_CLIENT};
use gatepass_stage::{SignIn, Stage};
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use url::{Url, form_urlencoded};

use crate::servers::served::{Served, parameter, redirect};
use crate::{Journey, kept};

/// What is done to the tokens on their way.
#[derive(Debug, Clone, Copy)]
enum Forgery {
    OtherUser,
    Unsigned,
    OtherSignIn,
    OtherAccessToken,
    Truncated,
    OtherPool,
    None,
}

/// A pair of tokens of the sandbox.
struct Tokens {
    id: String,
    access: String,
}

/// A login domain in front of the sandbox's: it signs in there itself, and passes on what it made of the tokens.
#[derive(Clone)]
struct Between {
    domain: String,
    other_domain: String,
    forgery: Arc<Mutex<Forgery>>,
}

impl Between {
    async fn sign_in(&self, domain: &str, nonce: &str) -> Result<Tokens, Box<dyn Error + Send + Sync>> {
        let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build()?;
        let parameters = [
            ("client_id", PUBLIC_CLIENT),
            ("response_type", "token"),
            ("scope", "openid email"),
            ("redirect_uri", "https://example.com/"),
            ("nonce", nonce),
        ];
        let page = Url::parse_with_params(&format!("{domain}/login"), parameters)?;
        let form = client.get(page.clone()).send().await?;
        let mut cookies = form.headers().get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
        let csrf = cookies.find_map(|cookie| cookie.strip_prefix("XSRF-TOKEN=")?.split(';').next());
        let csrf = csrf.ok_or("the form has no token")?.to_owned();
        let fields = [("_csrf", csrf.as_str()), ("username", ADA.0), ("password", ADA.1)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let answer = client.post(page).header(COOKIE, format!("XSRF-TOKEN={csrf}"));
        let answer = answer.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body).send().await?;
        let location = answer.headers().get(LOCATION).ok_or("the sandbox did not sign in")?.to_str()?;
        let fragment = location.split_once('#').ok_or("there are no tokens")?.1;
        let token = |name| parameter(Some(fragment), name);
        Ok(Tokens { id: token("id_token"), access: token("access_token") })
    }

    async fn answer(&self, query: Option<&str>) -> Result<String, Box<dyn Error + Send + Sync>> {
        let nonce = parameter(query, "nonce");
        let forgery = *self.forgery.lock().unwrap_or_else(PoisonError::into_inner);
        let Tokens { id, access } = self.sign_in(&self.domain, &nonce).await?;
        let (id, access) = match forgery {
            Forgery::None => (id, access),
            Forgery::OtherUser => (with_part(&id, 1, |payload| payload.replace("\"ada\"", "\"grace\""))?, access),
            Forgery::Unsigned => (with_part(&id, 0, |header| header.replace("RS256", "none"))?, access),
            Forgery::OtherSignIn => {
                let other = self.sign_in(&self.domain, "of-another-sign-in").await?;
                (other.id, other.access)
            }
            Forgery::OtherAccessToken => (id, self.sign_in(&self.domain, &nonce).await?.access),
            Forgery::OtherPool => {
                let other = self.sign_in(&self.other_domain, &nonce).await?;
                (other.id, other.access)
            }
            Forgery::Truncated => (id[..id.len() / 2].to_owned(), access),
        };
        let (callback, state) = (parameter(query, "redirect_uri"), parameter(query, "state"));
        Ok(format!("{callback}#id_token={id}&access_token={access}&expires_in=3600&token_type=Bearer&state={state}"))
    }
}

/// Changes the header (0) or the payload (1) of a token and leaves the rest.
fn with_part(
    token: &str,
    part: usize,
    change: impl Fn(&str) -> String,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let old = String::from_utf8(URL_SAFE_NO_PAD.decode(&parts[part])?)?;
    let new = change(&old);
    if new == old {
        return Err("nothing was changed".into());
    }
    parts[part] = URL_SAFE_NO_PAD.encode(new);
    Ok(parts.join("."))
}

async fn login(State(between): State<Between>, RawQuery(query): RawQuery) -> Response {
    match between.answer(query.as_deref()).await {
        Ok(location) => redirect(&location),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

#[tokio::test]
async fn a_token_that_was_tampered_with_is_refused_with_its_reason_and_never_kept() -> Journey {
    let (stage, other) = (Stage::open().await?, Stage::open().await?);
    let forgery = Arc::new(Mutex::new(Forgery::OtherUser));
    let between = Between {
        domain: stage.description().pool.domain.clone(),
        other_domain: other.description().pool.domain.clone(),
        forgery: Arc::clone(&forgery),
    };
    let authorize =
        |RawQuery(query): RawQuery| async move { redirect(&format!("/login?{}", query.unwrap_or_default())) };
    let router =
        Router::new().route("/oauth2/authorize", get(authorize)).route("/login", get(login)).with_state(between);
    let pool = Served::start(router).await?;
    let desk = Desk::open(Options::new("forged-tokens")).await?;

    desk.connect(&pool.login_page(PUBLIC_CLIENT, "https://example.com/")?).await?;
    let sign_in = role("button", "Sign in").within(role("dialog", "Session of "));
    for (next, words) in [
        (Forgery::Unsigned, "the signature of the ID token is wrong"),
        (Forgery::OtherSignIn, "has the algorithm \"none\"; expected RS256"),
        (Forgery::OtherAccessToken, "the nonce of the ID token is another one"),
        (Forgery::Truncated, "the at_hash of the ID token is of another access token"),
        (Forgery::None, "the ID token is not in order"),
    ] {
        let shown = desk.see_refused(words).await?;
        assert!(shown.contains("Nothing was kept"), "{shown}");
        assert!(!shown.contains("eyJ"), "a part of a token is shown: {shown}");
        desk.sign_in_closed().await?;
        kept::nothing(&desk)?;
        *forgery.lock().unwrap_or_else(PoisonError::into_inner) = next;
        desk.click(&sign_in).await?;
    }

    // The same way round with honest tokens: it was the forgery that was refused, not the way.
    desk.sign_in_closed().await?;
    desk.see_signed_in("ada").await?;

    // From here on the pool is pinned to the issuer of that first token.
    let first = desk.id_token_payload().await?;
    assert!(first.contains(&stage.description().pool.issuer), "{first}");
    *forgery.lock().unwrap_or_else(PoisonError::into_inner) = Forgery::OtherPool;
    desk.click(&role("button", "Renew now")).await?;
    let shown = desk.see_refused("the ID token is from").await?;
    assert!(shown.contains(&other.description().pool.issuer), "{shown}");
    assert!(shown.contains(&format!("expected {}", stage.description().pool.issuer)), "{shown}");
    desk.sign_in_closed().await?;
    assert_eq!(desk.id_token_payload().await?, first);
    Ok(())
}
