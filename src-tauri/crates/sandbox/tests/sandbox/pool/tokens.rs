//! The tokens themselves: form, claims and their order, lifetimes, signatures.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gatepass_sandbox::seed;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, jwk::JwkSet};
use rstest::rstest;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::browser::{START, Tokens, World, claim_names, claims, segment};

#[tokio::test]
async fn the_claims_stand_in_the_recorded_order() {
    let world = World::new().await;

    let tokens = world.tokens_of(seed::ADA, &[]).await;

    // Groups are what ada has beside the recorded user.
    let without_groups = |token: &str| -> Vec<String> {
        claim_names(token).into_iter().filter(|name| name != "cognito:groups").collect()
    };
    assert_eq!(
        without_groups(&tokens.id),
        [
            "at_hash",
            "sub",
            "email_verified",
            "iss",
            "phone_number_verified",
            "cognito:username",
            "aud",
            "token_use",
            "auth_time",
            "phone_number",
            "exp",
            "iat",
            "jti",
            "email"
        ]
    );
    assert_eq!(
        without_groups(&tokens.access),
        ["sub", "token_use", "scope", "auth_time", "iss", "exp", "iat", "version", "jti", "client_id", "username"]
    );
}

#[tokio::test]
async fn the_claims_tell_who_signed_in_where_and_when() {
    let world = World::new().await;
    let issuer = &world.sandbox.description().pool.issuer;

    let tokens = world.tokens_of(seed::ADA, &[("nonce", "the nonce")]).await;

    let (id, access) = (claims(&tokens.id), claims(&tokens.access));
    let now = START.as_secs();
    for (name, value) in [
        ("iss", json!(issuer)),
        ("aud", json!(seed::PUBLIC_CLIENT)),
        ("token_use", json!("id")),
        ("cognito:username", json!("ada")),
        ("cognito:groups", json!(["buyers", "beta"])),
        ("email", json!("ada@example.com")),
        ("email_verified", json!(true)),
        ("nonce", json!("the nonce")),
        ("auth_time", json!(now)),
        ("iat", json!(now)),
        ("exp", json!(now + 3_600)),
    ] {
        assert_eq!(id[name], value, "{name}");
    }
    for (name, value) in [
        ("iss", json!(issuer)),
        ("client_id", json!(seed::PUBLIC_CLIENT)),
        ("token_use", json!("access")),
        ("username", json!("ada")),
        ("scope", json!("openid email profile phone petstore/read")),
        ("version", json!(2)),
        ("exp", json!(now + 3_600)),
        ("sub", id["sub"].clone()),
    ] {
        assert_eq!(access[name], value, "{name}");
    }
    assert!(!access.contains_key("aud"));
    assert!(!id.contains_key("nbf") && !access.contains_key("nbf"));
}

#[tokio::test]
async fn at_hash_is_the_left_half_of_the_access_tokens_hash() {
    let world = World::new().await;

    let tokens = world.tokens_of(seed::ADA, &[]).await;

    let hash = Sha256::digest(&tokens.access);
    assert_eq!(claims(&tokens.id)["at_hash"], URL_SAFE_NO_PAD.encode(&hash[..16]));
}

#[tokio::test]
async fn a_header_has_kid_and_alg_only_and_slashes_are_escaped() {
    let world = World::new().await;

    let tokens = world.tokens_of(seed::ADA, &[]).await;

    let kids = [&tokens.id, &tokens.access].map(|token| {
        let header: Map<String, Value> = serde_json::from_str(&segment(token, 0)).unwrap();
        let names: Vec<&String> = header.keys().collect();
        assert_eq!(names, ["kid", "alg"]);
        assert_eq!(header["alg"], "RS256");
        header["kid"].as_str().unwrap().to_owned()
    });
    assert_ne!(kids[0], kids[1]);
    assert!(segment(&tokens.id, 1).contains(r#""iss":"http:\/\/127.0.0.1:"#));
    assert!(!segment(&tokens.access, 1).replace(r"\/", "").contains('/'));
}

#[tokio::test]
async fn both_tokens_verify_with_the_published_keys() {
    let world = World::new().await;
    let tokens = world.tokens_of(seed::ADA, &[]).await;

    let keys = world.browser.get(&format!("/{}/.well-known/jwks.json", seed::POOL_ID)).await;
    let keys: JwkSet = serde_json::from_str(&keys.body).unwrap();

    for token in [&tokens.id, &tokens.access] {
        let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
        let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
        let mut signature_only = Validation::new(Algorithm::RS256);
        signature_only.validate_exp = false;
        signature_only.validate_aud = false;
        assert!(decode::<Value>(token, &key, &signature_only).is_ok());
    }
}

#[rstest]
#[case::no_openid(&[("scope", "email")], false)]
#[case::openid(&[("scope", "openid")], true)]
#[case::all_where_none_is_asked_for(&[("scope", "")], true)]
#[tokio::test]
async fn an_id_token_comes_only_with_openid(#[case] changes: &[(&str, &str)], #[case] comes: bool) {
    let world = World::new().await;

    let location = world.browser.sign_in(seed::ADA, changes).await.location();

    let tokens = Tokens::from_fragment(&location);
    assert_eq!((location.contains("id_token="), tokens.id.is_empty()), (comes, !comes));
    assert!(!tokens.access.is_empty());
}

#[rstest]
#[case("openid email", true, false)]
#[case("openid phone", false, true)]
#[case("openid profile", false, false)]
#[case("openid", true, true)]
#[tokio::test]
async fn attributes_follow_the_scopes(#[case] scope: &str, #[case] email: bool, #[case] phone: bool) {
    let world = World::new().await;

    let id = claims(&world.tokens_of(seed::ADA, &[("scope", scope)]).await.id);

    assert_eq!((id.contains_key("email"), id.contains_key("phone_number")), (email, phone));
}

#[tokio::test]
async fn lifetimes_can_be_shortened_each_by_itself() {
    let world = World::with(|options| {
        options.id_token = Duration::from_secs(5);
        options.access_token = Duration::from_secs(7);
    })
    .await;

    let location = world.browser.sign_in(seed::ADA, &[]).await.location();

    let tokens = Tokens::from_fragment(&location);
    let life = |token: &str| claims(token)["exp"].as_u64().unwrap() - START.as_secs();
    assert_eq!([life(&tokens.id), life(&tokens.access)], [5, 7]);
    assert!(location.contains("&expires_in=7&"));
}

#[tokio::test]
async fn a_resource_becomes_the_access_tokens_audience() {
    let world = World::new().await;

    let tokens = world.tokens_of(seed::ADA, &[("resource", "https://api.example.com")]).await;

    assert_eq!(claims(&tokens.access)["aud"], "https://api.example.com");
}

#[tokio::test]
async fn tokens_are_about_as_long_as_the_real_ones() {
    let world = World::new().await;

    let tokens = world.tokens_of(seed::GRACE, &[]).await;

    assert!((900..1_200).contains(&tokens.id.len()), "{}", tokens.id.len());
    assert!((800..1_100).contains(&tokens.access.len()), "{}", tokens.access.len());
}
