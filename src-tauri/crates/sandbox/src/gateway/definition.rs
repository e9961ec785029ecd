//! The API's exported definition: OpenAPI 3.0.1 or Swagger 2, with the gateway's extensions or without.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use http::StatusCode;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::{
    Gateway, http_api,
    integration::Integration,
    reply::json_text,
    route::{Access, METHODS, Method},
};
use crate::seed;

/// Where the definition is on the gateway's origin.
pub const PATH: &str = "/definition";

/// What an export is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Export {
    swagger: bool,
    extensions: bool,
}

/// Exports the REST API: `?format=swagger` for Swagger 2, `?extensions=none` without the gateway's extensions; or with
/// `?api=http` the HTTP API.
pub async fn get(State(gateway): State<Arc<Gateway>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let is = |name: &str, value: &str| {
        form_urlencoded::parse(query.as_bytes()).any(|pair| pair == (name.into(), value.into()))
    };
    let export = Export { swagger: is("format", "swagger"), extensions: !is("extensions", "none") };
    let document = if is("api", "http") {
        gateway.http_api_definition()
    } else if export.swagger {
        gateway.swagger(export)
    } else {
        gateway.openapi(export)
    };
    json_text(StatusCode::OK, format!("{document:#}"))
}

impl Gateway {
    fn swagger(&self, export: Export) -> Value {
        let host = self.origin.trim_start_matches("http://");
        json!({
            "swagger": "2.0",
            "info": info("PetStore"),
            "host": host,
            "basePath": format!("/{}", seed::STAGE),
            "schemes": ["http"],
            "paths": paths(export),
            "securityDefinitions": self.security_schemes(export),
            "definitions": { "Pet": pet_model() },
        })
    }

    fn openapi(&self, export: Export) -> Value {
        json!({
            "openapi": "3.0.1",
            "info": info("PetStore"),
            "servers": [{
                "url": format!("{}/{{basePath}}", self.origin),
                "variables": { "basePath": { "default": format!("/{}", seed::STAGE) } },
            }],
            "paths": paths(export),
            "components": {
                "schemas": { "Pet": pet_model() },
                "securitySchemes": self.security_schemes(export),
            },
        })
    }

    fn security_schemes(&self, export: Export) -> Value {
        let mut schemes = Map::new();
        for method in &METHODS {
            if let Some((name, scheme)) = self.security_scheme(method.access, export) {
                schemes.insert(name, scheme);
            }
        }
        schemes.insert("api_key".to_owned(), json!({ "type": "apiKey", "name": "x-api-key", "in": "header" }));
        Value::Object(schemes)
    }

    fn security_scheme(&self, access: Access, export: Export) -> Option<(String, Value)> {
        let scheme = |header: &str, kind: &str, authorizer: Option<Value>| {
            let mut scheme = json!({
                "type": "apiKey", "name": header, "in": "header", "x-amazon-apigateway-authtype": kind,
            });
            if let (Some(authorizer), true) = (authorizer, export.extensions) {
                scheme["x-amazon-apigateway-authorizer"] = authorizer;
            }
            scheme
        };
        let scheme = match access {
            Access::Open => return None,
            Access::Iam => scheme("Authorization", "awsSigv4", None),
            Access::Cognito { client, .. } => {
                let arn = format!("arn:aws:cognito-idp:{}:{}:userpool/{}", seed::REGION, seed::ACCOUNT, seed::POOL_ID);
                let mut authorizer = json!({ "type": "cognito_user_pools", "providerARNs": [arn] });
                if let Some(client) = client {
                    authorizer["identityValidationExpression"] = json!(format!("^{client}$"));
                }
                scheme(&self.options.token_source, "cognito_user_pools", Some(authorizer))
            }
            Access::Lambda(function) => {
                let arn = format!(
                    "arn:aws:apigateway:{0}:lambda:path/2015-03-31/functions/arn:aws:lambda:{0}:{1}:function:{2}/invocations",
                    seed::REGION,
                    seed::ACCOUNT,
                    function.name()
                );
                let authorizer = json!({ "type": "token", "authorizerUri": arn, "authorizerResultTtlInSeconds": 300 });
                scheme("Authorization", "custom", Some(authorizer))
            }
        };
        Some((scheme_name(access)?, scheme))
    }

    fn http_api_definition(&self) -> Value {
        let mut paths = Map::new();
        for route in http_api::ROUTES {
            let mut operation = json!({ "responses": { "default": { "description": "Pets" } } });
            if let Some(scopes) = route.scopes {
                operation["security"] = json!([{ "JwtAuth": scopes }]);
            }
            paths.insert(route.path.to_owned(), json!({ "get": operation }));
        }
        let issuer = self.authorizer.issuer();
        json!({
            "openapi": "3.0.1",
            "info": info("PetStore HTTP API"),
            "servers": [{ "url": format!("{}{}", self.origin, http_api::BASE_PATH) }],
            "paths": paths,
            "components": { "securitySchemes": { "JwtAuth": {
                "type": "oauth2",
                "flows": {},
                "x-amazon-apigateway-authorizer": {
                    "type": "jwt",
                    "identitySource": "$request.header.Authorization",
                    "jwtConfiguration": { "audience": [seed::PUBLIC_CLIENT], "issuer": issuer },
                },
            } } },
        })
    }
}

fn paths(export: Export) -> Value {
    let mut paths = Map::new();
    for method in &METHODS {
        let path = paths.entry(method.path).or_insert_with(|| json!({}));
        path[method.verb.to_ascii_lowercase()] = operation(method, export);
    }
    Value::Object(paths)
}

fn operation(method: &Method, export: Export) -> Value {
    let mut operation = Map::new();
    operation.insert("summary".to_owned(), method.summary.into());
    if export.swagger {
        operation.insert("produces".to_owned(), json!([produces(method)]));
    }
    let parameters = parameters(method, export);
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    if takes_pet(method) && !export.swagger {
        let body = json!({
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Pet" } } },
            "required": true,
        });
        operation.insert("requestBody".to_owned(), body);
    }
    operation.insert("responses".to_owned(), json!({ "200": { "description": "200 response" } }));
    let security = security(method);
    if !security.is_empty() {
        operation.insert("security".to_owned(), security.into());
    }
    if export.extensions {
        let integration = match method.integration {
            Integration::Welcome | Integration::Cors(_) | Integration::Received => json!({ "type": "mock" }),
            _ => json!({ "type": "http", "httpMethod": method.verb, "uri": "http://petstore.example/petstore" }),
        };
        operation.insert("x-amazon-apigateway-integration".to_owned(), integration);
    }
    Value::Object(operation)
}

fn parameters(method: &Method, export: Export) -> Vec<Value> {
    let described = |name: &str, place: &str, required: bool| {
        let mut parameter = json!({ "name": name, "in": place, "required": required });
        if export.swagger {
            parameter["type"] = json!("string");
        } else {
            parameter["schema"] = json!({ "type": "string" });
        }
        parameter
    };
    let optional: &[&str] = if method.integration == Integration::ListPets { &["type", "page"] } else { &[] };
    let mut parameters: Vec<Value> = method
        .path_parameters()
        .map(|name| described(name, "path", true))
        .chain(method.required.iter().map(|name| described(name, "query", true)))
        .chain(optional.iter().map(|name| described(name, "query", false)))
        .collect();
    if takes_pet(method) && export.swagger {
        parameters.push(json!({
            "name": "Pet", "in": "body", "required": true, "schema": { "$ref": "#/definitions/Pet" },
        }));
    }
    parameters
}

/// Lists what a method asks for: on the gateway all of it, though OpenAPI reads the list as alternatives.
fn security(method: &Method) -> Vec<Value> {
    let scopes = if let Access::Cognito { scopes, .. } = method.access { scopes } else { &[] };
    let named = |name: String, scopes: &[&str]| Value::Object(Map::from_iter([(name, json!(scopes))]));
    scheme_name(method.access)
        .map(|name| named(name, scopes))
        .into_iter()
        .chain(method.api_key.then(|| named("api_key".to_owned(), &[])))
        .collect()
}

fn scheme_name(access: Access) -> Option<String> {
    match access {
        Access::Open => None,
        Access::Iam => Some("sigv4".to_owned()),
        Access::Cognito { client: None, .. } => Some("CognitoAuth".to_owned()),
        Access::Cognito { client: Some(_), .. } => Some("CognitoAuthOfOneClient".to_owned()),
        Access::Lambda(function) => Some(format!("LambdaThat{}", function.name())),
    }
}

fn takes_pet(method: &Method) -> bool {
    method.pet_model || method.integration == Integration::CreatePet
}

fn produces(method: &Method) -> &'static str {
    if method.integration == Integration::Welcome { "text/html" } else { "application/json" }
}

fn info(title: &str) -> Value {
    json!({ "title": title, "version": "1.0" })
}

fn pet_model() -> Value {
    json!({
        "type": "object",
        "required": ["type", "price"],
        "properties": {
            "type": { "type": "string", "enum": ["dog", "cat", "fish", "bird", "gecko"] },
            "price": { "type": "number" },
        },
    })
}
