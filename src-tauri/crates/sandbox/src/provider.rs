//! The identity provider behind the pool, on an origin of its own: a stand-in for Google with one account.

mod pages;
mod refusal;
mod web_view;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{RawQuery, State},
    response::{IntoResponse as _, Response},
    routing,
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header::LOCATION};

use self::refusal::Refusal;
use crate::{
    Options,
    expiring::Expiring,
    page::document,
    parameters::{Parameters, encoded},
    random, seed,
    shared::Shared,
};

/// The path of the pool to which the provider answers.
pub const RESPONSE_PATH: &str = "/oauth2/idpresponse";

const AUTHORIZE_PATH: &str = "/o/oauth2/v2/auth";
const CONSENT_PATH: &str = "/signin/oauth/consent";
const SCOPE: &str = "profile email openid";
const CODE_LIFE: Duration = Duration::from_mins(5);

/// All that the provider's endpoints share.
pub struct Provider {
    origin: String,
    redirect_uri: String,
    codes: Shared<Expiring<Account>>,
    options: Options,
}

/// An account at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    pub subject: &'static str,
    pub email: &'static str,
}

const ACCOUNT: Account = Account { subject: seed::PROVIDER_SUBJECT, email: seed::PROVIDER_ACCOUNT };

impl Provider {
    /// Makes the provider of an origin, whose one client is the pool of a login domain.
    pub fn new(origin: String, domain: &str, options: Options) -> Self {
        Self { origin, redirect_uri: format!("{domain}{RESPONSE_PATH}"), codes: Shared::default(), options }
    }

    /// Writes the address at which the pool has a user sign in.
    pub fn authorize_url(&self, state: &str, login_hint: Option<&str>) -> String {
        let hint = login_hint.map(|hint| format!("&login_hint={}", encoded(hint))).unwrap_or_default();
        format!(
            "{}{AUTHORIZE_PATH}?client_id={}&redirect_uri={}&scope={}&response_type=code&state={}{hint}",
            self.origin,
            encoded(seed::PROVIDER_CLIENT),
            encoded(&self.redirect_uri),
            encoded(SCOPE),
            encoded(state)
        )
    }

    /// Tells the account for a code, once; between the real services this is a call of the provider's token endpoint.
    pub fn redeem(&self, code: &str) -> Option<Account> {
        self.codes.lock().take(code, self.options.clock.now())
    }

    fn check(&self, headers: &HeaderMap, query: &Parameters) -> Result<(), Refusal> {
        if self.options.provider_refuses_web_views && web_view::is_web_view(headers) {
            Err(Refusal::DisallowedUserAgent)
        } else if query.text("client_id") != seed::PROVIDER_CLIENT {
            Err(Refusal::InvalidClient)
        } else if query.text("redirect_uri") != self.redirect_uri {
            Err(Refusal::RedirectUriMismatch)
        } else if query.text("response_type") != "code" {
            Err(Refusal::InvalidRequest)
        } else {
            Ok(())
        }
    }

    fn answer(&self, state: &str, parameters: &str) -> Response {
        redirect(&format!("{}?state={}&{parameters}", self.redirect_uri, encoded(state)))
    }
}

/// Routes the provider's endpoints.
pub fn router(provider: Arc<Provider>) -> Router {
    Router::new()
        .route(AUTHORIZE_PATH, routing::get(choose))
        .route(CONSENT_PATH, routing::post(consent))
        .route(refusal::PATH, routing::get(refusal::get))
        .with_state(provider)
}

/// Shows the account to sign in with.
async fn choose(State(provider): State<Arc<Provider>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = Parameters::read(&query.unwrap_or_default());
    match provider.check(&headers, &query) {
        Err(refusal) => redirect(&refusal.location()),
        Ok(()) => page(StatusCode::OK, pages::TITLE, &pages::accounts(CONSENT_PATH, query.raw(), ACCOUNT.email)),
    }
}

/// Goes back to the pool with a code, or with `access_denied` where no account was chosen.
async fn consent(
    State(provider): State<Arc<Provider>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (query, fields) = (Parameters::read(&query.unwrap_or_default()), Parameters::read_body(&body));
    if let Err(refusal) = provider.check(&headers, &query) {
        return redirect(&refusal.location());
    }
    let state = query.text("state");
    if fields.text("account") != ACCOUNT.email {
        return provider.answer(state, "error=access_denied");
    }
    let code = format!("4/0{}", random::base64url(48));
    let now = provider.options.clock.now();
    provider.codes.lock().insert(code.clone(), ACCOUNT, now + CODE_LIFE, now);
    let parameters = format!("code={}&scope={}&authuser=0&prompt=consent", encoded(&code), encoded(SCOPE));
    provider.answer(state, &parameters)
}

fn redirect(location: &str) -> Response {
    (StatusCode::FOUND, [(LOCATION, location)]).into_response()
}

fn page(status: StatusCode, title: &str, panel: &str) -> Response {
    (status, axum::response::Html(document(title, "en", panel, pages::ABOUT))).into_response()
}
