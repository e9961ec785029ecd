use gatepass_collection::model::TokenKind;

use super::Found;
use super::authorizer;
use super::evidence::{self, bad, kind_words};
use crate::facts::Facts;
use crate::verdict::{Fix, Gate};

/// Reads a JWT authorizer's challenge (RFC 6750 §3): it says what it found.
pub(super) fn jwt(facts: &Facts<'_>, description: &str) -> Found {
    let said = description.to_ascii_lowercase();
    let Some(token) = facts.arrived_token() else { return authorizer::unauthorized(facts) };
    let quoted = bad("Gateway says", format!("“{description}”"));
    let other = match token.kind {
        Some(TokenKind::Access) => TokenKind::Id,
        _ => TokenKind::Access,
    };
    if said.is_empty() {
        return authorizer::unauthorized(facts);
    }
    let found = if said.contains("expired") {
        return authorizer::expired(facts).evidence([quoted]);
    } else if said.contains("audience") {
        Found::new(
            Gate::Authorizer,
            "The token is for another client",
            format!(
                "The authorizer lists the clients it takes tokens of, by `aud` or `client_id`, and the client of this {} is not among them.",
                kind_words(token.kind)
            ),
        )
        .fix([Fix::SendOtherToken { token: other }, Fix::SignInAgain])
        .other("Another app client of the pool is the right one: sign in with it.")
    } else if said.contains("issuer") {
        Found::new(
            Gate::Authorizer,
            "The token is from another user pool",
            "The authorizer's issuer is not the one that this token names, letter for letter.",
        )
        .fix([Fix::SignInAgain])
    } else if said.contains("segments") || said.contains("malformed") || said.contains("base64") {
        Found::new(
            Gate::Authorizer,
            "The gateway found no whole token",
            format!(
                "What stands in `{}` is not three parts with dots between. It was copied by hand, or has a prefix.",
                token.header
            ),
        )
        .fix([if token.prefix.is_empty() { Fix::AttachToken } else { Fix::DropPrefix }])
    } else if said.contains("scope") {
        return scope(facts).evidence([quoted]);
    } else {
        Found::new(
            Gate::Authorizer,
            "The authorizer did not take the token",
            format!("It read the {} in `{}` and says why not.", kind_words(token.kind), token.header),
        )
        .fix([Fix::SendOtherToken { token: other }, Fix::SignInAgain])
    };
    found.evidence([quoted, evidence::token(token)])
}

/// Reads a missing scope (RFC 6750 §3.1).
pub(super) fn scope(facts: &Facts<'_>) -> Found {
    let found = Found::new(
        Gate::Authorizer,
        "The token lacks a scope",
        "The route asks for a scope, and only an access token carries scopes. Sign in with the scope, or ask its owner which it is.",
    )
    .evidence(facts.arrived_token().map(evidence::token));
    match facts.arrived_token().and_then(|token| token.kind) {
        Some(TokenKind::Access) => found.fix([Fix::SignInAgain]),
        _ => found.fix([Fix::SendOtherToken { token: TokenKind::Access }]),
    }
}
