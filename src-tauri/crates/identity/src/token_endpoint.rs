//! What the token endpoint gives: tokens for a code, for a refresh token, or for a client's own credentials.

mod answer;
mod asked;
mod error;
mod revocation;

use std::time::SystemTime;

use gatepass_vault::Secret;
use oauth2::{AuthorizationCode as Code, PkceCodeVerifier, RedirectUrl, RefreshToken, Scope};

use crate::attempt::Occasion;
use crate::{AuthorizationCode, CallbackTokens, HttpError, Network, Session, SignInOptions, UserPool};
use asked::Asked;
pub use error::GrantError;
pub use revocation::revoke;

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
    let AuthorizationCode { pool, nonce, subject, scope, code, verifier } = code;
    let asked =
        Asked::new(&pool, network, now)?.sending([Some(&code), Some(&verifier), client_secret]).asking_for(&scope);
    let callback = pool.callback().ok_or(GrantError::NoEndpoint)?;
    let callback = RedirectUrl::new(callback.as_str().to_owned()).map_err(GrantError::Address)?;
    let client = asked.client(client_secret)?.set_redirect_uri(callback);
    let request = client
        .exchange_code(Code::new(code.expose().to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()));
    let tokens = asked.tokens(request.request_async(&asked).await)?;
    Ok(tokens.given_for(Occasion::SignIn { nonce, subject, scope }, pool))
}

/// Takes new tokens for a session's refresh token (RFC 6749 §6); they are only the same user's.
///
/// Where the answer is lost on its way the question is put once more: a pool that rotates its refresh tokens takes the
/// old one for a while. Both tries together take no longer than one question.
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
    let asked = Asked::new(session.pool(), network, now)?.sending([Some(refresh_token), client_secret]).in_two_tries();
    let client = asked.client(client_secret)?;
    let token = RefreshToken::new(refresh_token.expose().to_owned());
    let mut outcome = asked.tokens(client.exchange_refresh_token(&token).request_async(&asked).await);
    if let Err(GrantError::Http(HttpError::Broken { .. } | HttpError::Timeout { .. })) = &outcome {
        outcome = asked.tokens(client.exchange_refresh_token(&token).request_async(&asked).await);
    }
    let mut tokens = outcome?;
    tokens.refresh_token.get_or_insert_with(|| refresh_token.clone());
    Ok(tokens.given_for(Occasion::Refresh(Box::new(session.clone())), Box::new(session.pool().clone())))
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
    let scope = options.scope_at(pool);
    let asked = Asked::new(pool, network, now)?.sending([Some(client_secret)]).asking_for(&scope);
    let client = asked.client(Some(client_secret))?;
    let scopes = options.scopes_at(pool).map(|scope| Scope::new(scope.to_owned()));
    let mut request = client.exchange_client_credentials().add_scopes(scopes);
    if let Some(resource) = &options.resource {
        request = request.add_extra_param("resource", resource);
    }
    let tokens = asked.tokens(request.request_async(&asked).await)?;
    Ok(tokens.given_for(Occasion::ClientCredentials, Box::new(pool.clone())))
}
