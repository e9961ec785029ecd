//! The exported definitions.

use gatepass_sandbox::seed;
use rstest::rstest;
use serde_json::{Value, json};

use crate::browser::World;

async fn export(world: &World, query: &str) -> Value {
    let url = &world.sandbox.description().gateway.definition_url;
    let path = url.strip_prefix(world.sandbox.gateway_origin()).unwrap();
    world.fetch(&format!("{path}{query}"), &[]).await.json()
}

fn cognito() -> Value {
    json!({
        "type": "apiKey",
        "name": "dev-auth-token",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_SandBox01"],
        },
    })
}

#[tokio::test]
async fn openapi_tells_the_server_the_schemes_and_what_a_method_needs() {
    let world = World::new().await;

    let document = export(&world, "").await;

    assert_eq!(document["openapi"], "3.0.1");
    assert_eq!(document["info"]["title"], "PetStore");
    let server = &document["servers"][0];
    assert_eq!(server["url"], format!("{}/{{basePath}}", world.sandbox.gateway_origin()));
    assert_eq!(server["variables"]["basePath"]["default"], "/dev");
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["CognitoAuth"], cognito());
    assert_eq!(schemes["api_key"], json!({ "type": "apiKey", "name": "x-api-key", "in": "header" }));
    assert_eq!(schemes["sigv4"]["x-amazon-apigateway-authtype"], "awsSigv4");
    assert_eq!(schemes["LambdaThatdenies"]["x-amazon-apigateway-authorizer"]["type"], "token");
    let paths = &document["paths"];
    assert_eq!(paths["/pets"]["get"]["security"], json!([{ "CognitoAuth": [] }, { "api_key": [] }]));
    assert_eq!(paths["/scoped/pets"]["get"]["security"], json!([{ "CognitoAuth": [seed::READ_SCOPE] }]));
    assert_eq!(paths["/public/pets"]["get"]["security"], Value::Null);
    assert_eq!(paths["/pets/{petId}"]["get"]["parameters"][0]["name"], "petId");
    assert_eq!(
        paths["/pets"]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/Pet"
    );
}

#[tokio::test]
async fn swagger_tells_host_base_path_and_the_same_schemes() {
    let world = World::new().await;

    let document = export(&world, "?format=swagger").await;

    assert_eq!(document["swagger"], "2.0");
    assert_eq!(format!("http://{}", document["host"].as_str().unwrap()), world.sandbox.gateway_origin());
    assert_eq!((&document["basePath"], &document["schemes"]), (&json!("/dev"), &json!(["http"])));
    assert_eq!(document["securityDefinitions"]["CognitoAuth"], cognito());
    assert_eq!(document["paths"]["/pets"]["get"]["security"], json!([{ "CognitoAuth": [] }, { "api_key": [] }]));
    assert_eq!(document["paths"]["/pets"]["post"]["parameters"][0]["in"], "body");
    assert_eq!(document["paths"]["/validated"]["get"]["parameters"][0]["type"], "string");
}

#[rstest]
#[case("?extensions=none", "/components/securitySchemes")]
#[case("?extensions=none&format=swagger", "/securityDefinitions")]
#[tokio::test]
async fn an_export_without_extensions_keeps_name_and_type_only(#[case] query: &str, #[case] schemes: &str) {
    let world = World::new().await;

    let document = export(&world, query).await;

    let mut scheme = cognito();
    scheme.as_object_mut().unwrap().remove("x-amazon-apigateway-authorizer");
    assert_eq!(document.pointer(schemes).unwrap()["CognitoAuth"], scheme);
    assert!(!document.to_string().contains("x-amazon-apigateway-integration"));
}

#[tokio::test]
async fn the_token_source_is_the_schemes_name() {
    let world = World::with(|options| options.token_source = "X-Token".to_owned()).await;

    assert_eq!(export(&world, "").await["components"]["securitySchemes"]["CognitoAuth"]["name"], "X-Token");
}

#[tokio::test]
async fn the_http_api_tells_its_issuer_and_audience() {
    let world = World::new().await;

    let document = export(&world, "?api=http").await;

    let authorizer = &document["components"]["securitySchemes"]["JwtAuth"]["x-amazon-apigateway-authorizer"];
    assert_eq!(
        (&authorizer["type"], &authorizer["identitySource"]),
        (&json!("jwt"), &json!("$request.header.Authorization"))
    );
    let configuration = json!({ "audience": [seed::PUBLIC_CLIENT], "issuer": world.sandbox.description().pool.issuer });
    assert_eq!(authorizer["jwtConfiguration"], configuration);
    assert_eq!(document["servers"][0]["url"], world.sandbox.http_api_url());
    assert_eq!(document["paths"]["/pets"]["get"]["security"], json!([{ "JwtAuth": [] }]));
}

#[tokio::test]
async fn every_exported_method_is_there_and_answers() {
    let world = World::with(|options| options.integration_timeout = std::time::Duration::from_millis(20)).await;

    let document = export(&world, "").await;

    for (path, methods) in document["paths"].as_object().unwrap() {
        for verb in methods.as_object().unwrap().keys() {
            let path = format!("/dev{}", path.replace("{petId}", "1"));
            let answer = world.call(&verb.to_ascii_uppercase(), &path, &[], "").await;
            let missing = answer.header("x-amzn-errortype") == "MissingAuthenticationTokenException";
            assert!(!missing || path == "/dev/iam/pets", "{verb} {path}");
        }
    }
}
