//! A token as it stood in a header: read without its signature, only to say what is wrong with it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatepass_collection::model::TokenKind;
use serde_json::Value;

use crate::facts::TokenFacts;

/// What is wrong with the form of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// It has not three parts with dots between.
    Parts {
        /// How many it has.
        found: u32,
    },
    /// A blank is in it or round it.
    Blank,
    /// Quotation marks stand round it.
    Quotes,
    /// Something of the redirect's address was copied with it, such as `id_token=` or `&access_token`.
    Leftover,
    /// The prefix stands before it twice.
    PrefixTwice,
    /// Its payload is no JSON, so it was cut or altered.
    Unreadable,
}

impl Damage {
    pub(crate) fn words(self) -> String {
        match self {
            Self::Parts { found } => format!("it has {found} parts; a token has three, with dots between"),
            Self::Blank => "a blank is in it".to_owned(),
            Self::Quotes => "quotation marks stand round it".to_owned(),
            Self::Leftover => "a piece of the redirect's address was copied with it".to_owned(),
            Self::PrefixTwice => "`Bearer` stands before it twice".to_owned(),
            Self::Unreadable => "its payload cannot be read, so it was cut or altered".to_owned(),
        }
    }
}

/// Looks at the value of a header in which a JWT may have been typed; nothing where it does not look like one.
///
/// `pool_issuer` is the issuer that is set up, `now` the time in seconds since 1970 UTC. Nothing is verified.
pub fn inspect(header: &str, value: &str, pool_issuer: Option<&str>, now: f64) -> Option<TokenFacts> {
    if !value.contains("eyJ") {
        return None;
    }
    let (prefix, token) = match value.split_once(' ') {
        Some((prefix, token)) if prefix.eq_ignore_ascii_case("bearer") => (prefix, token),
        _ => ("", value),
    };
    let damage = damage(token);
    let claims = claims(cleaned(value).as_deref().unwrap_or(token));
    let damage = damage.or(claims.is_none().then_some(Damage::Unreadable));
    let text = |name: &str| claims.as_ref()?.get(name)?.as_str();
    let left = claims.as_ref().and_then(|claims| claims.get("exp")?.as_f64()).map(|expiry| expiry - now);
    let issuer = text("iss");
    Some(TokenFacts {
        header: header.to_owned(),
        prefix: prefix.to_owned(),
        kind: match text("token_use") {
            Some("id") => Some(TokenKind::Id),
            Some("access") => Some(TokenKind::Access),
            _ => None,
        },
        expired: left.is_some_and(|left| left <= 0.0),
        seconds_left: left.map_or(0, whole),
        issuer_matches_pool: pool_issuer.zip(issuer).map(|(pool, issuer)| pool == issuer),
        updated_issuer: issuer.is_some_and(|issuer| issuer.starts_with("https://issuer-cognito-idp.")),
        identity: None,
        damage,
    })
}

/// Gives the token that a damaged value was meant to be, where that is plain.
pub fn cleaned(value: &str) -> Option<String> {
    let from = value.find("eyJ")?;
    let is_part = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    let joined: String = value[from..].chars().filter(|character| !character.is_whitespace()).collect();
    let token: String = joined.chars().take_while(|character| is_part(*character)).collect();
    (token.split('.').filter(|part| !part.is_empty()).count() == 3 && token.matches('.').count() == 2).then_some(token)
}

fn damage(token: &str) -> Option<Damage> {
    if token.to_ascii_lowercase().starts_with("bearer ") {
        return Some(Damage::PrefixTwice);
    }
    if token.contains(['"', '\'']) {
        return Some(Damage::Quotes);
    }
    if token.contains(['=', '&', '#', '?']) {
        return Some(Damage::Leftover);
    }
    if token.contains(char::is_whitespace) {
        return Some(Damage::Blank);
    }
    let found = token.split('.').count();
    (found != 3).then(|| Damage::Parts { found: u32::try_from(found).unwrap_or(u32::MAX) })
}

fn claims(token: &str) -> Option<Value> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok().filter(Value::is_object)
}

#[expect(clippy::cast_possible_truncation, reason = "the value is held within the type's bounds")]
fn whole(seconds: f64) -> i32 {
    seconds.clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const POOL: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI";

    fn token(token_use: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let claims = format!(r#"{{"token_use":"{token_use}","iss":"{POOL}","exp":2000}}"#);
        format!("{}.{}.c2lnbmF0dXJl", part(r#"{"kid":"a","alg":"RS256"}"#), part(&claims))
    }

    #[rstest]
    #[case::bare("{t}", "", None)]
    #[case::prefixed("Bearer {t}", "Bearer", None)]
    #[case::twice("Bearer Bearer {t}", "Bearer", Some(Damage::PrefixTwice))]
    #[case::quoted("\"{t}\"", "", Some(Damage::Quotes))]
    #[case::named("id_token={t}", "", Some(Damage::Leftover))]
    #[case::trailing("{t}&access_token", "", Some(Damage::Leftover))]
    #[case::blank_at_end("{t} ", "", Some(Damage::Blank))]
    fn damage_by_hand_is_named_and_the_token_read_all_the_same(
        #[case] form: &str,
        #[case] prefix: &str,
        #[case] damage: Option<Damage>,
    ) {
        let value = form.replace("{t}", &token("access"));
        let facts = inspect("authorization", &value, Some(POOL), 1000.0).unwrap();
        assert_eq!((facts.prefix.as_str(), facts.damage), (prefix, damage));
        assert_eq!((facts.kind, facts.seconds_left, facts.expired), (Some(TokenKind::Access), 1000, false));
        assert_eq!(facts.issuer_matches_pool, Some(true));
        assert_eq!(cleaned(&value).as_deref(), Some(token("access").as_str()));
    }

    #[test]
    fn a_line_break_by_wrapping_is_a_blank_and_can_be_mended() {
        let whole = token("id");
        let wrapped = format!("{} {}", &whole[..30], &whole[30..]);
        assert_eq!(inspect("a", &wrapped, None, 0.0).unwrap().damage, Some(Damage::Blank));
        assert_eq!(cleaned(&wrapped), Some(whole));
    }

    #[rstest]
    #[case("eyJhbGciOiJSUzI1NiJ9", Some(Damage::Parts { found: 1 }))]
    #[case("eyJhbGciOiJSUzI1NiJ9.eyJh.c2ln", Some(Damage::Unreadable))]
    fn a_token_that_was_cut_is_told(#[case] value: &str, #[case] damage: Option<Damage>) {
        assert_eq!(inspect("a", value, None, 0.0).unwrap().damage, damage);
    }

    #[test]
    fn an_expired_token_of_another_pool_is_told() {
        let facts = inspect("a", &token("id"), Some("https://other"), 2500.0).unwrap();
        assert!(facts.expired);
        assert_eq!((facts.seconds_left, facts.issuer_matches_pool), (-500, Some(false)));
    }

    #[test]
    fn a_value_that_is_no_token_is_left_alone() {
        assert_eq!(inspect("x-api-key", "abcdef", None, 0.0), None);
    }
}
