//! What the token endpoint gives: tokens for a code, for a refresh token, or for a client's own credentials.

mod answer;
mod error;

use std::pin::Pin;
use std::time::SystemTime;

use gatepass_vault::Secret;
use oauth2::{
    AsyncHttpClient, AuthorizationCode as Code, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    PkceCodeVerifier, RedirectUrl, RefreshToken, Scope, StandardRevocableToken, TokenUrl,
};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request};
use url::{Url, form_urlencoded};

use crate::http::{HttpError, host_of};
use crate::pool::Endpoint;
use crate::{AuthorizationCode, CallbackTokens, Network, Session, SignInOptions, UserPool};
use answer::{TokenAnswer, Tokens};
pub use error::GrantError;

type TokenClient = Client<
    oauth2::basic::BasicErrorResponse,
    TokenAnswer,
    oauth2::basic::BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    oauth2::basic::BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Redeems the code of a sign-in, with the verifier that proves who asked for it (RFC 6749 §4.1.3, RFC 7636 §4.5).
///
/// `client_secret` is the app client's, where it has one.
///
/// # Errors
/// Tells what the pool refused, or why it could not be asked.
pub async fn redeem(
    code: AuthorizationCode,
    client_secret: Option<&Secret>,
    network: &Network,
    now: SystemTime,
) -> Result<CallbackTokens, GrantError> {
    let AuthorizationCode { pool, nonce, subject, code, verifier } = code;
    let asked = Asked::new(&pool, network, now)?;
    let callback = pool.callback().ok_or(GrantError::NoEndpoint)?;
    let callback = RedirectUrl::new(callback.as_str().to_owned()).map_err(GrantError::Address)?;
    let client = asked.client(client_secret)?.set_redirect_uri(callback);
    let request = client
        .exchange_code(Code::new(code.expose().to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()));
    let tokens = asked.tokens(request.request_async(&asked).await)?;
    Ok(tokens.held_against(pool, Some(nonce), subject))
}

/// Takes new tokens for a session's refresh token (RFC 6749 §6); they are only the same user's.
///
/// Where the answer is lost on its way the question is put once more: a pool that rotates its refresh tokens takes the
/// old one for a while.
///
/// # Errors
/// Tells what the pool refused, or why it could not be asked.
pub async fn refresh(
    session: &Session,
    client_secret: Option<&Secret>,
    network: &Network,
    now: SystemTime,
) -> Result<CallbackTokens, GrantError> {
    let refresh_token = session.refresh_token().ok_or(GrantError::NoRefreshToken)?;
    let asked = Asked::new(session.pool(), network, now)?;
    let client = asked.client(client_secret)?;
    let token = RefreshToken::new(refresh_token.expose().to_owned());
    let mut outcome = asked.tokens(client.exchange_refresh_token(&token).request_async(&asked).await);
    if let Err(GrantError::Http(HttpError::Broken { .. } | HttpError::Timeout { .. })) = &outcome {
        outcome = asked.tokens(client.exchange_refresh_token(&token).request_async(&asked).await);
    }
    let mut tokens = outcome?;
    tokens.refresh_token.get_or_insert_with(|| refresh_token.clone());
    let subject = Some(session.subject().to_owned());
    Ok(tokens.held_against(Box::new(session.pool().clone()), None, subject))
}

/// Takes an access token for the client itself (RFC 6749 §4.4).
///
/// # Errors
/// Tells what the pool refused, or why it could not be asked.
pub async fn client_credentials(
    pool: &UserPool,
    options: &SignInOptions,
    client_secret: &Secret,
    network: &Network,
    now: SystemTime,
) -> Result<CallbackTokens, GrantError> {
    let asked = Asked::new(pool, network, now)?;
    let client = asked.client(Some(client_secret))?;
    let scopes = pool.scopes().iter().chain(&options.extra_scopes);
    let mut request = client.exchange_client_credentials().add_scopes(scopes.cloned().map(Scope::new));
    if let Some(resource) = &options.resource {
        request = request.add_extra_param("resource", resource);
    }
    let tokens = asked.tokens(request.request_async(&asked).await)?;
    Ok(tokens.held_against(Box::new(pool.clone()), None, None))
}

/// Gives up a session's refresh token, and with it what was made of it (RFC 7009 §2.1); without one there is nothing to do.
///
/// # Errors
/// Tells what the pool refused, or why it could not be asked.
pub async fn revoke(
    session: &Session,
    client_secret: Option<&Secret>,
    network: &Network,
    now: SystemTime,
) -> Result<(), GrantError> {
    let pool = session.pool();
    let (Some(token), Some(url)) = (session.refresh_token(), pool.endpoint(Endpoint::Revocation)) else {
        return Ok(());
    };
    let mut request = Request::new(Method::POST, url);
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    if let Some(secret) = client_secret {
        request.headers_mut().insert(AUTHORIZATION, answer::basic(pool.client_id(), secret)?);
    }
    *request.body_mut() = Some(revocation_form(token, client_secret.is_none().then(|| pool.client_id())).into());
    let response = network.http().execute(request, pool, now).await?;
    if response.status().is_success() {
        return Ok(());
    }
    let host = host_of(response.url());
    let status = response.status().as_u16();
    let body = crate::http::read(response, &host).await?;
    Err(answer::refusal_in(&body, pool).map_or(GrantError::NoTokens { host, status }, GrantError::Refused))
}

fn revocation_form(token: &Secret, client_id: Option<&str>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", token.expose());
    if let Some(client_id) = client_id {
        form.append_pair("client_id", client_id);
    }
    form.finish()
}

/// The token endpoint of a pool, being asked.
struct Asked<'a> {
    pool: &'a UserPool,
    network: &'a Network,
    url: Url,
    now: SystemTime,
}

impl<'c> AsyncHttpClient<'c> for Asked<'_> {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<oauth2::HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: oauth2::HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl<'a> Asked<'a> {
    fn new(pool: &'a UserPool, network: &'a Network, now: SystemTime) -> Result<Self, GrantError> {
        let url = pool.endpoint(Endpoint::Token).ok_or(GrantError::NoEndpoint)?;
        Ok(Self { pool, network, url, now })
    }

    fn client(&self, secret: Option<&Secret>) -> Result<TokenClient, GrantError> {
        let url = TokenUrl::new(self.url.to_string()).map_err(GrantError::Address)?;
        let client = Client::new(ClientId::new(self.pool.client_id().to_owned())).set_token_uri(url);
        Ok(match secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
            None => client,
        })
    }

    async fn send(&self, request: oauth2::HttpRequest) -> Result<oauth2::HttpResponse, HttpError> {
        let host = host_of(&self.url);
        let request = Request::try_from(request).map_err(|error| HttpError::Client(std::sync::Arc::new(error)))?;
        let response = self.network.http().execute(request, self.pool, self.now).await?;
        let status = response.status();
        if status.is_redirection() {
            return Err(HttpError::Redirected { host, status: status.as_u16() });
        }
        let found = crate::http::content_type(response.headers());
        let body = crate::http::read(response, &host).await?;
        if serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&body).is_err() {
            return Err(HttpError::NotJson { host, found });
        }
        let mut answer = oauth2::HttpResponse::new(body);
        *answer.status_mut() = status;
        Ok(answer)
    }

    fn tokens(&self, outcome: Result<TokenAnswer, answer::Failed>) -> Result<Tokens, GrantError> {
        outcome.map(Tokens::from).map_err(|error| answer::in_words(error, self.pool, &self.url))
    }
}
