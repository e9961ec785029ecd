//! The variables that a text may mention.

use std::collections::BTreeMap;

use gatepass_vault::Secret;

use crate::model::Environment;

/// Variables with their values; a later one hides an earlier one of the same name.
#[derive(Debug, Clone, Default)]
pub struct Scope(BTreeMap<String, Binding>);

/// What a name stands for.
#[derive(Debug, Clone)]
pub enum Binding {
    /// A text, in which other variables may be mentioned.
    Plain(String),
    /// A secret, taken as it is; `None` where no value is known.
    Secret(Option<Secret>),
}

impl Scope {
    /// Makes an empty scope.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a variable.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), Binding::Plain(value.into()));
    }

    /// Adds a secret variable; `None` where the keychain has no value for it.
    pub fn set_secret(&mut self, name: impl Into<String>, value: Option<Secret>) {
        self.0.insert(name.into(), Binding::Secret(value));
    }

    /// Adds the variables of an environment that are not switched off; `secret` looks the values of secret ones up.
    pub fn add(&mut self, environment: &Environment, mut secret: impl FnMut(&str) -> Option<Secret>) {
        for variable in environment.variables.iter().filter(|variable| !variable.disabled) {
            if variable.secret {
                self.set_secret(&variable.name, secret(&variable.name));
            } else {
                self.set(&variable.name, &variable.value);
            }
        }
    }

    /// Gives the names in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn find(&self, name: &str) -> Option<(&str, &Binding)> {
        self.0.get_key_value(name).map(|(name, binding)| (name.as_str(), binding))
    }

    /// Finds the name most like another, if one is like it at all.
    pub(super) fn similar(&self, name: &str) -> Option<&str> {
        let wanted = plain(name);
        let limit = (wanted.len() / 3).clamp(1, 3);
        self.names()
            .map(|known| (distance(&wanted, &plain(known)), known))
            .filter(|(distance, _)| *distance <= limit)
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, known)| known)
    }
}

/// A name without case and separators: `base_url` and `baseUrl` are the same to a reader.
fn plain(name: &str) -> Vec<char> {
    name.chars().filter(|symbol| symbol.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The number of letters to change, add or drop (Levenshtein).
fn distance(one: &[char], two: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (i, first) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, second) in two.iter().enumerate() {
            let changed = diagonal + usize::from(first != second);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[two.len()]
}
