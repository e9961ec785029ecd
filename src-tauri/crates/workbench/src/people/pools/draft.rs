//! Between the facts of a pool as they are typed and as they are kept.

use gatepass_identity::{Issuer, PoolFacts, Provider, UserPool};

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

/// A pool as it is after an edit, and whether its tokens stay good.
pub(super) fn edited(known: &StoredPool, draft: &PoolDraft, checked: &UserPool) -> (StoredPool, bool) {
    let facts = checked.facts();
    let same = keeps_tokens(&known.facts, &facts);
    let edited = StoredPool {
        name: named(draft, checked),
        place: draft.place,
        facts: if same { with_pin(facts, &known.facts) } else { facts },
        learned: known.learned && same,
        ..known.clone()
    };
    (edited, same)
}

/// New facts keep what was learned and pinned, unless they say something themselves.
fn with_pin(facts: PoolFacts, known: &PoolFacts) -> PoolFacts {
    PoolFacts {
        region: facts.region.or_else(|| known.region.clone()),
        pool_id: facts.pool_id.or_else(|| known.pool_id.clone()),
        issuer: facts.issuer.or_else(|| known.issuer.clone()),
        ..facts
    }
}

/// One pool and client stand there once. Of other providers several may share a host.
pub(super) fn is_twin(known: &PoolFacts, facts: &PoolFacts) -> bool {
    let issuer = |facts: &PoolFacts| facts.issuer.clone().filter(|_| facts.provider == Provider::OpenId);
    let of = |facts: &PoolFacts| (facts.domain.clone(), facts.client_id.clone(), facts.provider, issuer(facts));
    of(known) == of(facts)
}

/// The same client at the same server: it may be sent what the other was.
pub(super) fn is_same_client(known: &PoolFacts, facts: &PoolFacts) -> bool {
    is_twin(known, facts) && known.endpoints == facts.endpoints
}

/// Whether tokens of the one are tokens of the other.
fn keeps_tokens(known: &PoolFacts, facts: &PoolFacts) -> bool {
    let agrees = |known: &Option<String>, given: &Option<String>| given.is_none() || known == given;
    is_same_client(known, facts)
        && known.grant == facts.grant
        && (known.region.is_none() || agrees(&known.region, &facts.region))
        && agrees(&known.pool_id, &facts.pool_id)
        && (known.issuer.is_none() || agrees(&known.issuer, &facts.issuer))
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
