//! What servers and vaults may hold: near the truth, and far from it.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::pool::{kid, modulus};

/// What stands in a field of an answer.
#[derive(Debug, Clone)]
pub enum Field {
    True,
    Absent,
    Other(Value),
}

pub fn any_field() -> impl Strategy<Value = Field> {
    prop_oneof![
        4 => Just(Field::True),
        1 => Just(Field::Absent),
        2 => prop_oneof![
            Just(Value::Null),
            Just(json!("")),
            Just(json!("Bearer")),
            Just(json!(u64::MAX)),
            Just(json!(-1)),
            Just(json!(["x"])),
            any::<String>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
        ].prop_map(Field::Other),
    ]
}

/// Keys of the true key's name, none of which is the true one.
fn any_jwks() -> impl Strategy<Value = Value> {
    let field = prop_oneof![
        Just(json!("RSA")),
        Just(json!("oct")),
        Just(json!("EC")),
        Just(json!("sig")),
        Just(json!("enc")),
        Just(json!("RS256")),
        Just(json!("HS256")),
        Just(json!("AQAB")),
        Just(json!(kid(0))),
        Just(json!(modulus(1))),
        Just(json!(modulus(2))),
        Just(Value::Null),
        any::<String>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
    ];
    let key = prop::collection::hash_map(
        prop::sample::select(vec!["kty", "kid", "use", "alg", "n", "e", "k", "crv", "x", "y", "key_ops"]),
        field,
        0..8,
    )
    .prop_map(|mut key| {
        key.insert("kid", json!(kid(0)));
        json!(key)
    });
    prop::collection::vec(key, 0..4).prop_map(|keys| json!({ "keys": keys }))
}

/// A set of keys as it goes over the wire: whole, without its object, damaged, cut off, or none at all.
pub fn any_jwks_text() -> impl Strategy<Value = Vec<u8>> {
    let whole = || any_jwks().prop_map(|jwks| jwks.to_string().into_bytes());
    let damaged = (whole(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut text, at, byte)| {
        let at = at.index(text.len());
        text[at] = byte;
        text
    });
    let cut_off = (whole(), any::<prop::sample::Index>()).prop_map(|(mut text, at)| {
        text.truncate(at.index(text.len()));
        text
    });
    prop_oneof![
        4 => whole(),
        1 => any_jwks().prop_map(|jwks| jwks["keys"].to_string().into_bytes()),
        2 => damaged,
        1 => cut_off,
        1 => any::<Vec<u8>>(),
    ]
}

/// Words as they lie in the vault, and others, in any order.
pub fn kept_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        prop::sample::select(vec![
            "id=ID",
            "access=ACCESS",
            "ID",
            "ACCESS",
            "id=",
            "access=",
            "access=opaque",
            "until=UNTIL",
            "until=soon",
            "refresh=r",
            "refresh=",
            "=",
            "",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    prop::collection::vec(word, 0..5).prop_map(|words| words.join(" "))
}
