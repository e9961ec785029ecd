//! The claims of a token as rows that a person can read.

use serde::Serialize;
use serde_json::{Map, Value};
use specta::Type;

/// One claim of a token.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClaimView {
    /// The name, as it stands in the token.
    pub name: String,
    /// The value: a text as it is, anything else as compact JSON.
    pub value: String,
    /// What the claim means, in a few words; empty for one that only the pool's owner knows.
    pub note: String,
    /// The value as a moment in Unix seconds, for the claims that are one.
    pub moment: Option<f64>,
}

/// Makes a row of each member, in the token's own order.
pub(crate) fn rows(object: &Map<String, Value>) -> Vec<ClaimView> {
    object.iter().map(|(name, value)| row(name, value)).collect()
}

/// A claim in which two tokens of the same kind differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClaimChange {
    /// The name of the claim.
    pub name: String,
    /// Its value in the earlier token; `None` where it was not there.
    pub before: Option<String>,
    /// Its value in the later token; `None` where it is gone.
    pub after: Option<String>,
}

/// The claims in which a token differs from an earlier one, in the order of the later, those that are gone last.
///
/// The claims that differ in any two tokens are left out: `exp`, `iat`, `auth_time`, `jti`, `nonce`, `at_hash` and
/// `event_id`.
pub fn differences(before: &[ClaimView], after: &[ClaimView]) -> Vec<ClaimChange> {
    let value = |claims: &[ClaimView], name: &str| {
        claims.iter().find(|claim| claim.name == name).map(|claim| claim.value.clone())
    };
    let gone = before.iter().filter(|claim| value(after, &claim.name).is_none());
    after
        .iter()
        .chain(gone)
        .filter(|claim| !ALWAYS_DIFFERENT.contains(&claim.name.as_str()))
        .map(|claim| ClaimChange {
            name: claim.name.clone(),
            before: value(before, &claim.name),
            after: value(after, &claim.name),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

const ALWAYS_DIFFERENT: [&str; 7] = ["exp", "iat", "auth_time", "jti", "nonce", "at_hash", "event_id"];

fn row(name: &str, value: &Value) -> ClaimView {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let moment = if is_moment(name) { value.as_f64() } else { None };
    ClaimView { name: name.to_owned(), value: text, note: note(name).to_owned(), moment }
}

fn is_moment(name: &str) -> bool {
    matches!(name, "exp" | "iat" | "nbf" | "auth_time")
}

/// Explains the claims and header fields of Cognito's tokens (RFC 7519 §4.1, OpenID Connect Core §2 and §5.1, Cognito).
fn note(name: &str) -> &'static str {
    match name {
        "alg" => "how it is signed",
        "kid" => "the key that signed it",
        "typ" => "the kind of token",
        "iss" => "the user pool that issued it",
        "sub" => "the user's id, for good",
        "aud" => "the app client that it is for",
        "azp" => "the client that asked for it",
        "client_id" => "the app client that it was given to",
        "exp" => "valid until",
        "iat" => "issued at",
        "nbf" => "valid from",
        "auth_time" => "signed in at",
        "jti" => "this token's own id",
        "origin_jti" => "the sign-in that it comes from",
        "event_id" => "the sign-in's id in the pool's logs",
        "token_use" => "ID or access",
        "scope" => "what it allows",
        "nonce" => "ties it to this sign-in",
        "at_hash" => "ties it to its access token",
        "version" => "the token's format",
        "device_key" => "the remembered device",
        "username" | "cognito:username" => "the user name in the pool",
        "cognito:groups" => "groups in the pool",
        "cognito:roles" => "IAM roles of the groups",
        "cognito:preferred_role" => "the IAM role that is preferred",
        "identities" => "the outside identity provider",
        "email" => "e-mail address",
        "email_verified" => "whether the e-mail address was confirmed",
        "phone_number" => "phone number",
        "phone_number_verified" => "whether the phone number was confirmed",
        "name" => "full name",
        "given_name" => "first name",
        "family_name" => "last name",
        "middle_name" => "middle name",
        "nickname" => "nickname",
        "preferred_username" => "the user name that is shown",
        "profile" => "profile page",
        "picture" => "picture",
        "website" => "website",
        "gender" => "gender",
        "birthdate" => "date of birth",
        "zoneinfo" => "time zone",
        "locale" => "language",
        "address" => "postal address",
        "updated_at" => "profile changed at",
        _ if name.starts_with("custom:") => "an attribute of the pool's owner",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_keep_the_order_and_the_digits_of_the_token() {
        let Value::Object(claims) = json!({
            "sub": "a1", "email_verified": true, "exp": 1_700_000_000, "cognito:groups": ["b", "a"], "custom:plan": "7",
            "unheard": {"x": 1}
        }) else {
            panic!("an object")
        };
        let rows = rows(&claims);
        let shown: Vec<(&str, &str)> = rows.iter().map(|row| (row.name.as_str(), row.value.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("sub", "a1"),
                ("email_verified", "true"),
                ("exp", "1700000000"),
                ("cognito:groups", r#"["b","a"]"#),
                ("custom:plan", "7"),
                ("unheard", r#"{"x":1}"#),
            ]
        );
        assert_eq!(rows[2].moment, Some(1_700_000_000.0));
        assert_eq!(rows[3].moment, None);
        assert_eq!(rows[4].note, "an attribute of the pool's owner");
        assert_eq!(rows[5].note, "");
    }

    #[test]
    fn only_what_says_something_is_a_difference() {
        let claims = |text: &str| rows(serde_json::from_str::<Value>(text).unwrap().as_object().unwrap());
        let before = claims(r#"{"sub": "a1", "jti": "1", "exp": 1, "cognito:groups": ["buyers"], "custom:plan": "7"}"#);
        let after =
            claims(r#"{"email": "x@y.z", "sub": "a1", "jti": "2", "exp": 2, "cognito:groups": ["buyers", "beta"]}"#);
        let change = |name: &str, before: Option<&str>, after: Option<&str>| ClaimChange {
            name: name.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        assert_eq!(
            differences(&before, &after),
            [
                change("email", None, Some("x@y.z")),
                change("cognito:groups", Some(r#"["buyers"]"#), Some(r#"["buyers","beta"]"#)),
                change("custom:plan", Some("7"), None),
            ]
        );
        assert_eq!(differences(&after, &after), []);
    }
}
