//! What several kinds of file have in common: texts, header fields, settings.

use super::{ShapeError, Surroundings};
use crate::model::{ApiKeyAuth, Field, Settings};
use crate::yaml::merge::selected;
use crate::yaml::node::{Kind, Node};
use crate::yaml::value::Value;

/// Reads a text; a typed value, a structured text and the selected one of several variants are texts too.
pub fn text(node: Option<&Node>, what: &str) -> Result<String, ShapeError> {
    let Some(node) = node else { return Ok(String::new()) };
    match &node.target().kind {
        Kind::Scalar { .. } => Ok(node.text().unwrap_or_default().to_owned()),
        Kind::Mapping { .. } => {
            let inner = ["data", "content"].into_iter().find_map(|key| node.get(key));
            match inner {
                Some(inner) if inner.items().is_none() && inner.entries().is_empty() => text(Some(inner), what),
                _ => Err(ShapeError::at(node, format!("{what} must be a text"))),
            }
        }
        Kind::Sequence { items, .. } => match selected(items).and_then(|index| items[index].get("value")) {
            Some(value) if value.items().is_none() => text(Some(value), what),
            _ => Err(ShapeError::at(node, format!("{what} must be a text"))),
        },
        Kind::Alias(_) => Err(ShapeError::at(node, format!("{what} must be a text"))),
    }
}

/// Reads a list; nothing and null are empty lists.
pub fn list<'a, T>(
    node: Option<&'a Node>,
    what: &str,
    read: impl Fn(&'a Node) -> Result<T, ShapeError>,
) -> Result<Vec<T>, ShapeError> {
    match node {
        None => Ok(Vec::new()),
        Some(node) if node.is_null() => Ok(Vec::new()),
        Some(node) => {
            let items = node.items().ok_or_else(|| ShapeError::at(node, format!("{what} must be a list")))?;
            items.iter().map(|item| read(item)).collect()
        }
    }
}

/// Checks that a node is a mapping; nothing and null pass.
pub fn block<'a>(node: Option<&'a Node>, what: &str) -> Result<Option<&'a Node>, ShapeError> {
    match node {
        Some(node) if matches!(node.target().kind, Kind::Mapping { .. }) => Ok(Some(node)),
        Some(node) if !node.is_null() => Err(ShapeError::at(node, format!("{what} must be a block of keys"))),
        _ => Ok(None),
    }
}

/// Reads `{name, value, description, disabled}`.
pub fn field(node: &Node) -> Result<Field, ShapeError> {
    block(Some(node), "an entry of this list")?;
    Ok(Field {
        name: text(node.get("name"), "the name")?,
        value: text(node.get("value"), "the value")?,
        disabled: flag(node, "disabled"),
        description: text(node.get("description"), "the description")?,
    })
}

/// Writes `{name, value, description, disabled}`.
pub fn field_value(field: &Field) -> Value {
    Value::mapping([
        ("name", Some(Value::text(&field.name))),
        ("value", Some(Value::text(&field.value))),
        ("description", Value::some_text(&field.description)),
        ("disabled", Value::some_true(field.disabled)),
    ])
}

/// Reads a switch that is off where it is absent.
pub fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::flag).unwrap_or_default()
}

/// Where a file has what the model tells apart: the API key's header among the others, and headers to leave out.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    key_at: Option<usize>,
    omitted: Vec<String>,
    omitted_key: Option<usize>,
}

/// Reads header fields and tells the API key's from the others.
pub fn headers(
    headers: Option<&Node>,
    settings: Option<&Node>,
    around: &Surroundings,
) -> Result<(Vec<Field>, ApiKeyAuth, Layout), ShapeError> {
    let mut fields = list(headers, "headers", field)?;
    let omitted =
        list(settings.and_then(|node| node.get("omitHeaders")), "omitHeaders", |node| text(Some(node), "a name"))?;
    let omitted_key = omitted.iter().position(|name| around.is_key_header(name));
    let key_at = fields.iter().position(|field| !field.disabled && around.secret_in(&field.value).is_some());
    let key = match key_at {
        Some(index) => {
            let field = fields.remove(index);
            let variable = around.secret_in(&field.value).unwrap_or_default().to_owned();
            ApiKeyAuth::Send { header: field.name, variable }
        }
        None if omitted_key.is_some() => ApiKeyAuth::None,
        None => ApiKeyAuth::Inherit,
    };
    Ok((fields, key, Layout { key_at, omitted, omitted_key }))
}

/// Writes header fields with the API key's among them.
pub fn headers_value(fields: &[Field], key: &ApiKeyAuth, layout: &Layout) -> Option<Value> {
    let mut items: Vec<_> = fields.iter().map(field_value).collect();
    if let ApiKeyAuth::Send { header, variable } = key {
        let at = layout.key_at.unwrap_or(items.len()).min(items.len());
        items.insert(
            at,
            Value::mapping([
                ("name", Some(Value::text(header))),
                ("value", Some(Value::text(format!("{{{{{variable}}}}}")))),
            ]),
        );
    }
    Value::some_items(items)
}

/// Reads how requests are sent.
pub fn settings(node: Option<&Node>) -> Settings {
    let get = |key: &str| node.and_then(|node| node.get(key));
    Settings {
        timeout: get("timeout").and_then(whole),
        follow_redirects: get("followRedirects").and_then(Node::flag),
        max_redirects: get("maxRedirects").and_then(whole),
    }
}

/// Writes how requests are sent, and which headers are left out.
pub fn settings_value(settings: &Settings, key: &ApiKeyAuth, layout: &Layout, around: &Surroundings) -> Value {
    let mut omitted = layout.omitted.clone();
    match (key, layout.omitted_key) {
        (ApiKeyAuth::None, None) => omitted.push(around.key_header().to_owned()),
        (ApiKeyAuth::None, Some(_)) | (_, None) => {}
        (_, Some(index)) => {
            omitted.remove(index);
        }
    }
    let whole = |number: Option<u32>| number.map(|number| Value::number(number.into()));
    Value::mapping([
        ("timeout", whole(settings.timeout)),
        ("followRedirects", settings.follow_redirects.map(Value::flag)),
        ("maxRedirects", whole(settings.max_redirects)),
        ("omitHeaders", Value::some_items(omitted.into_iter().map(Value::Text).collect())),
    ])
}

fn whole(node: &Node) -> Option<u32> {
    match &node.target().kind {
        Kind::Scalar { text, .. } => text.parse().ok(),
        _ => None,
    }
}
