//! The PetStore's own replies.

use gatepass_sandbox::seed;
use rstest::rstest;

use crate::{browser::World, gateway::call::is_numbered};

const OUT_OF_RANGE: &str = r#"{"errors":[{"key":"GetPetRequest.petId","message":"The value is out of range."}]}"#;

async fn petstore(verb: &str, path: &str, body: &'static str) -> (u16, String) {
    let world = World::new().await;
    let token = world.tokens_of(seed::ADA, &[]).await.id;
    let headers = [("dev-auth-token", token.as_str()), ("x-api-key", seed::KEY), ("content-type", "application/json")];
    let answer = world.call(verb, path, &headers, body).await;
    assert_eq!(answer.header("content-type"), "application/json");
    is_numbered(&answer);
    (answer.status, answer.body)
}

#[rstest]
#[case("/dev/pets", r#"[{"id":1,"type":"dog","price":249.99},{"id":2,"type":"cat","price":124.99},{"id":3,"type":"fish","price":0.99}]"#)]
#[case("/dev/pets/", r#"[{"id":1,"type":"dog","price":249.99},{"id":2,"type":"cat","price":124.99},{"id":3,"type":"fish","price":0.99}]"#)]
#[case("/dev/pets?type=cat&page=2", r#"[{"id":4,"type":"cat","price":999.99},{"id":5,"type":"cat","price":249.99},{"id":6,"type":"cat","price":49.97}]"#)]
#[case("/dev/pets?type=a%22b", r#"[{"id":1,"type":"a\"b","price":249.99},{"id":2,"type":"a\"b","price":124.99},{"id":3,"type":"a\"b","price":0.99}]"#)]
#[case("/dev/pets/1", r#"{"id":1,"type":"dog","price":249.99}"#)]
#[case("/dev/pets/-1", OUT_OF_RANGE)]
#[case("/dev/pets/0", OUT_OF_RANGE)]
#[tokio::test]
async fn pets_are_read(#[case] path: &str, #[case] body: &str) {
    assert_eq!(petstore("GET", path, "").await, (200, body.to_owned()));
}

#[rstest]
#[case(r#"{"type":"dog","price":249.99}"#, r#"{"pet":{"type":"dog","price":249.99},"message":"success"}"#)]
#[case(
    r#"{"type":"gecko","price":1.10000000000000000001}"#,
    r#"{"pet":{"type":"gecko","price":1.10000000000000000001},"message":"success"}"#
)]
#[case("{}", r#"{"errors":[{"key":"Pet2.type","message":"Missing required field"},{"key":"Pet2.price","message":"Missing required field"}]}"#)]
#[case(r#"{"type":"dog"}"#, r#"{"errors":[{"key":"Pet2.price","message":"Missing required field"}]}"#)]
#[case(
    r#"{"type":"crocodile","price":1}"#,
    r#"{"errors":[{"key":"Pet2.type","message":"The value is out of range."}]}"#
)]
#[tokio::test]
async fn a_pet_is_taken_and_not_stored(#[case] pet: &'static str, #[case] body: &str) {
    assert_eq!(petstore("POST", "/dev/pets", pet).await, (200, body.to_owned()));
}

#[rstest]
#[case("/dev", "dev")]
#[case("/dev/", "dev")]
#[case("/test", "test")]
#[tokio::test]
async fn the_welcome_page_links_to_the_pets_of_its_stage(#[case] path: &str, #[case] stage: &str) {
    let world = World::new().await;

    let answer = world.fetch(path, &[]).await;

    assert_eq!((answer.status, answer.header("content-type")), (200, "text/html"));
    assert!(answer.body.contains("Welcome to your Pet Store API"));
    assert!(answer.body.contains(&format!("href=\"/{stage}/pets/\"")));
    assert!(answer.body.contains(&format!("href=\"/{stage}/pets/1\"")));
}

#[rstest]
#[case("/dev/pets", "POST,GET,OPTIONS")]
#[case("/dev/pets/1", "GET,OPTIONS")]
#[tokio::test]
async fn cross_origin_calls_are_allowed_but_not_with_a_token_header_of_ones_own(
    #[case] path: &str,
    #[case] methods: &str,
) {
    let world = World::new().await;

    let answer = world.call("OPTIONS", path, &[("origin", "https://example.com")], "").await;

    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-methods"), methods);
    assert_eq!(answer.header("access-control-allow-headers"), "Content-Type,X-Amz-Date,Authorization,X-Api-Key");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}
