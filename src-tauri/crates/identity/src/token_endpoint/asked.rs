use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use gatepass_vault::Secret;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, RequestTokenError,
    StandardRevocableToken, TokenResponse, TokenUrl,
};
use reqwest::Request;
use url::Url;

use super::GrantError;
use super::answer::{TokenAnswer, Tokens, refusal_in};
use crate::http::Answer;
use crate::pool::Endpoint;
use crate::{HttpError, Network, UserPool};

/// The longest kind of token that is quoted, in characters; the registered ones have up to six.
const LONGEST_KIND: usize = 16;

type TokenClient = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The token endpoint of a pool, being asked.
pub(super) struct Asked<'a> {
    pool: &'a UserPool,
    network: &'a Network,
    url: Url,
    now: SystemTime,
    limit: Duration,
    /// The scopes that it is asked for, as one text.
    scope: String,
    /// What is sent: a server that says it back is not quoted.
    secrets: Vec<&'a Secret>,
}

impl<'c> AsyncHttpClient<'c> for Asked<'_> {
    type Error = GrantError;
    type Future = Pin<Box<dyn Future<Output = Result<oauth2::HttpResponse, GrantError>> + Send + 'c>>;

    fn call(&'c self, request: oauth2::HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl<'a> Asked<'a> {
    pub(super) fn new(pool: &'a UserPool, network: &'a Network, now: SystemTime) -> Result<Self, GrantError> {
        let url = pool.endpoint(Endpoint::Token).ok_or(GrantError::NoEndpoint)?;
        let (limit, scope) = (network.http().patience(), pool.scopes().join(" "));
        Ok(Self { pool, network, url, now, limit, scope, secrets: Vec::new() })
    }

    /// Names the scopes, where they are others than the pool's own.
    pub(super) fn asking_for(mut self, scope: &str) -> Self {
        scope.clone_into(&mut self.scope);
        self
    }

    /// Names the secrets that the question holds.
    pub(super) fn sending<const COUNT: usize>(mut self, secrets: [Option<&'a Secret>; COUNT]) -> Self {
        self.secrets.extend(secrets.into_iter().flatten());
        self
    }

    /// Leaves time for a second try.
    pub(super) fn in_two_tries(mut self) -> Self {
        self.limit /= 2;
        self
    }

    pub(super) fn client(&self, secret: Option<&Secret>) -> Result<TokenClient, GrantError> {
        let url = TokenUrl::new(self.url.to_string()).map_err(GrantError::Address)?;
        let client = Client::new(ClientId::new(self.pool.client_id().to_owned())).set_token_uri(url);
        Ok(match secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
            None => client,
        })
    }

    /// Sends what the library has built; only an answer that holds tokens comes back to it.
    async fn send(&self, request: oauth2::HttpRequest) -> Result<oauth2::HttpResponse, GrantError> {
        let mut request = Request::try_from(request).map_err(|error| HttpError::Client(Arc::new(error)))?;
        *request.timeout_mut() = Some(self.limit);
        let answer = self.network.http().execute(request, self.pool.certificate(), self.now).await?.not_redirected()?;
        let status = answer.status();
        if status.is_success() {
            let body: Box<serde_json::value::RawValue> = answer.json().await?;
            return Ok(oauth2::HttpResponse::new(Box::<str>::from(body).into_string().into_bytes()));
        }
        Err(refused(answer, self.pool, &self.scope, &self.secrets).await?)
    }

    /// Reads the library's outcome. Its own words hold the answer, which may have tokens in it: they are left behind.
    pub(super) fn tokens(
        &self,
        outcome: Result<TokenAnswer, RequestTokenError<GrantError, BasicErrorResponse>>,
    ) -> Result<Tokens, GrantError> {
        let host = || crate::http::host_of(&self.url);
        let answer = outcome.map_err(|error| match error {
            RequestTokenError::Request(error) => error,
            _ => GrantError::NoTokens { host: host() },
        })?;
        let kind = answer.token_type().clone();
        let tokens = Tokens::from(answer);
        match kind {
            BasicTokenType::Bearer => Ok(tokens),
            other => Err(GrantError::TokenType { host: host(), found: self.quoted(other.as_ref(), &tokens) }),
        }
    }

    /// Takes a kind of token over where it is a word, and repeats nothing that was sent or given.
    fn quoted(&self, kind: &str, tokens: &Tokens) -> Option<String> {
        let is_word = (1..=LONGEST_KIND).contains(&kind.len())
            && kind.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        // The library has turned it into small letters.
        let repeats = |secret: &Secret| {
            let secret = secret.expose().as_bytes();
            !secret.is_empty() && kind.as_bytes().windows(secret.len()).any(|part| part.eq_ignore_ascii_case(secret))
        };
        let shown = is_word && !self.secrets.iter().copied().chain(tokens.secrets()).any(repeats);
        shown.then(|| kind.to_owned())
    }
}

/// Reads an answer that is no success: an error of RFC 6749 §5.2, or only a status.
pub(super) async fn refused(
    answer: Answer,
    pool: &UserPool,
    scope: &str,
    secrets: &[&Secret],
) -> Result<GrantError, HttpError> {
    let failed = GrantError::Failed { host: answer.host().to_owned(), status: answer.status().as_u16() };
    let body = answer.body().await?;
    Ok(refusal_in(&body, pool, scope, secrets).map_or(failed, GrantError::Refused))
}
