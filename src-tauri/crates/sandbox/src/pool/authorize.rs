//! GET /oauth2/authorize (RFC 6749 §3.1), and the redirects with which every sign-in ends.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use http::HeaderMap;

use super::{
    Pool,
    clients::{Client, GrantType},
    reply::redirect,
    session::SignedIn,
    token::CodeGrant,
    tokens::{Grant, Issued},
};
use crate::{
    LoginPages,
    parameters::{Parameters, encoded},
    random, seed,
};

const CODE_LIFE: Duration = Duration::from_mins(5);

/// A request that may be answered with tokens or a code.
pub struct AuthorizeRequest<'a> {
    pub client: &'a Client,
    redirect_uri: String,
    implicit: bool,
    /// Whether the user is to sign in at the identity provider.
    federated: bool,
    scopes: Vec<String>,
    state: Option<String>,
    nonce: Option<String>,
    challenge: Option<String>,
    resource: Option<String>,
}

/// Tells where a bad request ends.
pub enum Refusal {
    /// At the domain's own error page, because the callback cannot be trusted.
    ErrorPage { error: &'static str, client_id: String },
    /// At the callback.
    Callback { redirect_uri: String, error: &'static str, state: Option<String> },
}

/// Answers at once while a session lives, else with the login page's address.
pub async fn get(State(pool): State<Arc<Pool>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let parameters = Parameters::read(&query.unwrap_or_default());
    let request = match AuthorizeRequest::read(&pool, &parameters) {
        Ok(request) => request,
        Err(refusal) => return refusal.into(),
    };
    // Guess: that a session also answers where a provider is named.
    // The classic hosted UI does not know `prompt`.
    let prompt = parameters.get("prompt").filter(|_| pool.options.login_pages != LoginPages::Classic);
    match (pool.session(&headers), prompt) {
        (Some(signed_in), None | Some("none")) => redirect(&pool.completed(&request, signed_in, None)),
        (None, Some("none")) => request.refused("login_required").into(),
        _ if request.federated => pool.send_to_provider(&parameters),
        _ => redirect(&format!("/login?{}", parameters.raw())),
    }
}

impl<'a> AuthorizeRequest<'a> {
    /// Reads and checks the parameters; until the callback is known to be registered nothing is sent to it.
    pub fn read(pool: &'a Pool, parameters: &Parameters) -> Result<Self, Refusal> {
        let client_id = parameters.text("client_id");
        // Guess: the code for a client that is not there.
        let unknown = || Refusal::ErrorPage { error: "invalid_client", client_id: client_id.to_owned() };
        let client = pool.client(client_id).ok_or_else(unknown)?;
        let redirect_uri = parameters.text("redirect_uri");
        if !client.has_callback(redirect_uri) {
            return Err(Refusal::ErrorPage { error: "redirect_mismatch", client_id: client_id.to_owned() });
        }

        let response_type = parameters.text("response_type");
        let mut request = Self {
            client,
            redirect_uri: redirect_uri.to_owned(),
            implicit: response_type == "token",
            federated: is_federated(parameters) == Some(true),
            scopes: Vec::new(),
            state: parameters.get("state").map(ToOwned::to_owned),
            nonce: parameters.get("nonce").map(ToOwned::to_owned),
            challenge: parameters.get("code_challenge").map(ToOwned::to_owned),
            resource: parameters.get("resource").map(ToOwned::to_owned),
        };
        let method = parameters.get("code_challenge_method");
        if !matches!(response_type, "token" | "code")
            || method.is_some_and(|method| method != "S256")
            || method.is_some() != request.challenge.is_some()
            || is_federated(parameters).is_none()
        {
            return Err(request.refused("invalid_request"));
        }
        if !client.allows(if request.implicit { GrantType::Implicit } else { GrantType::Code }) {
            return Err(request.refused("unauthorized_client"));
        }
        match client.grant_scopes(parameters.get("scope")) {
            Some(scopes) => request.scopes = scopes,
            None => return Err(request.refused("invalid_scope")),
        }
        Ok(request)
    }

    /// Refuses at the callback.
    pub fn refused(&self, error: &'static str) -> Refusal {
        Refusal::Callback { redirect_uri: self.redirect_uri.clone(), error, state: self.state.clone() }
    }

    fn state_parameter(&self) -> String {
        self.state.as_deref().map(|state| format!("&state={}", encoded(state))).unwrap_or_default()
    }

    fn grant(&self, signed_in: SignedIn) -> Grant {
        Grant {
            signed_in,
            scopes: self.scopes.clone(),
            nonce: self.nonce.clone(),
            resource: self.resource.clone(),
            origin_jti: (!self.implicit).then(random::uuid),
        }
    }
}

/// Tells whether the identity provider is named, or `None` where the pool has none of the name.
fn is_federated(parameters: &Parameters) -> Option<bool> {
    match (parameters.get("identity_provider"), parameters.get("idp_identifier")) {
        (None, None) | (Some("COGNITO"), _) => Some(false),
        (Some(seed::PROVIDER), _) | (None, Some(seed::PROVIDER_IDENTIFIER)) => Some(true),
        _ => None,
    }
}

impl Pool {
    /// Writes the address at which a sign-in ends: the callback with tokens, a code or an error.
    pub fn completed(&self, request: &AuthorizeRequest<'_>, signed_in: SignedIn, extra_query: Option<&str>) -> String {
        let failed = |error| request.refused(error).location();
        if request.client.failing {
            return failed("server_error");
        }
        let grant = request.grant(signed_in);
        if request.implicit {
            match self.issue(request.client, &grant) {
                Ok(issued) => implicit_location(request, &issued, extra_query),
                Err(_) => failed("server_error"),
            }
        } else {
            self.code_location(request, grant)
        }
    }

    fn code_location(&self, request: &AuthorizeRequest<'_>, grant: Grant) -> String {
        let code = random::uuid();
        let now = self.now();
        let kept = CodeGrant {
            client_id: request.client.id,
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.challenge.clone(),
            grant,
        };
        self.codes.lock().insert(code.clone(), kept, now + CODE_LIFE, now);
        with_query(&request.redirect_uri, &format!("code={code}{}", request.state_parameter()))
    }
}

/// Writes the implicit redirect (RFC 6749 §4.2.2) in the recorded order.
fn implicit_location(request: &AuthorizeRequest<'_>, issued: &Issued, extra_query: Option<&str>) -> String {
    let callback = match extra_query {
        Some(query) => with_query(&request.redirect_uri, query),
        None => request.redirect_uri.clone(),
    };
    let id_token = issued.id_token.as_deref().map(|token| format!("id_token={token}&")).unwrap_or_default();
    format!(
        "{callback}#{id_token}access_token={}&expires_in={}&token_type=Bearer{}",
        issued.access_token,
        issued.expires_in,
        request.state_parameter()
    )
}

fn with_query(address: &str, query: &str) -> String {
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{query}")
}

impl Refusal {
    fn location(&self) -> String {
        match self {
            Self::ErrorPage { error, client_id } => format!("/error?error={error}&client_id={}", encoded(client_id)),
            Self::Callback { redirect_uri, error, state } => {
                let state = state.as_deref().map(|state| format!("&state={}", encoded(state))).unwrap_or_default();
                // Guess: the descriptions, which are said not to be stable.
                let description = match *error {
                    "invalid_request" => "&error_description=invalid+request",
                    "server_error" => "&error_description=PreTokenGeneration+failed+with+error",
                    _ => "",
                };
                with_query(redirect_uri, &format!("error={error}{description}{state}"))
            }
        }
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        redirect(&refusal.location())
    }
}
