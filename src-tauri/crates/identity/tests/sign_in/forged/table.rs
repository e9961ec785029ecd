use gatepass_identity::{FormError, KeyError, TokenRefusal, TokenUse};
use serde_json::json;

use crate::pool::{CLIENT, Minting, Seal, kid, now, unix};

use TokenRefusal as R;
use TokenUse::{Access, Id};

/// What is done to the tokens of a true sign-in, and the reason for which they must be refused.
pub type Row = (&'static str, fn(&mut Minting), fn(&TokenRefusal) -> bool);

pub const TABLE: &[Row] = &[
    (
        "algorithm none",
        |t| {
            t.id.header["alg"] = json!("none");
            t.id.seal = Seal::Open;
        },
        |r| matches!(r, R::Algorithm { token: Id, found } if found == "\"none\""),
    ),
    (
        "algorithm none access",
        |t| {
            t.access.header["alg"] = json!("none");
            t.access.seal = Seal::Open;
        },
        |r| matches!(r, R::Algorithm { token: Access, .. }),
    ),
    (
        "hmac with the public key",
        |t| {
            t.id.header["alg"] = json!("HS256");
            t.id.seal = Seal::PublicKeyAsSecret(0);
        },
        |r| matches!(r, R::Algorithm { token: Id, found } if found == "\"HS256\""),
    ),
    ("hmac named rs256", |t| t.id.seal = Seal::PublicKeyAsSecret(0), |r| matches!(r, R::Signature { token: Id })),
    (
        "no algorithm",
        |t| {
            t.id.header.as_object_mut().unwrap().remove("alg");
        },
        |r| matches!(r, R::Algorithm { token: Id, found } if found == "empty"),
    ),
    ("lower case algorithm", |t| t.id.header["alg"] = json!("rs256"), |r| matches!(r, R::Algorithm { .. })),
    ("no signature", |t| t.id.seal = Seal::Open, |r| matches!(r, R::Signature { token: Id })),
    (
        "no kid",
        |t| {
            t.id.header.as_object_mut().unwrap().remove("kid");
        },
        |r| matches!(r, R::NoKeyId { token: Id }),
    ),
    (
        "unknown kid",
        |t| {
            t.id.header["kid"] = json!(kid(2));
            t.id.seal = Seal::Key(2);
        },
        |r| matches!(r, R::Key { token: Id, source: KeyError::UnknownKey { .. } }),
    ),
    ("other kid", |t| t.id.header["kid"] = json!(kid(1)), |r| matches!(r, R::Signature { token: Id })),
    ("wrong key", |t| t.id.seal = Seal::Key(2), |r| matches!(r, R::Signature { token: Id })),
    ("wrong key access", |t| t.access.seal = Seal::Key(2), |r| matches!(r, R::Signature { token: Access })),
    (
        "other issuer",
        |t| t.id.claims["iss"] = json!("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other"),
        |r| matches!(r, R::Issuer { token: Id, .. }),
    ),
    (
        "other issuer access",
        |t| t.access.claims["iss"] = json!("https://evil.test/"),
        |r| matches!(r, R::Issuer { token: Access, .. }),
    ),
    (
        "no issuer",
        |t| {
            t.id.claims.as_object_mut().unwrap().remove("iss");
        },
        |r| matches!(r, R::Issuer { found, .. } if found == "empty"),
    ),
    (
        "other audience",
        |t| t.id.claims["aud"] = json!("another"),
        |r| matches!(r, R::Audience { token: Id, found, expected } if found == "\"another\"" && expected == CLIENT),
    ),
    (
        "audience that begins alike",
        |t| t.id.claims["aud"] = json!(format!("{CLIENT}x")),
        |r| matches!(r, R::Audience { token: Id, .. }),
    ),
    (
        "no audience",
        |t| {
            t.id.claims.as_object_mut().unwrap().remove("aud");
        },
        |r| matches!(r, R::Audience { token: Id, .. }),
    ),
    (
        "authorized party of another",
        |t| {
            t.id.claims["aud"] = json!(["another", CLIENT]);
            t.id.claims["azp"] = json!("another");
        },
        |r| matches!(r, R::Audience { token: Id, found, .. } if found == "\"another\""),
    ),
    ("empty audience", |t| t.id.claims["aud"] = json!([]), |r| matches!(r, R::Audience { token: Id, .. })),
    (
        "other client",
        |t| t.access.claims["client_id"] = json!("another"),
        |r| matches!(r, R::Audience { token: Access, .. }),
    ),
    (
        "access in place of id",
        |t| t.after = |id, access| id.clone_from(access),
        |r| matches!(r, R::TokenUse { token: Id, found } if found == "\"access\""),
    ),
    (
        "id in place of access",
        |t| t.after = |id, access| access.clone_from(id),
        |r| matches!(r, R::TokenUse { token: Access, found } if found == "\"id\""),
    ),
    (
        "no token use",
        |t| {
            t.id.claims.as_object_mut().unwrap().remove("token_use");
        },
        |r| matches!(r, R::TokenUse { token: Id, .. }),
    ),
    (
        "expired",
        |t| t.id.claims["exp"] = json!(unix(now()) - 61),
        |r| matches!(r, R::Expired { token: Id, seconds_ago: 61, clock: None }),
    ),
    (
        "expired access",
        |t| t.access.claims["exp"] = json!(unix(now()) - 3600),
        |r| matches!(r, R::Expired { token: Access, .. }),
    ),
    (
        "no expiry",
        |t| {
            t.id.claims.as_object_mut().unwrap().remove("exp");
        },
        |r| matches!(r, R::NoExpiry { token: Id }),
    ),
    (
        "not yet valid",
        |t| t.id.claims["nbf"] = json!(unix(now()) + 61),
        |r| matches!(r, R::NotYetValid { token: Id, claim: "nbf", in_seconds: 61, .. }),
    ),
    (
        "issued in the future",
        |t| t.id.claims["iat"] = json!(unix(now()) + 600),
        |r| matches!(r, R::NotYetValid { token: Id, claim: "iat", clock: Some(_), .. }),
    ),
    (
        "nonce of another sign in",
        |t| t.id.claims["nonce"] = json!("another"),
        |r| matches!(r, R::Nonce { present: true }),
    ),
    (
        "no nonce",
        |t| {
            t.id.claims.as_object_mut().unwrap().remove("nonce");
        },
        |r| matches!(r, R::Nonce { present: false }),
    ),
    (
        "hash of another access token",
        |t| {
            t.tied = false;
            t.id.claims["at_hash"] = json!("abcdefghijklmnopqrstuv");
        },
        |r| matches!(r, R::AccessTokenHash { present: true }),
    ),
    ("no hash", Minting::untie, |r| matches!(r, R::AccessTokenHash { present: false })),
    (
        "no subject",
        |t| {
            t.id.claims.as_object_mut().unwrap().remove("sub");
        },
        |r| matches!(r, R::NoSubject),
    ),
    ("empty subject", |t| t.id.claims["sub"] = json!(""), |r| matches!(r, R::NoSubject)),
    (
        "access token of another user",
        |t| t.access.claims["sub"] = json!("another-user"),
        |r| matches!(r, R::OtherSubject),
    ),
    (
        "access token of nobody",
        |t| {
            t.access.claims.as_object_mut().unwrap().remove("sub");
        },
        |r| matches!(r, R::OtherSubject),
    ),
    (
        "truncated signature",
        |t| t.after = |id, _| id.truncate(id.len() - 22),
        |r| matches!(r, R::Signature { token: Id }),
    ),
    (
        "truncated within a byte",
        |t| t.after = |id, _| id.truncate(id.len() - 21),
        |r| matches!(r, R::Form { token: Id, source: FormError::Encoding { part: "signature" } }),
    ),
    (
        "truncated to two parts",
        |t| t.after = |id, _| id.truncate(id.rfind('.').unwrap()),
        |r| matches!(r, R::Form { token: Id, source: FormError::Parts { found: 2 } }),
    ),
    (
        "truncated in the payload",
        |t| t.after = |id, _| id.truncate(id.len() / 3),
        |r| matches!(r, R::Form { token: Id, source: FormError::Parts { found: 2 } }),
    ),
    (
        "a fourth part",
        |t| t.after = |id, _| id.push_str(".x"),
        |r| matches!(r, R::Form { source: FormError::Parts { found: 4 }, .. }),
    ),
    (
        "blank inside",
        |t| t.after = |id, _| id.insert(40, ' '),
        |r| matches!(r, R::Form { token: Id, source: FormError::Blanks }),
    ),
    (
        "blank before",
        |t| t.after = |id, _| id.insert(0, ' '),
        |r| matches!(r, R::Form { token: Id, source: FormError::Blanks }),
    ),
    (
        "line break at the end",
        |t| t.after = |_, access| access.push('\n'),
        |r| matches!(r, R::Form { token: Access, source: FormError::Blanks }),
    ),
    (
        "padding",
        |t| t.after = |id, _| id.push_str("=="),
        |r| matches!(r, R::Form { source: FormError::Encoding { part: "signature" }, .. }),
    ),
    (
        "payload is a list",
        |t| t.id.claims = json!([1]),
        |r| matches!(r, R::Form { source: FormError::Json { part: "payload" }, .. }),
    ),
    (
        "header is a text",
        |t| t.id.header = json!("RS256"),
        |r| matches!(r, R::Form { source: FormError::Json { part: "header" }, .. }),
    ),
    (
        "expiry as text",
        |t| t.id.claims["exp"] = json!("9999999999"),
        |r| matches!(r, R::Form { source: FormError::Claim { name: "exp", .. }, .. }),
    ),
    (
        "expiry beyond time",
        |t| t.id.claims["exp"] = json!(u64::MAX),
        |r| matches!(r, R::Form { source: FormError::Claim { name: "exp", .. }, .. }),
    ),
    (
        "issuer as list",
        |t| t.id.claims["iss"] = json!(["x"]),
        |r| matches!(r, R::Form { source: FormError::Claim { name: "iss", .. }, .. }),
    ),
    (
        "kid as number",
        |t| t.id.header["kid"] = json!(1),
        |r| matches!(r, R::Form { source: FormError::Claim { name: "kid", .. }, .. }),
    ),
    ("no id token", |t| t.after = |id, _| id.clear(), |r| matches!(r, R::Missing { token: Id })),
    ("no access token", |t| t.after = |_, access| access.clear(), |r| matches!(r, R::Missing { token: Access })),
];
