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
}
