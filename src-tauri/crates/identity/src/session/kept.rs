//! How a session lies in the keychain: `name=value` words, one for each token.

use gatepass_vault::Secret;

use super::{Came, LoadError, Part, Session};
use crate::verify::{access_token_hash, audience, issuer_of, subject, token_use};
use crate::{Grant, Provider, TokenUse, UserPool};

/// Writes the tokens as one text without a line break.
pub(super) fn written(session: &Session) -> Secret {
    let Session { id, access, refresh, came, .. } = session;
    let mut words = Vec::new();
    words.extend(id.as_ref().map(|id| format!("id={}", id.secret.expose())));
    words.push(format!("access={}", access.secret.expose()));
    if access.token.is_none() {
        words.push(format!("until={}", access.expires));
    }
    words.extend(refresh.as_ref().map(|refresh| format!("refresh={}", refresh.expose())));
    words.push(format!("came={}", came.word()));
    Secret::new(words.join(" "))
}

/// Takes up what was written, and holds it against the pool.
pub(super) fn read(text: &Secret, pool: &UserPool) -> Result<Session, LoadError> {
    let word = |name: &str| {
        let mut words = text.expose().split(' ');
        words.find_map(|word| word.strip_prefix(name)?.strip_prefix('=')).map(Secret::new)
    };
    // Before there were names, it was the ID token and the access token.
    let (id, access) = match text.expose().split_once(' ') {
        Some((id, access)) if !text.expose().contains("access=") => (Some(Secret::new(id)), Some(Secret::new(access))),
        _ => (word("id"), word("access")),
    };
    let damaged = |_| LoadError::Damaged;
    let access = access.ok_or(LoadError::Damaged)?;
    let until = word("until").map(|until| until.expose().parse().map_err(|_| LoadError::Damaged)).transpose()?;
    let access = match until {
        Some(_) if pool.provider() == Provider::Cognito => return Err(LoadError::Damaged),
        Some(until) => Part::opaque(access, until).map_err(|_| LoadError::Damaged)?,
        None => Part::read(TokenUse::Access, access).map_err(damaged)?,
    };
    let id = id.map(|id| Part::read(TokenUse::Id, id)).transpose().map_err(damaged)?;

    if id.is_none() != (pool.grant() == Grant::ClientCredentials) {
        return Err(LoadError::OtherGrant);
    }
    let mut pool = pool.clone();
    let mut issuer = None;
    for (expected, part) in [(TokenUse::Id, id.as_ref()), (TokenUse::Access, Some(&access))] {
        let Some(token) = part.and_then(|part| part.token.as_ref()) else { continue };
        issuer = Some(issuer_of(expected, token, &pool, issuer.as_ref()).map_err(LoadError::Foreign)?);
        if pool.provider() == Provider::Cognito {
            token_use(expected, token).map_err(LoadError::Foreign)?;
        }
        audience(expected, token, &pool).map_err(LoadError::Foreign)?;
    }
    let came = match word("came") {
        Some(word) => Came::of_word(word.expose()).ok_or(LoadError::Damaged)?,
        // Before it was kept, only a refreshed ID token could be without a nonce.
        None if id.as_ref().is_some_and(|id| id.text("nonce").is_none()) => Came::ByRefresh,
        None => Came::BySignIn,
    };
    if let Some(token) = id.as_ref().and_then(|id| id.token.as_ref()) {
        subject(token, access.token.as_ref()).map_err(damaged)?;
        if came != Came::AccessByRefresh {
            access_token_hash(token, &access.secret, false).map_err(damaged)?;
        }
    }
    if let Some(issuer) = issuer {
        pool = pool.pinned_to(issuer);
    }
    Ok(Session::new(pool, id, access, word("refresh"), came))
}
