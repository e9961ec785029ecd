use serde::Serialize;
use specta::Type;

use super::{Came, Part, Session};
use crate::Grant;

/// A check that the tokens of a session passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// What was checked.
    pub name: String,
    /// What was found.
    pub detail: String,
}

/// Tells what the tokens of a session passed before they were kept.
pub(super) fn checks(session: &Session) -> Vec<CheckView> {
    let Session { pool, id, access, came, .. } = session;
    let id = id.as_ref();
    let mut list = Vec::new();
    let mut passed = |name: &str, detail: String| list.push(CheckView { name: name.to_owned(), detail });
    let read: Vec<(&str, &Part)> = [("ID token", id), ("access token", Some(access))]
        .into_iter()
        .filter_map(|(name, part)| Some((name, part.filter(|part| part.token.is_some())?)))
        .collect();
    match came {
        Came::BySignIn if id.is_some() => passed("State", "the one that was sent".to_owned()),
        Came::BySignIn => {}
        Came::ByRefresh | Came::AccessByRefresh => {
            passed("User", "the one of the sign-in, whose refresh token it was".to_owned());
        }
    }
    if *came == Came::BySignIn && pool.grant() == Grant::Code {
        passed("PKCE", "the code was redeemed with the verifier that it was asked for with".to_owned());
    }
    if *came == Came::AccessByRefresh {
        passed("ID token", "the one that was there before, since the refresh brought none".to_owned());
    }
    if !read.is_empty() {
        let each = |what: fn(&Part) -> String| {
            read.iter().map(|(name, part)| format!("{name} {}", what(part))).collect::<Vec<_>>().join(", ")
        };
        passed("Form", "three parts, JSON, every claim of the right type".to_owned());
        passed("Algorithm", "RS256".to_owned());
        passed("Key", each(|part| part.header_text("kid").unwrap_or_default().to_owned()));
        passed("Signature", "by the user pool's own keys".to_owned());
        passed("Expiry", format!("{}, one minute of leeway", each(|part| format!("{} minutes", part.minutes()))));
        passed("Issuer", pool.issuer().map(ToString::to_string).unwrap_or_default());
        if read.iter().all(|(_, part)| part.text("token_use").is_some()) {
            passed("Token use", each(|part| part.text("token_use").unwrap_or_default().to_owned()));
        }
        passed("Audience", pool.client_id().to_owned());
    }
    if let Some(id) = id {
        let both = if access.token.is_some() { "the same in both tokens" } else { "the ID token names its user" };
        passed("Subject", both.to_owned());
        if id.text("nonce").is_some() {
            passed("Nonce", "the one that was sent".to_owned());
        }
        if id.text("at_hash").is_some() && *came != Came::AccessByRefresh {
            passed("Access token hash", "the ID token is for this access token".to_owned());
        }
    }
    list
}
