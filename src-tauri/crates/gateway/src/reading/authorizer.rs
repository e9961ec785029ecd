use gatepass_collection::model::TokenKind;

use super::Found;
use super::evidence::{self, bad, good, key_not_reached, kind_words, neutral};
use crate::facts::{Facts, TokenFacts};
use crate::verdict::{Fix, Gate};

const REDEPLOY: &str = "The stage was not deployed after the authorizer changed: deploy it.";
const CACHED: &str =
    "The authorizer still remembers an earlier refusal, for up to 300 s by default: wait, and send again.";
const AUDIENCE: &str = "The authorizer asks for a certain audience, which is not your client: ask its owner.";
const POOL_GONE: &str = "The authorizer's user pool was deleted: ask its owner.";

/// Reads `{"message":"Unauthorized"}`, which has one text for every cause.
pub(super) fn unauthorized(facts: &Facts<'_>) -> Found {
    let Some(token) = facts.token else { return no_token(facts) };
    if facts.withheld(&token.header) {
        return stayed_home(facts, token);
    }
    if let Some(source) = facts.token_source().filter(|source| !source.eq_ignore_ascii_case(&token.header)) {
        return other_header(facts, token, source);
    }
    let found = if token.damage.is_some() {
        damaged(facts, token)
    } else if token.expired {
        return expired(facts);
    } else if token.updated_issuer {
        Found::new(
            Gate::Authorizer,
            "The pool's issuer is of a form the authorizer does not take",
            "This token's issuer begins with `issuer-cognito-idp`. Authorizers are reported to take only the original form: switch the pool's issuer back to ORIGINAL, and sign in again.",
        )
        .evidence([bad("Issuer", "the updated form")])
        .fix([Fix::SignInAgain])
    } else if token.issuer_matches_pool == Some(false) {
        Found::new(
            Gate::Authorizer,
            "The token is from another user pool",
            "An authorizer takes tokens of its own pool only, and this one was issued by another.",
        )
        .evidence([evidence::token(token)])
        .fix([Fix::SignInAgain])
    } else {
        return sound(facts, token);
    };
    found.evidence(key_not_reached(facts))
}

/// Reads "The incoming token has expired".
pub(super) fn expired(facts: &Facts<'_>) -> Found {
    let title = "Your token has expired";
    let clock = evidence::clock(facts);
    let Some(token) = facts.arrived_token() else {
        return Found::new(Gate::Authorizer, title, "The authorizer read a token that is past its end.")
            .evidence(clock)
            .fix([Fix::SignInAgain]);
    };
    let explanation = if token.expired {
        format!(
            "The token in `{}` is past its end. Signing in again takes no form within an hour of the last.",
            token.header
        )
    } else {
        format!(
            "The gateway says that the token in `{}` is past its end, though by this computer's clock it has {} left. Set the clock, or sign in again.",
            token.header,
            evidence::duration(token.seconds_left)
        )
    };
    let mut found = Found::new(Gate::Authorizer, title, explanation).evidence([evidence::token(token)]);
    if clock.is_none() && facts.clock_skew_seconds.is_some() {
        found = found.evidence([good("Clock", "in step with the server's")]);
    }
    found.evidence(clock).evidence(key_not_reached(facts)).fix([Fix::SignInAgain]).of_an_expired_token()
}

pub(super) fn lambda_denied(facts: &Facts<'_>) -> Found {
    Found::new(
        Gate::Authorizer,
        "The authorizer knows you and says no",
        "A Lambda authorizer, or a policy that it gave, does not let this caller use this method. Its owner decides that.",
    )
    .evidence(facts.arrived_token().map(evidence::token))
    .evidence(key_not_reached(facts))
    .fix([Fix::SendAgain])
    .other("The authorizer's denial is remembered for up to 300 s by default: after a change of rights, wait.")
    .other("The Lambda authorizer found no token where it looks for one: ask its owner for the header.")
}

pub(super) fn policy_denied(facts: &Facts<'_>) -> Found {
    Found::new(
        Gate::Authorizer,
        "A policy does not let this request in",
        "The API's resource policy, or IAM, denies the call. It can ask for a network, an account or a signature; a token does not change it. Ask its owner.",
    )
    .evidence(facts.arrived_token().map(evidence::token))
    .other("The method uses IAM, which signs requests with AWS credentials: check method and path.")
    .fix([Fix::EditUrl])
}

pub(super) fn broken(facts: &Facts<'_>) -> Found {
    Found::new(
        Gate::Authorizer,
        "The authorizer itself is broken",
        "It failed, or gave an answer that the gateway cannot use. Nothing in this request mends that: tell its owner.",
    )
    .evidence(facts.arrived_token().map(evidence::token))
    .evidence(key_not_reached(facts))
    .fix([Fix::SendAgain])
}

fn no_token(facts: &Facts<'_>) -> Found {
    let title = "The gateway never saw a token";
    let reads = match facts.token_source() {
        Some(source) => format!("Its authorizer reads the header `{source}`."),
        None => "Its authorizer reads one header.".to_owned(),
    };
    let in_query = facts.url().and_then(|url| {
        let named = |name: &str| matches!(name, "id_token" | "access_token" | "token");
        url.query_pairs().find(|(name, _)| named(name)).map(|(name, _)| name.into_owned())
    });
    let mut found = match &in_query {
        Some(name) => Found::new(
            Gate::Authorizer,
            title,
            format!("{reads} This request has `{name}` in the URL, where it does not look."),
        )
        .evidence([bad("URL", format!("`{name}` stands in the query"))]),
        None => Found::new(Gate::Authorizer, title, format!("{reads} This request carried no token.")),
    };
    found = match facts.signed_in {
        Some(name) => {
            found.evidence([neutral("Signed in", format!("{name}, whose token was not sent"))]).fix([Fix::AttachToken])
        }
        None => found.evidence([bad("Signed in", "nobody")]).fix([Fix::SignInAgain, Fix::AttachToken]),
    };
    found
        .evidence(key_not_reached(facts))
        .other("The token is in a header that Gatepass does not know as one: check the header's name.")
}

fn stayed_home(facts: &Facts<'_>, token: &TokenFacts) -> Found {
    let from = facts.exchange.hops.first().and_then(|hop| url::Url::parse(&hop.url).ok());
    let from = from.as_ref().and_then(url::Url::host_str).unwrap_or("the first host").to_owned();
    let to = facts.url().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "another host".to_owned());
    Found::new(
        Gate::Authorizer,
        "The token stayed home at a redirect",
        format!("`{from}` redirected to another origin on `{to}`, and credentials do not follow there. Where you trust it, send to it directly."),
    )
    .evidence([bad("Header", format!("`{}` was left out after the redirect", token.header)), evidence::token(token)])
    .fix([Fix::EditUrl])
}

fn other_header(facts: &Facts<'_>, token: &TokenFacts, source: &str) -> Found {
    Found::new(
        Gate::Authorizer,
        "The gateway never saw your token",
        format!("Its authorizer reads the header `{source}`. This request carried the token in `{}`.", token.header),
    )
    .evidence([
        evidence::token(token),
        bad("Header", format!("the imported definition names `{source}` as token source")),
    ])
    .evidence(key_not_reached(facts))
    .fix([Fix::SendTokenIn { header: source.to_owned() }])
    .other("The definition is older than the API: its authorizer may read another header by now.")
    .other(CACHED)
}

fn damaged(facts: &Facts<'_>, token: &TokenFacts) -> Found {
    let what = token.damage.map(crate::Damage::words).unwrap_or_default();
    let fix = if facts.signed_in.is_some() { Fix::AttachToken } else { Fix::SignInAgain };
    Found::new(
        Gate::Authorizer,
        "The token is damaged",
        format!("The authorizer found something in `{}` that is no token: {what}. It was copied by hand; let Auth send it instead.", token.header),
    )
    .evidence([evidence::token(token)])
    .fix([fix])
}

/// Reads the refusal of a token that is good as far as it can be seen from here.
fn sound(facts: &Facts<'_>, token: &TokenFacts) -> Found {
    let header = &token.header;
    let has_odd_prefix = !token.prefix.is_empty() && !token.prefix.eq_ignore_ascii_case("bearer");
    let mut found = if has_odd_prefix {
        Found::new(
            Gate::Authorizer,
            "The authorizer stumbled over the prefix",
            format!("`{}` stands before the token in `{header}`. An authorizer takes the bare token.", token.prefix),
        )
        .evidence([evidence::token(token), bad("Prefix", format!("`{}`", token.prefix))])
        .fix([Fix::DropPrefix])
    } else if token.kind == Some(TokenKind::Access) {
        Found::new(
            Gate::Authorizer,
            "The gateway wants the ID token",
            format!("A method without scopes takes the ID token. This request carried the access token in `{header}`."),
        )
        .evidence([evidence::token(token), bad("Kind", "access token, which needs scopes on the method")])
        .fix([Fix::SendOtherToken { token: TokenKind::Id }])
        .other(
            "The method has scopes, and the access token has none of them: sign in with one of them, or ask its owner.",
        )
    } else {
        Found::new(
            Gate::Authorizer,
            "The gateway did not take a good token",
            format!("The {} in `{header}` is in order as far as it can be checked here. The likeliest cause: the method has scopes, and then it takes the access token.", kind_words(token.kind)),
        )
        .evidence([evidence::token(token)])
        .fix([Fix::SendOtherToken { token: TokenKind::Access }, Fix::SendAgain])
    };
    found = match facts.token_source() {
        Some(source) => found.evidence([good("Header", format!("`{source}` is the token source"))]),
        None => found
            .evidence([neutral("Header", format!("`{header}`; no definition tells the token source"))])
            .other(format!("The authorizer reads another header than `{header}`: ask its owner for the token source.")),
    };
    found = found.evidence(key_not_reached(facts));
    if token.prefix.eq_ignore_ascii_case("bearer") {
        found = found
            .fix([Fix::DropPrefix])
            .other("The authorizer has a pattern for the bare token: send it without `Bearer`.");
    }
    found.other(REDEPLOY).other(CACHED).other(AUDIENCE).other(POOL_GONE)
}
