//! Between the facts of a pool as they are typed and as they are kept.

use gatepass_identity::{Issuer, PoolFacts, UserPool};

use crate::failure::{Code, Failure};
use crate::people::roster::StoredPool;
use crate::views::{PoolDraft, PoolView};

pub(crate) fn checked(draft: &PoolDraft) -> Result<UserPool, Failure> {
    let facts = PoolFacts {
        domain: draft.domain.clone(),
        client_id: draft.client_id.clone(),
        region: Some(draft.region.clone()),
        pool_id: Some(draft.pool_id.clone()),
        issuer: Some(draft.issuer.clone()),
        callback: draft.callback.clone(),
        scopes: draft.scopes.clone(),
        grant: draft.grant,
        provider: draft.provider,
        endpoints: draft.endpoints.clone(),
        certificate: Some(draft.certificate.clone()),
    };
    UserPool::new(&facts).map_err(|error| Failure::from_error(Code::PoolInvalid, &error, ""))
}

pub(super) fn named(draft: &PoolDraft, pool: &UserPool) -> String {
    let name = draft.name.trim();
    if name.is_empty() { host(pool) } else { name.to_owned() }
}

/// A prefix domain is known by its prefix, another one by its host.
fn host(pool: &UserPool) -> String {
    let host = pool.domain().host_str().unwrap_or_default();
    host.split_once(".auth").map_or(host, |(prefix, _)| prefix).to_owned()
}

/// New facts keep what was learned and pinned, unless they say something themselves.
pub(super) fn with_pin(facts: PoolFacts, known: &StoredPool) -> PoolFacts {
    if facts.pool_id.is_some() && facts.pool_id != known.facts.pool_id {
        return facts;
    }
    PoolFacts {
        region: facts.region.or_else(|| known.facts.region.clone()),
        pool_id: facts.pool_id.or_else(|| known.facts.pool_id.clone()),
        issuer: facts.issuer.or_else(|| known.facts.issuer.clone()),
        ..facts
    }
}

pub(crate) fn pool_view(pool: &StoredPool) -> PoolView {
    PoolView {
        id: pool.id.clone(),
        facts: PoolDraft {
            name: pool.name.clone(),
            domain: pool.facts.domain.clone(),
            client_id: pool.facts.client_id.clone(),
            callback: pool.facts.callback.clone(),
            scopes: pool.facts.scopes.clone(),
            region: pool.facts.region.clone().unwrap_or_default(),
            pool_id: pool.facts.pool_id.clone().unwrap_or_default(),
            // One that was learned is the pool's to change, not the form's.
            issuer: pool.facts.issuer.clone().filter(|_| !pool.learned).unwrap_or_default(),
            grant: pool.facts.grant,
            provider: pool.facts.provider,
            endpoints: pool.facts.endpoints.clone(),
            certificate: pool.facts.certificate.clone().unwrap_or_default(),
            place: pool.place,
            remarks: Vec::new(),
        },
        issuer: pool.facts.issuer.clone(),
        learned: pool.learned,
        sandbox: pool.sandbox,
        client_secret: pool.client_secret,
        notes: notes(pool),
    }
}

fn notes(pool: &StoredPool) -> Vec<String> {
    let warning = pool.user_pool().ok().and_then(|pool| pool.issuer().and_then(Issuer::warning));
    warning.map(ToString::to_string).into_iter().collect()
}
