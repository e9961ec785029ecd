//! The checks that need no key: a kept session is held against them again after a restart.

use crate::pool::pattern::Bounded;
use crate::token::Token;
use crate::{ClockOff, Issuer, Provider, TokenRefusal, TokenUse, UserPool};

/// Finds the issuer that a token must be from: the pool's own, or, for its first token, the one that it names.
pub(crate) fn issuer_of(
    expected: TokenUse,
    token: &Token,
    pool: &UserPool,
    pinned: Option<&Issuer>,
) -> Result<Issuer, TokenRefusal> {
    let found = token.text("iss").map_err(|source| TokenRefusal::Form { token: expected, source })?;
    let found = found.unwrap_or_default();
    if let Some(issuer) = pinned.or(pool.issuer()) {
        if issuer.as_str() == found {
            return Ok(issuer.clone());
        }
        let (found, expected_issuer) = (Bounded(found).to_string(), issuer.to_string());
        return Err(TokenRefusal::Issuer { token: expected, found, expected: expected_issuer });
    }
    let issuer = pool.read_issuer(found).map_err(|source| TokenRefusal::ForeignIssuer { token: expected, source })?;
    pool.accepts(&issuer).map_err(|_| {
        let known = [pool.region(), pool.pool_id()].into_iter().flatten().collect::<Vec<_>>().join(", ");
        TokenRefusal::Issuer { token: expected, found: Bounded(found).to_string(), expected: known }
    })?;
    Ok(issuer)
}

/// What a token's life is held against; all in Unix seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    pub(crate) now: i64,
    pub(crate) leeway: i64,
    /// What the issuer's clock is ahead of this computer's, where it is known.
    pub(crate) ahead: Option<i64>,
}

impl Clock {
    fn off(self) -> Option<ClockOff> {
        self.ahead.filter(|ahead| ahead.abs() > self.leeway).map(|ahead| ClockOff { behind_seconds: ahead })
    }
}

/// Holds `exp` against the clock.
pub(crate) fn expiry(expected: TokenUse, token: &Token, clock: Clock) -> Result<(), TokenRefusal> {
    let expires = moment(expected, token, "exp")?.ok_or(TokenRefusal::NoExpiry { token: expected })?;
    if expires.saturating_add(clock.leeway) <= clock.now {
        let seconds_ago = clock.now - expires;
        return Err(TokenRefusal::Expired { token: expected, seconds_ago, clock: clock.off() });
    }
    Ok(())
}

/// Holds `nbf` and `iat` against the clock.
pub(crate) fn beginning(expected: TokenUse, token: &Token, clock: Clock) -> Result<(), TokenRefusal> {
    for claim in ["nbf", "iat"] {
        if let Some(begins) = moment(expected, token, claim)?
            && begins > clock.now.saturating_add(clock.leeway)
        {
            let in_seconds = begins - clock.now;
            let off = clock.off().or((claim == "iat").then_some(ClockOff { behind_seconds: in_seconds }));
            return Err(TokenRefusal::NotYetValid { token: expected, claim, in_seconds, clock: off });
        }
    }
    Ok(())
}

fn moment(expected: TokenUse, token: &Token, name: &'static str) -> Result<Option<i64>, TokenRefusal> {
    token.moment(name).map_err(|source| TokenRefusal::Form { token: expected, source })
}

/// Tells an ID token from an access token (Cognito's `token_use`).
pub(crate) fn token_use(expected: TokenUse, token: &Token) -> Result<(), TokenRefusal> {
    let found = token.text("token_use").map_err(|source| TokenRefusal::Form { token: expected, source })?;
    if found == Some(expected.claim()) {
        return Ok(());
    }
    Err(TokenRefusal::TokenUse { token: expected, found: Bounded(found.unwrap_or_default()).to_string() })
}

/// `sub` of an ID token names its user (OpenID Connect Core §2), and an access token beside it that can be looked into
/// names the same one: `at_hash`, which would tie them, may be left out.
pub(crate) fn subject(id: &Token, access: Option<&Token>) -> Result<(), TokenRefusal> {
    let text = |expected, token: &Token| {
        let found = token.text("sub").map_err(|source| TokenRefusal::Form { token: expected, source })?;
        Ok(found.filter(|found| !found.is_empty()).map(str::to_owned))
    };
    let user = text(TokenUse::Id, id)?.ok_or(TokenRefusal::NoSubject)?;
    match access {
        Some(access) if text(TokenUse::Access, access)? != Some(user) => Err(TokenRefusal::OtherSubject),
        _ => Ok(()),
    }
}

/// `aud` of an ID token contains the client, and `azp`, if it is there, is the client (OpenID Connect Core §3.1.3.7);
/// `client_id` of an access token is the client.
///
/// Which of the two is looked at follows what the token says it is: one in the other's place is told by its use.
pub(crate) fn audience(expected: TokenUse, token: &Token, pool: &UserPool) -> Result<(), TokenRefusal> {
    let form = |source| TokenRefusal::Form { token: expected, source };
    let found = match expected {
        TokenUse::Id => token.texts("aud").map_err(form)?,
        TokenUse::Access => token.text("client_id").map_err(form)?.into_iter().collect(),
    };
    let party = match expected {
        TokenUse::Id => token.text("azp").map_err(form)?,
        TokenUse::Access => None,
    };
    let found = match party {
        Some(party) if party != pool.client_id() => vec![party],
        _ if found.contains(&pool.client_id()) => return Ok(()),
        _ => found,
    };
    if pool.provider() == Provider::Cognito {
        token_use(expected, token)?;
    }
    let found = Bounded(&found.join(", ")).to_string();
    Err(TokenRefusal::Audience { token: expected, found, expected: pool.client_id().to_owned() })
}
