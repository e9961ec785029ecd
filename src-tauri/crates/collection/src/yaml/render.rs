//! Values in the canonical form of new files: two blanks of indentation, no folding, literal blocks for several lines.

use super::scalar;
use super::value::Value;

/// Writes a whole document, with a blank line before each block of the top level but the first.
pub fn document(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Mapping(entries) if !entries.is_empty() => {
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 && (is_block(value) || is_block(&entries[index - 1].1)) {
                    out.push('\n');
                }
                entry(&mut out, key, value, 0, "");
            }
        }
        value => after(&mut out, value, 0, ""),
    }
    out
}

/// Writes `key: value` and a line break. The cursor stands where the key begins, `indent` columns in; `comment` ends
/// the first line.
pub fn entry(out: &mut String, key: &str, value: &Value, indent: usize, comment: &str) {
    out.push_str(&scalar::inline(key));
    out.push(':');
    after(out, value, indent + 2, comment);
}

/// Writes `- value` and a line break. The cursor stands where the dash comes, `indent` columns in.
pub fn item(out: &mut String, value: &Value, indent: usize, comment: &str) {
    out.push('-');
    match value {
        Value::Mapping(entries) if !entries.is_empty() && comment.is_empty() => {
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push_str(&if index == 0 { " ".to_owned() } else { " ".repeat(indent + 2) });
                entry(out, key, value, indent + 2, "");
            }
        }
        value => after(out, value, indent + 2, comment),
    }
}

/// Writes a value behind a colon or dash. The lines below, if it takes any, get `indent`.
pub fn after(out: &mut String, value: &Value, indent: usize, comment: &str) {
    let margin = " ".repeat(indent);
    let mut head = |text: &str| {
        if !text.is_empty() {
            out.push(' ');
            out.push_str(text);
        }
        out.push_str(comment);
        out.push('\n');
    };
    match value {
        Value::Text(text) => match scalar::literal(text) {
            Some((header, lines)) => {
                head(header);
                for line in lines {
                    if !line.is_empty() {
                        out.push_str(&margin);
                        out.push_str(line);
                    }
                    out.push('\n');
                }
            }
            None => head(&scalar::inline(text)),
        },
        Value::Plain(text) => head(text),
        Value::Kept => head("null"),
        Value::Sequence(items) if items.is_empty() => head("[]"),
        Value::Mapping(entries) if entries.is_empty() => head("{}"),
        Value::Sequence(items) => {
            head("");
            for value in items {
                out.push_str(&margin);
                item(out, value, indent, "");
            }
        }
        Value::Mapping(entries) => {
            head("");
            for (key, value) in entries {
                out.push_str(&margin);
                entry(out, key, value, indent, "");
            }
        }
    }
}

fn is_block(value: &Value) -> bool {
    match value {
        Value::Sequence(items) => !items.is_empty(),
        Value::Mapping(entries) => !entries.is_empty(),
        Value::Text(text) => scalar::literal(text).is_some(),
        Value::Plain(_) | Value::Kept => false,
    }
}
