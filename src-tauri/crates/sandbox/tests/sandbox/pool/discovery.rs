//! The issuer's documents.

use gatepass_sandbox::seed;
use serde_json::json;

use crate::browser::World;

#[tokio::test]
async fn the_configuration_tells_every_endpoint_with_its_keys_sorted() {
    let world = World::new().await;
    let pool = &world.sandbox.description().pool;
    let path = pool.issuer.strip_prefix(&pool.domain).unwrap();

    let answer = world.browser.get(&format!("{path}/.well-known/openid-configuration")).await;

    let body = answer.json();
    let names: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert!(names.is_sorted(), "{names:?}");
    for (name, value) in [
        ("issuer", json!(pool.issuer)),
        ("authorization_endpoint", json!(format!("{}/oauth2/authorize", pool.domain))),
        ("token_endpoint", json!(format!("{}/oauth2/token", pool.domain))),
        ("userinfo_endpoint", json!(format!("{}/oauth2/userInfo", pool.domain))),
        ("revocation_endpoint", json!(format!("{}/oauth2/revoke", pool.domain))),
        ("end_session_endpoint", json!(format!("{}/logout", pool.domain))),
        ("jwks_uri", json!(format!("{}/.well-known/jwks.json", pool.issuer))),
        ("id_token_signing_alg_values_supported", json!(["RS256"])),
        ("response_types_supported", json!(["code", "token"])),
        ("scopes_supported", json!(["openid", "email", "phone", "profile"])),
        ("subject_types_supported", json!(["public"])),
        ("token_endpoint_auth_methods_supported", json!(["client_secret_basic", "client_secret_post"])),
    ] {
        assert_eq!(body[name], value, "{name}");
    }
}

#[tokio::test]
async fn there_are_two_keys_with_ids_of_44_characters() {
    let world = World::new().await;

    let answer = world.browser.get(&format!("/{}/.well-known/jwks.json", seed::POOL_ID)).await;

    let keys = answer.json()["keys"].as_array().unwrap().clone();
    for key in &keys {
        let names: Vec<&String> = key.as_object().unwrap().keys().collect();
        assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
        assert_eq!((&key["alg"], &key["kty"], &key["use"]), (&json!("RS256"), &json!("RSA"), &json!("sig")));
        assert_eq!(key["kid"].as_str().unwrap().len(), 44);
        assert_eq!(key["n"].as_str().unwrap().len(), 342, "2048 bits");
    }
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0]["kid"], keys[1]["kid"]);
}

#[tokio::test]
async fn the_documents_are_the_issuers_and_not_the_login_domains() {
    let world = World::new().await;

    assert_eq!(world.browser.get("/.well-known/openid-configuration").await.status, 404);
    assert_eq!(world.browser.get("/.well-known/jwks.json").await.status, 404);
}
