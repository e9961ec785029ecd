use gatepass_collection::model::TokenKind;

use crate::facts::{Facts, TokenFacts};
use crate::verdict::{Evidence, Sign};

pub(super) fn good(subject: &str, found: impl Into<String>) -> Evidence {
    Evidence { sign: Sign::Good, subject: subject.to_owned(), found: found.into() }
}

pub(super) fn bad(subject: &str, found: impl Into<String>) -> Evidence {
    Evidence { sign: Sign::Bad, subject: subject.to_owned(), found: found.into() }
}

pub(super) fn neutral(subject: &str, found: impl Into<String>) -> Evidence {
    Evidence { sign: Sign::Neutral, subject: subject.to_owned(), found: found.into() }
}

pub(super) fn kind_words(kind: Option<TokenKind>) -> &'static str {
    match kind {
        Some(TokenKind::Id) => "ID token",
        Some(TokenKind::Access) => "access token",
        None => "token of unknown kind",
    }
}

/// Tells how the token looks from here; what is wrong with it is told by the reading itself.
pub(super) fn token(token: &TokenFacts) -> Evidence {
    let mut found = kind_words(token.kind).to_owned();
    if let Some(identity) = &token.identity {
        found = format!("{found} of {identity}");
    }
    if let Some(damage) = token.damage {
        return bad("Token is damaged", format!("{found}, {}", damage.words()));
    }
    if token.expired {
        return bad("Token has expired", format!("{found}, {} ago", duration(token.seconds_left.saturating_neg())));
    }
    match token.issuer_matches_pool {
        Some(false) => bad("Token is of another pool", found),
        Some(true) => {
            good("Token is good", format!("{found}, right pool and client, {} left", duration(token.seconds_left)))
        }
        None if token.seconds_left > 0 => {
            neutral("Token was typed", format!("{found}, {} left, of no identity here", duration(token.seconds_left)))
        }
        None => neutral("Token was typed", found),
    }
}

/// Tells that the key comes after the authorizer.
pub(super) fn key_not_reached(facts: &Facts<'_>) -> Option<Evidence> {
    let is_there = facts.arrived_key().is_some() || facts.needs_key() == Some(true);
    is_there.then(|| neutral("API key was not looked at", "the authorizer comes first"))
}

pub(super) fn clock(facts: &Facts<'_>) -> Option<Evidence> {
    let skew = facts.clock_skew_seconds.filter(|skew| skew.abs() > super::CLOCK_TOLERANCE)?;
    Some(bad("Clock", clock_words(skew)))
}

pub(super) fn clock_words(skew: i32) -> String {
    let side = if skew > 0 { "ahead of" } else { "behind" };
    format!("This computer's clock is {} {side} the server's", duration(skew.saturating_abs()))
}

/// Says a duration in the largest unit that tells it, as the countdown does.
pub(super) fn duration(seconds: i32) -> String {
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}
