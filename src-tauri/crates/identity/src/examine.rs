//! Any token held against any pool: every check with its outcome, where a sign-in stops at the first that fails.

mod row;

use std::error::Error;
use std::time::{Duration, SystemTime};

use gatepass_vault::Secret;
use serde::Serialize;
use specta::Type;

use crate::http::seconds;
use crate::network::Found;
use crate::token::{Inspection, Token, inspect};
use crate::verify::{
    Clock, Span, algorithm, audience, beginning, expiry, issuer_of, key_id, seconds_of, signature, subject, token_use,
    types,
};
use crate::{FormError, Network, Provider, TokenRefusal, TokenUse, UserPool};
use row::Rows;
pub use row::{Examined, Outcome};

/// A token taken apart and held against a pool.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Examination {
    /// What the token says.
    pub inspection: Inspection,
    /// Every check in the order in which a sign-in makes it; empty without a pool.
    pub checks: Vec<Examined>,
}

/// Takes any token apart and, where a pool is given, makes every check that its tokens must pass at a sign-in.
///
/// Which token it must be follows its `token_use`, or, where there is none, its other claims. The pool's keys are fetched
/// where that is due; no host that only the token names is asked before the token is known to be for the pool's client.
/// `leeway` is usually [`crate::LEEWAY`].
///
/// # Errors
/// Says what keeps the text from being a token.
pub async fn examine(
    token: &Secret,
    pool: Option<&UserPool>,
    network: &Network,
    now: SystemTime,
    leeway: Duration,
) -> Result<Examination, FormError> {
    let inspection = inspect(token)?;
    let Some(pool) = pool else {
        return Ok(Examination { inspection, checks: Vec::new() });
    };
    let read = Token::read(token)?;
    let expected = expected_use(&read, pool);
    let mut rows = Rows::default();
    rows.passed("Form", "three parts, header and payload are JSON objects");
    rows.judged("Claims", types(expected, &read), || "every claim of the right type".to_owned());
    rows.judged("Algorithm", algorithm(expected, &read), || "RS256".to_owned());
    let issuer = issuer_of(expected, &read, pool, None);
    rows.judged("Issuer", issuer.as_ref().map(drop).map_err(Clone::clone), || claim(&read, "iss"));

    let key = find_key(&read, expected, pool, network, now).await;
    match &key {
        Ok((kid, _)) => rows.passed("Key", kid),
        Err(NoKey::Refused(refusal)) => rows.failed("Key", refusal),
        Err(NoKey::NotAsked(why)) => rows.left_out("Key", why),
    }
    match &key {
        Ok((kid, found)) if algorithm(expected, &read).is_ok() => {
            rows.judged("Signature", signature(expected, token, &found.key), || format!("by the key {kid}"));
        }
        Ok(_) => rows.left_out("Signature", "not checked, since the algorithm is not RS256"),
        Err(_) => rows.left_out("Signature", "not checked, since the key is not known"),
    }
    let ahead = key.ok().and_then(|(_, found)| found.ahead).or_else(|| network.clock_ahead(pool));
    let clock = Clock { now: seconds(now), leeway: seconds_of(leeway), ahead };
    rows.judged("Expiry", expiry(expected, &read, clock), || left(&read, clock.now));
    rows.judged("Not before", beginning(expected, &read, clock), || begun(&read, clock.now));
    let for_its_api = expected == TokenUse::Access && pool.provider() == Provider::OpenId;
    match pool.provider() {
        Provider::Cognito => rows.judged("Token use", token_use(expected, &read), || claim(&read, "token_use")),
        Provider::OpenId => rows.left_out("Token use", "only Amazon Cognito says it"),
    }
    if for_its_api {
        rows.left_out("Audience", "an access token of another provider is for its API, which alone knows its audience");
    } else {
        rows.judged("Audience", audience(expected, &read, pool), || pool.client_id().to_owned());
    }
    match expected {
        TokenUse::Id => {
            rows.judged("Subject", subject(&read, None), || claim(&read, "sub"));
            rows.left_out("Nonce", "only the sign-in that asked for the token knows it");
            rows.left_out("Access token hash", "only beside the access token that came with it");
        }
        TokenUse::Access => {
            rows.left_out("Subject", "only beside the ID token that came with it");
            rows.left_out("Nonce", "an access token has none");
            rows.left_out("Access token hash", "an access token has none");
        }
    }
    Ok(Examination { inspection, checks: rows.finish() })
}

/// Tells which token it must be; one that does not say so is told by the claims that only one of the two has.
fn expected_use(token: &Token, pool: &UserPool) -> TokenUse {
    let says = |name: &str| token.claims.get(name).and_then(serde_json::Value::as_str);
    let kind = token.header.get("typ").and_then(serde_json::Value::as_str).unwrap_or_default();
    let named = match pool.provider() {
        Provider::Cognito => says("client_id").is_some(),
        // The media type of an access token by RFC 9068 §2.1.
        Provider::OpenId => kind.eq_ignore_ascii_case("at+jwt"),
    };
    match says("token_use") {
        Some("id") => TokenUse::Id,
        Some("access") => TokenUse::Access,
        _ if named => TokenUse::Access,
        _ => TokenUse::Id,
    }
}

enum NoKey {
    Refused(TokenRefusal),
    NotAsked(&'static str),
}

/// Finds the key that the token names among the pool's; a pool whose issuer is not known yet takes the token's word for
/// it as a first sign-in does.
async fn find_key<'a>(
    token: &'a Token,
    expected: TokenUse,
    pool: &UserPool,
    network: &Network,
    now: SystemTime,
) -> Result<(&'a str, Found), NoKey> {
    let kid = key_id(expected, token).map_err(NoKey::Refused)?;
    let issuer = if let Some(issuer) = pool.issuer() {
        issuer.clone()
    } else {
        let issuer = issuer_of(expected, token, pool, None)
            .map_err(|_| NoKey::NotAsked("not fetched, since the issuer cannot be trusted"))?;
        audience(expected, token, pool)
            .map_err(|_| NoKey::NotAsked("not fetched, since the token is not for this client"))?;
        issuer
    };
    let found = network.key(pool, &issuer, kid, now).await;
    found.map(|found| (kid, found)).map_err(|source| NoKey::Refused(TokenRefusal::Key { token: expected, source }))
}

fn claim(token: &Token, name: &'static str) -> String {
    token.text(name).ok().flatten().unwrap_or_default().to_owned()
}

fn left(token: &Token, now: i64) -> String {
    let expires = token.moment("exp").ok().flatten().unwrap_or(now);
    match expires - now {
        0.. => format!("valid for another {}", Span(expires - now)),
        _ => format!("over for {}, within the leeway", Span(now - expires)),
    }
}

fn begun(token: &Token, now: i64) -> String {
    let moment = |name| token.moment(name).ok().flatten();
    match (moment("nbf"), moment("iat")) {
        (Some(begins), _) => format!("valid since {} ago", Span(now - begins)),
        (None, Some(issued)) => format!("no nbf; issued {} ago", Span(now - issued)),
        (None, None) => "neither nbf nor iat".to_owned(),
    }
}

/// The causes of a refusal behind its own words.
fn causes(refusal: &TokenRefusal) -> Option<String> {
    let first = refusal.source()?;
    let chain = std::iter::successors(Some(first), |&cause| cause.source());
    Some(chain.map(ToString::to_string).collect::<Vec<_>>().join(": "))
}
