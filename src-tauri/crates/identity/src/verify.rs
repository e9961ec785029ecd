//! Everything that is checked before a token is kept.

mod checks;
mod proofs;
mod refusal;

use std::time::{Duration, SystemTime};

use gatepass_vault::Secret;

use crate::attempt::Occasion;
use crate::http::seconds;
use crate::session::{Came, Part};
use crate::token::Token;
use crate::{CallbackTokens, Grant, Issuer, Network, Provider, Session, TokenUse, UserPool};
pub(crate) use checks::{Clock, audience, beginning, expiry, issuer_of, subject, token_use};
pub(crate) use proofs::{access_token_hash, algorithm, key_id, signature, types};
use proofs::{nonce, repeated_nonce};
pub(crate) use refusal::Span;
pub use refusal::{ClockOff, TokenRefusal};

/// How far the clocks of this computer and of the pool may lie apart.
pub const LEEWAY: Duration = Duration::from_mins(1);

/// Verifies the tokens that a pool gave, and makes a session of them.
///
/// Form, types, algorithm, issuer, key, signature, expiry, not before, token use, audience, for both tokens; then the
/// subject of both, the nonce and the hash that ties the two together (OpenID Connect Core §2, §3.1.3.7, §3.2.2.9 and
/// §3.2.2.11, RFC 7519 §7.2).
/// Where the pool's issuer is not known yet it is read from the first token: only a Cognito host, or this machine for a
/// pool on this machine. The session's pool is pinned to it. The access token of another provider than Cognito is for its
/// APIs alone and is not looked into.
///
/// A refresh may bring no ID token, and then leaves the session the former one; one that it brings has the former one's
/// subject, and its nonce or none (OpenID Connect Core §12.2).
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
    let CallbackTokens { pool, occasion, id_token, access_token, refresh_token, expires_in } = tokens;
    let trial = Trial { pool: &pool, network, now: seconds(now), leeway: seconds_of(leeway), clock: now };
    let life = i64::try_from(expires_in.unwrap_or(DEFAULT_LIFE)).unwrap_or(i64::MAX);
    let opaque_until = trial.now.saturating_add(life);
    match (occasion, id_token) {
        (Occasion::ClientCredentials, _) => {
            let (access, issuer) = trial.access(access_token, None, opaque_until).await?;
            Ok(Session::new(pinned(*pool, issuer), None, access, None, Came::BySignIn))
        }
        (Occasion::SignIn { nonce: sent, subject: user, .. }, Some(id_token)) => {
            let pair = trial.pair(id_token, access_token, opaque_until).await?;
            nonce(&pair.id, &sent)?;
            access_token_hash(&pair.id, &pair.access.secret, pool.grant() == Grant::Implicit)?;
            user.map_or(Ok(()), |user| pair.must_be_of(&user))?;
            pair.into_session(*pool, refresh_token, Came::BySignIn)
        }
        (Occasion::SignIn { scope, .. }, None) => match access_token {
            Some(_) if !scope.split(' ').any(|scope| scope == "openid") => {
                Err(TokenRefusal::NoOpenId { scopes: scope })
            }
            _ => Err(TokenRefusal::Missing { token: TokenUse::Id }),
        },
        (Occasion::Refresh(former), Some(id_token)) => {
            let pair = trial.pair(id_token, access_token, opaque_until).await?;
            repeated_nonce(&pair.id, former.id().and_then(|id| id.text("nonce")))?;
            access_token_hash(&pair.id, &pair.access.secret, false)?;
            pair.must_be_of(former.subject())?;
            pair.into_session(*pool, refresh_token, Came::ByRefresh)
        }
        (Occasion::Refresh(former), None) => {
            let id = former.id().cloned().ok_or(TokenRefusal::Missing { token: TokenUse::Id })?;
            let issuer = id.token.as_ref().map(|token| issuer_of(TokenUse::Id, token, &pool, None)).transpose()?;
            let (access, _) = trial.access(access_token, issuer.as_ref(), opaque_until).await?;
            if pool.provider() == Provider::Cognito && access.text("sub") != Some(former.subject()) {
                return Err(TokenRefusal::OtherUser);
            }
            Ok(Session::new(pinned(*pool, issuer), Some(id), access, refresh_token, Came::AccessByRefresh))
        }
    }
}

fn pinned(pool: UserPool, issuer: Option<Issuer>) -> UserPool {
    match issuer {
        Some(issuer) => pool.pinned_to(issuer),
        None => pool,
    }
}

/// Both tokens of a user, each verified by itself.
struct Pair {
    id: Token,
    id_secret: Secret,
    access: Part,
    issuer: Issuer,
}

impl Pair {
    fn must_be_of(&self, user: &str) -> Result<(), TokenRefusal> {
        let found = self.id.text("sub").ok().flatten();
        if found == Some(user) { Ok(()) } else { Err(TokenRefusal::OtherUser) }
    }

    fn into_session(self, pool: UserPool, refresh: Option<Secret>, came: Came) -> Result<Session, TokenRefusal> {
        let id = Part::read(TokenUse::Id, self.id_secret)?;
        Ok(Session::new(pool.pinned_to(self.issuer), Some(id), self.access, refresh, came))
    }
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
    /// Checks both tokens of a user: that they are there first of all, and that they are of one user in the end.
    async fn pair(&self, id_secret: Secret, access: Option<Secret>, opaque_until: i64) -> Result<Pair, TokenRefusal> {
        let access = Some(access.ok_or(TokenRefusal::Missing { token: TokenUse::Access })?);
        let id = Token::read(&id_secret).map_err(|source| TokenRefusal::Form { token: TokenUse::Id, source })?;
        let issuer = self.check(TokenUse::Id, &id, &id_secret, None).await?;
        let (access, _) = self.access(access, Some(&issuer), opaque_until).await?;
        subject(&id, access.token.as_ref())?;
        Ok(Pair { id, id_secret, access, issuer })
    }

    /// Checks an access token, or takes it as it is where it is not for a client to read.
    async fn access(
        &self,
        secret: Option<Secret>,
        pinned: Option<&Issuer>,
        opaque_until: i64,
    ) -> Result<(Part, Option<Issuer>), TokenRefusal> {
        let secret = secret.ok_or(TokenRefusal::Missing { token: TokenUse::Access })?;
        let form = |source| TokenRefusal::Form { token: TokenUse::Access, source };
        if self.pool.provider() == Provider::OpenId {
            return Ok((Part::opaque(secret, opaque_until).map_err(form)?, None));
        }
        let token = Token::read(&secret).map_err(form)?;
        let issuer = self.check(TokenUse::Access, &token, &secret, pinned).await?;
        Ok((Part::read(TokenUse::Access, secret)?, Some(issuer)))
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
