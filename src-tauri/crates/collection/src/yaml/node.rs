//! The tree of a YAML document.

use std::rc::Rc;

use super::scalar;
use super::value::Value;

/// How many values one document may come to once its aliases are followed.
const VALUE_BUDGET: usize = 200_000;

/// A node and where it stands.
#[derive(Debug)]
pub struct Node {
    pub kind: Kind,
    /// The byte behind the last.
    pub end: usize,
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
}

/// What a node is.
#[derive(Debug)]
pub enum Kind {
    Scalar { text: String, style: Style },
    Sequence { items: Vec<Rc<Node>>, flow: bool },
    Mapping { entries: Vec<Entry>, flow: bool },
    Alias(Rc<Node>),
}

/// An entry of a mapping.
#[derive(Debug)]
pub struct Entry {
    pub key: String,
    pub key_start: usize,
    pub key_end: usize,
    pub value: Rc<Node>,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: numbers, booleans and null are told by their looks.
    Plain,
    /// In quotes, or tagged as a string.
    Quoted,
    /// `|` or `>`.
    Block,
}

impl Node {
    /// Follows an alias.
    pub fn target(&self) -> &Self {
        match &self.kind {
            Kind::Alias(target) => target.target(),
            _ => self,
        }
    }

    /// Finds an entry's value.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &*entry.value)
    }

    /// Follows keys down.
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries; none where it is no mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.target().kind {
            Kind::Mapping { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The items, where it is a sequence.
    pub fn items(&self) -> Option<&[Rc<Self>]> {
        match &self.target().kind {
            Kind::Sequence { items, .. } => Some(items),
            _ => None,
        }
    }

    /// The text of a scalar that is not null.
    pub fn text(&self) -> Option<&str> {
        match &self.target().kind {
            Kind::Scalar { text, style } if *style != Style::Plain || !scalar::is_null(text) => Some(text),
            _ => None,
        }
    }

    /// Tells whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(&self.target().kind, Kind::Scalar { text, style: Style::Plain } if scalar::is_null(text))
    }

    /// The value of a boolean.
    pub fn flag(&self) -> Option<bool> {
        match &self.target().kind {
            Kind::Scalar { text, style: Style::Plain } => match text.as_str() {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value of a number.
    pub fn number(&self) -> Option<f64> {
        match &self.target().kind {
            Kind::Scalar { text, style: Style::Plain } => text.parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }

    /// What the text means, without how it is written; `None` where aliases make it too large.
    pub fn value(&self) -> Option<Value> {
        let mut budget = VALUE_BUDGET;
        self.value_within(&mut budget)
    }

    fn value_within(&self, budget: &mut usize) -> Option<Value> {
        *budget = budget.checked_sub(1)?;
        Some(match &self.target().kind {
            Kind::Scalar { text, style: Style::Plain } if scalar::is_null(text) => Value::Plain("null".to_owned()),
            Kind::Scalar { text, style: Style::Plain } if scalar::is_typed(text) => Value::Plain(text.clone()),
            Kind::Scalar { text, .. } => Value::Text(text.clone()),
            Kind::Sequence { items, .. } => {
                Value::Sequence(items.iter().map(|item| item.value_within(budget)).collect::<Option<_>>()?)
            }
            Kind::Mapping { entries, .. } => Value::Mapping(
                entries
                    .iter()
                    .map(|entry| Some((entry.key.clone(), entry.value.value_within(budget)?)))
                    .collect::<Option<_>>()?,
            ),
            Kind::Alias(_) => return None,
        })
    }
}
