//! Parameters of a query or a form.

use url::form_urlencoded;

/// The decoded parameters, and the text that they came as.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    raw: String,
    pairs: Vec<(String, String)>,
}

impl Parameters {
    /// Reads a query, or the body of a form.
    pub fn read(raw: &str) -> Self {
        Self { raw: raw.to_owned(), pairs: form_urlencoded::parse(raw.as_bytes()).into_owned().collect() }
    }

    /// Reads the body of a form.
    pub fn read_body(body: &[u8]) -> Self {
        Self::read(&String::from_utf8_lossy(body))
    }

    /// Finds a parameter that is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// Finds a parameter, empty where it is absent.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// Lends the text as it came, to be passed on.
    pub fn raw(&self) -> &str {
        &self.raw
    }
}

/// Encodes a value for a query, a form or a fragment.
pub fn encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}
