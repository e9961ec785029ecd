//! The `body` block.

use super::ShapeError;
use super::parts::{block, field, field_value, flag, list, text};
use crate::model::{Body, Part};
use crate::yaml::merge::selected;
use crate::yaml::node::{Kind, Node};
use crate::yaml::value::Value;

/// Reads a `body` block; of several variants the selected one.
pub fn read(node: Option<&Node>) -> Result<Body, ShapeError> {
    let Some(node) = node.filter(|node| !node.is_null()) else { return Ok(Body::None) };
    if let Some(items) = node.items() {
        return read(selected(items).and_then(|index| items[index].get("body")));
    }
    block(Some(node), "body")?;
    let data = node.get("data");
    let kind = node.get("type").and_then(Node::text).unwrap_or_default();
    Ok(match kind {
        "none" => Body::None,
        "json" => Body::Json { text: text(data, "the data of the body")? },
        "text" => Body::Text { text: text(data, "the data of the body")? },
        "xml" => Body::Xml { text: text(data, "the data of the body")? },
        "form-urlencoded" => Body::Form { fields: list(data, "the data of the body", field)? },
        "multipart-form" => {
            let parts = list(data, "the data of the body", parts)?;
            Body::Multipart { parts: parts.into_iter().flatten().collect() }
        }
        "file" => {
            let files = list(data, "the data of the body", Ok)?;
            let chosen = data.and_then(Node::items).and_then(selected).and_then(|index| files.get(index));
            Body::File {
                path: text(chosen.and_then(|file| file.get("filePath")), "the path")?,
                content_type: text(chosen.and_then(|file| file.get("contentType")), "the content type")?,
            }
        }
        kind => Body::Foreign { body_type: kind.to_owned() },
    })
}

/// Writes a `body` block.
pub fn write(body: &Body) -> Option<Value> {
    let (kind, data) = match body {
        Body::None => return None,
        Body::Foreign { .. } => return Some(Value::Kept),
        Body::Json { text } => ("json", Value::text(text)),
        Body::Text { text } => ("text", Value::text(text)),
        Body::Xml { text } => ("xml", Value::text(text)),
        Body::Form { fields } => ("form-urlencoded", Value::Sequence(fields.iter().map(field_value).collect())),
        Body::Multipart { parts } => ("multipart-form", Value::Sequence(parts.iter().map(part_value).collect())),
        Body::File { path, content_type } => (
            "file",
            Value::Sequence(vec![Value::mapping([
                ("filePath", Some(Value::text(path))),
                ("contentType", Some(Value::text(content_type))),
                ("selected", Some(Value::flag(true))),
            ])]),
        ),
    };
    Some(Value::mapping([("type", Some(Value::text(kind))), ("data", Some(data))]))
}

/// Reads a part; one with several files becomes several parts of the same name.
fn parts(node: &Node) -> Result<Vec<Part>, ShapeError> {
    block(Some(node), "a part of the body")?;
    let value = node.get("value");
    let mut values = match value.map(|value| &value.target().kind) {
        Some(Kind::Sequence { .. }) => list(value, "the value", |item| text(Some(item), "the value"))?,
        _ => vec![text(value, "the value")?],
    };
    if values.is_empty() {
        values.push(String::new());
    }
    let part = Part {
        name: text(node.get("name"), "the name")?,
        value: String::new(),
        file: node.get("type").and_then(Node::text) == Some("file"),
        content_type: text(node.get("contentType"), "the content type")?,
        disabled: flag(node, "disabled"),
    };
    Ok(values.into_iter().map(|value| Part { value, ..part.clone() }).collect())
}

/// A file's path stands in a list, as Bruno wants it.
fn part_value(part: &Part) -> Value {
    let value = match (part.file, part.value.is_empty()) {
        (false, _) => Value::text(&part.value),
        (true, true) => Value::Sequence(Vec::new()),
        (true, false) => Value::Sequence(vec![Value::text(&part.value)]),
    };
    Value::mapping([
        ("name", Some(Value::text(&part.name))),
        ("type", Some(Value::text(if part.file { "file" } else { "text" }))),
        ("value", Some(value)),
        ("contentType", Value::some_text(&part.content_type)),
        ("disabled", Value::some_true(part.disabled)),
    ])
}
