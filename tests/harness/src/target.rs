//! What a person points at: by role and name, by label, by text, by test id, or by CSS.

use serde_json::{Value, json};

/// The script that finds the visible elements a target means, in document order.
pub(crate) const LOCATE: &str = include_str!("locate.js");

/// An element on the page, described as a person would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    steps: Vec<Step>,
    nth: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Css(String),
    Label(String),
    Role(String, String),
    TestId(String),
    Text(String),
}

/// Means the elements of a CSS selector.
pub fn css(selector: impl Into<String>) -> Target {
    Target::of(Step::Css(selector.into()))
}

/// Means the field with an accessible name: its label, `aria-label` or placeholder.
pub fn label(name: impl Into<String>) -> Target {
    Target::of(Step::Label(name.into()))
}

/// Means the elements of an ARIA role with an accessible name; an exact name goes before a part of one.
pub fn role(role: impl Into<String>, name: impl Into<String>) -> Target {
    Target::of(Step::Role(role.into(), name.into()))
}

/// Means the elements with a `data-testid`.
pub fn test_id(id: impl Into<String>) -> Target {
    Target::of(Step::TestId(id.into()))
}

/// Means the innermost elements that show a text, blanks run together.
pub fn text(shown: impl Into<String>) -> Target {
    Target::of(Step::Text(shown.into()))
}

impl Target {
    fn of(step: Step) -> Self {
        Self { steps: vec![step], nth: 0 }
    }

    /// Looks only inside another target.
    #[must_use]
    pub fn within(mut self, outer: Self) -> Self {
        let mut steps = outer.steps;
        steps.append(&mut self.steps);
        Self { steps, nth: self.nth }
    }

    /// Means the n-th of several, counted from nought.
    #[must_use]
    pub fn nth(mut self, index: usize) -> Self {
        self.nth = index;
        self
    }

    pub(crate) fn index(&self) -> usize {
        self.nth
    }

    pub(crate) fn to_json(&self) -> Value {
        let steps = self.steps.iter().map(|step| match step {
            Step::Css(selector) => json!({ "kind": "css", "value": selector }),
            Step::Label(name) => json!({ "kind": "label", "value": name }),
            Step::Role(role, name) => json!({ "kind": "role", "role": role, "value": name }),
            Step::TestId(id) => json!({ "kind": "testid", "value": id }),
            Step::Text(shown) => json!({ "kind": "text", "value": shown }),
        });
        Value::Array(steps.collect())
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, step) in self.steps.iter().enumerate().rev() {
            match step {
                Step::Css(selector) => write!(out, "`{selector}`"),
                Step::Label(name) => write!(out, "the field \"{name}\""),
                Step::Role(role, name) if name.is_empty() => write!(out, "a {role}"),
                Step::Role(role, name) => write!(out, "the {role} \"{name}\""),
                Step::TestId(id) => write!(out, "[data-testid={id}]"),
                Step::Text(shown) => write!(out, "the text \"{shown}\""),
            }?;
            if index > 0 {
                out.write_str(" in ")?;
            }
        }
        if self.nth > 0 {
            write!(out, " (number {})", self.nth + 1)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_reads_from_the_inside_out() {
        let target = role("button", "Send").within(test_id("request"));
        assert_eq!(target.to_string(), "the button \"Send\" in [data-testid=request]");
        assert_eq!(text("200 OK").nth(1).to_string(), "the text \"200 OK\" (number 2)");
    }

    #[test]
    fn the_script_gets_the_outer_step_first() {
        let steps = text("a").within(css("main")).to_json();
        assert_eq!(steps, json!([{ "kind": "css", "value": "main" }, { "kind": "text", "value": "a" }]));
    }
}
