//! Everything that is checked before a token is kept.

mod checks;
mod proofs;
mod refusal;

use std::time::{Duration, SystemTime};

use gatepass_vault::Secret;

use crate::http::seconds;
use crate::session::Part;
use crate::token::Token;
use crate::{CallbackTokens, Grant, Issuer, Network, Provider, Session, TokenUse, UserPool};
pub(crate) use checks::{Clock, audience, beginning, expiry, issuer_of, token_use};
pub(crate) use proofs::{access_token_hash, algorithm, key_id, nonce, signature, types};
pub(crate) use refusal::Span;
pub use refusal::{ClockOff, TokenRefusal};

/// How far the clocks of this computer and of the pool may lie apart.
pub const LEEWAY: Duration = Duration::from_mins(1);

/// Verifies the tokens that a pool gave, and makes a session of them.
///
/// Form, types, algorithm, issuer, key, signature, expiry, not before, token use, audience, for both tokens; then the
/// nonce and the hash that ties the two together (OpenID Connect Core §3.1.3.7, §3.2.2.9 and §3.2.2.11, RFC 7519 §7.2).
/// Where the pool's issuer is not known yet it is read from the first token: only a Cognito host, or this machine for a
/// pool on this machine. The session's pool is pinned to it. The access token of another provider than Cognito is for its
/// APIs alone and is not looked into.
///
/// `leeway` is usually [`LEEWAY`].
///
/// # Errors
/// Tells the first check that failed, what was found and what was expected. No part of a token is in the error.
pub async fn verify(
    tokens: CallbackTokens,
    network: &Network,
    now: SystemTime,
    leeway: Duration,
) -> Result<Session, TokenRefusal> {
    let trial = Trial { pool: &tokens.pool, network, now: seconds(now), leeway: seconds_of(leeway), clock: now };
    let access_token =
        |source: &CallbackTokens| source.access_token.clone().ok_or(TokenRefusal::Missing { token: TokenUse::Access });
    let life = i64::try_from(tokens.expires_in.unwrap_or(DEFAULT_LIFE)).unwrap_or(i64::MAX);
    let opaque_until = seconds(now).saturating_add(life);
    if tokens.pool.grant() == Grant::ClientCredentials {
        let secret = access_token(&tokens)?;
        let access = trial.access(&secret, None, opaque_until).await?;
        let pool = match access.1 {
            Some(issuer) => tokens.pool.pinned_to(issuer),
            None => *tokens.pool,
        };
        return Ok(Session::new(pool, None, access.0, None));
    }

    let id_token = match &tokens.id_token {
        Some(id) => id,
        None if tokens.access_token.is_some() && !tokens.pool.scopes().iter().any(|scope| scope == "openid") => {
            return Err(TokenRefusal::NoOpenId { scopes: tokens.pool.scopes().join(" ") });
        }
        None => return Err(TokenRefusal::Missing { token: TokenUse::Id }),
    };
    let secret = access_token(&tokens)?;
    let id = Token::read(id_token).map_err(|source| TokenRefusal::Form { token: TokenUse::Id, source })?;
    let issuer = trial.check(TokenUse::Id, &id, id_token, None).await?;
    let (access, _) = trial.access(&secret, Some(&issuer), opaque_until).await?;
    if let Some(sent) = &tokens.nonce {
        nonce(&id, sent)?;
    }
    access_token_hash(&id, &secret, tokens.pool.grant() == Grant::Implicit)?;
    if let Some(expected) = &tokens.subject
        && id.text("sub").ok().flatten() != Some(expected.as_str())
    {
        return Err(TokenRefusal::OtherUser);
    }
    let id = Part::read(TokenUse::Id, id_token.clone())?;
    Ok(Session::new(tokens.pool.pinned_to(issuer), Some(id), access, tokens.refresh_token))
}

/// What an access token lives where its provider does not say, in seconds (RFC 6749 §4.2.2 recommends to say it).
const DEFAULT_LIFE: u64 = 3_600;

/// What a token is held against.
struct Trial<'a> {
    pool: &'a UserPool,
    network: &'a Network,
    now: i64,
    leeway: i64,
    clock: SystemTime,
}

impl Trial<'_> {
    /// Checks an access token, or takes it as it is where it is not for a client to read.
    async fn access(
        &self,
        secret: &Secret,
        pinned: Option<&Issuer>,
        opaque_until: i64,
    ) -> Result<(Part, Option<Issuer>), TokenRefusal> {
        let form = |source| TokenRefusal::Form { token: TokenUse::Access, source };
        if self.pool.provider() == Provider::OpenId {
            return Ok((Part::opaque(secret.clone(), opaque_until).map_err(form)?, None));
        }
        let token = Token::read(secret).map_err(form)?;
        let issuer = self.check(TokenUse::Access, &token, secret, pinned).await?;
        Ok((Part::read(TokenUse::Access, secret.clone())?, Some(issuer)))
    }

    async fn check(
        &self,
        expected: TokenUse,
        token: &Token,
        secret: &Secret,
        pinned: Option<&Issuer>,
    ) -> Result<Issuer, TokenRefusal> {
        types(expected, token)?;
        algorithm(expected, token)?;
        let kid = key_id(expected, token)?;
        let issuer = issuer_of(expected, token, self.pool, pinned)?;
        if self.pool.issuer().is_none() {
            // Before anything is fetched from a host that only the token names, it must be a token for this client.
            audience(expected, token, self.pool)?;
        }
        let found = self.network.key(self.pool, &issuer, kid, self.clock).await;
        let found = found.map_err(|source| TokenRefusal::Key { token: expected, source })?;
        signature(expected, secret, &found.key)?;
        let clock = Clock { now: self.now, leeway: self.leeway, ahead: found.ahead };
        expiry(expected, token, clock)?;
        beginning(expected, token, clock)?;
        if self.pool.provider() == Provider::Cognito {
            token_use(expected, token)?;
        }
        audience(expected, token, self.pool)?;
        Ok(issuer)
    }
}

pub(crate) fn seconds_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
