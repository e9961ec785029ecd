//! A request's file.

use super::auth::{self, Level};
use super::parts::{self, Layout, block, list, text};
use super::{PoolFacts, ShapeError, Surroundings, body};
use crate::model::{Auth, Parameter, ParameterPlace, Request};
use crate::yaml::node::Node;
use crate::yaml::value::Value;

/// A request with where its file has what.
#[derive(Debug, Clone, Default)]
pub struct StoredRequest {
    pub request: Request,
    layout: Layout,
}

/// Reads a request's file; `stem` is its label where it has none.
pub fn read(root: &Node, stem: &str, around: &Surroundings) -> Result<StoredRequest, ShapeError> {
    block(Some(root), "a request")?;
    let info = block(root.get("info"), "info")?;
    let http = block(root.get("http"), "http")?;
    let settings = block(root.get("settings"), "settings")?;
    let get = |key: &str| http.and_then(|http| http.get(key));
    let (headers, api_key, layout) = parts::headers(get("headers"), settings, around)?;
    let name = text(info.and_then(|info| info.get("name")), "the name")?;
    let method = text(get("method"), "the method")?;
    let request = Request {
        name: if name.is_empty() { stem.to_owned() } else { name },
        method: if method.is_empty() { "GET".to_owned() } else { method },
        url: text(get("url"), "the url")?,
        params: list(get("params"), "params", parameter)?,
        headers,
        auth: Auth { token: auth::read(get("auth"), Level::Request)?, api_key },
        body: body::read(get("body"))?,
        settings: parts::settings(settings),
        docs: text(root.get("docs"), "docs")?,
    };
    Ok(StoredRequest { request, layout })
}

impl StoredRequest {
    /// Writes a request as this file would have it.
    pub fn write(&self, request: &Request, facts: Option<&PoolFacts>, around: &Surroundings) -> Value {
        let params = request.params.iter().map(parameter_value).collect();
        Value::mapping([
            (
                "info",
                Some(Value::mapping([("name", Some(Value::text(&request.name))), ("type", Some(Value::text("http")))])),
            ),
            (
                "http",
                Some(Value::mapping([
                    ("method", Some(Value::text(&request.method))),
                    ("url", Some(Value::text(&request.url))),
                    ("headers", parts::headers_value(&request.headers, &request.auth.api_key, &self.layout)),
                    ("params", Value::some_items(params)),
                    ("body", body::write(&request.body)),
                    ("auth", auth::write(&request.auth.token, Level::Request, facts)),
                ])),
            ),
            ("settings", Some(parts::settings_value(&request.settings, &request.auth.api_key, &self.layout, around))),
            ("docs", Value::some_text(&request.docs)),
        ])
    }
}

/// Sets `info.seq` in a value that is written as a new file.
pub fn with_sequence(value: Value, sequence: f64) -> Value {
    let Value::Mapping(mut entries) = value else { return value };
    for (key, info) in &mut entries {
        if let ("info", Value::Mapping(info)) = (key.as_str(), info) {
            info.push(("seq".to_owned(), Value::number(sequence)));
        }
    }
    Value::Mapping(entries)
}

fn parameter(node: &Node) -> Result<Parameter, ShapeError> {
    let field = parts::field(node)?;
    let place = match node.get("type").and_then(Node::text) {
        Some("path") => ParameterPlace::Path,
        _ => ParameterPlace::Query,
    };
    Ok(Parameter {
        place,
        name: field.name,
        value: field.value,
        disabled: field.disabled,
        description: field.description,
    })
}

fn parameter_value(parameter: &Parameter) -> Value {
    let place = match parameter.place {
        ParameterPlace::Query => "query",
        ParameterPlace::Path => "path",
    };
    Value::mapping([
        ("name", Some(Value::text(&parameter.name))),
        ("value", Some(Value::text(&parameter.value))),
        ("type", Some(Value::text(place))),
        ("description", Value::some_text(&parameter.description)),
        ("disabled", Value::some_true(parameter.disabled)),
    ])
}
