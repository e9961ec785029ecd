//! What a piece of YAML means, apart from how it is written.

/// A value to be written, or read without its place.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A number, a boolean or null, as it is written.
    Plain(String),
    /// Whatever stands in the file at this place; two of them are equal.
    Kept,
    Sequence(Vec<Value>),
    /// Entries in the order in which they are written.
    Mapping(Vec<(String, Value)>),
}

impl Value {
    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A boolean.
    pub fn flag(flag: bool) -> Self {
        Self::Plain(flag.to_string())
    }

    /// A number, without a fraction where it has none.
    pub fn number(number: f64) -> Self {
        Self::Plain(number.to_string())
    }

    /// A mapping of those entries that have a value.
    pub fn mapping<const N: usize>(entries: [(&str, Option<Self>); N]) -> Self {
        Self::Mapping(entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
    }

    /// A string, unless it is empty.
    pub fn some_text(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::text(text))
    }

    /// `true`, or nothing.
    pub fn some_true(flag: bool) -> Option<Self> {
        flag.then(|| Self::flag(true))
    }

    /// A sequence, unless it is empty.
    pub fn some_items(items: Vec<Self>) -> Option<Self> {
        (!items.is_empty()).then_some(Self::Sequence(items))
    }

    /// Drops entries that are mappings without entries: a writer names each block that it knows, filled or not.
    pub fn pruned(self) -> Self {
        match self {
            Self::Mapping(entries) => Self::Mapping(
                entries
                    .into_iter()
                    .map(|(key, value)| (key, value.pruned()))
                    .filter(|(_, value)| !matches!(value, Self::Mapping(entries) if entries.is_empty()))
                    .collect(),
            ),
            Self::Sequence(items) => Self::Sequence(items.into_iter().map(Self::pruned).collect()),
            value => value,
        }
    }

    /// Finds an entry's value.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Mapping(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Tells whether part of it is only known from a file.
    pub fn has_kept(&self) -> bool {
        match self {
            Self::Kept => true,
            Self::Text(_) | Self::Plain(_) => false,
            Self::Sequence(items) => items.iter().any(Self::has_kept),
            Self::Mapping(entries) => entries.iter().any(|(_, value)| value.has_kept()),
        }
    }

    /// Compares, taking mappings with the same entries in another order for equal.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sequence(one), Self::Sequence(two)) => {
                one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.same(two))
            }
            (Self::Mapping(one), Self::Mapping(two)) => {
                one.len() == two.len()
                    && one.iter().enumerate().all(|(index, (key, value))| {
                        let twin = two.get(index).filter(|(name, _)| name == key).map(|(_, value)| value);
                        twin.or_else(|| other.get(key)).is_some_and(|twin| value.same(twin))
                    })
            }
            _ => self == other,
        }
    }
}
