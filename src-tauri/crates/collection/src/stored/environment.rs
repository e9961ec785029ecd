//! An environment's file.

use super::ShapeError;
use super::parts::{block, flag, list, text};
use crate::model::{Environment, Variable};
use crate::yaml::node::Node;
use crate::yaml::value::Value;

/// Reads an environment; `stem` is its name where it has none.
pub fn read(root: &Node, stem: &str) -> Result<Environment, ShapeError> {
    block(Some(root), "an environment")?;
    let name = text(root.get("name"), "the name")?;
    Ok(Environment {
        name: if name.is_empty() { stem.to_owned() } else { name },
        variables: list(root.get("variables"), "variables", variable)?,
    })
}

/// Writes an environment; never a secret's value.
pub fn write(environment: &Environment) -> Value {
    Value::mapping([
        ("name", Some(Value::text(&environment.name))),
        ("variables", Value::some_items(environment.variables.iter().map(variable_value).collect())),
    ])
}

fn variable(node: &Node) -> Result<Variable, ShapeError> {
    block(Some(node), "a variable")?;
    let secret = flag(node, "secret");
    Ok(Variable {
        name: text(node.get("name"), "the name")?,
        value: if secret { String::new() } else { text(node.get("value"), "the value")? },
        secret,
        disabled: flag(node, "disabled"),
    })
}

fn variable_value(variable: &Variable) -> Value {
    let plain = !variable.secret;
    Value::mapping([
        ("secret", Value::some_true(variable.secret)),
        ("name", Some(Value::text(&variable.name))),
        ("value", plain.then(|| Value::text(&variable.value))),
        ("disabled", Value::some_true(variable.disabled)),
    ])
}
