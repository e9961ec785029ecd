use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// What the sandbox's `/echo` received.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Echo {
    /// The method.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    headers: Vec<Field>,
    body_base64: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Field {
    name: String,
    value: String,
}

impl Echo {
    /// Reads the answer; nothing where it is not whole.
    pub fn read(answer: &str) -> Option<Self> {
        serde_json::from_str(answer.trim()).ok()
    }

    /// Gives the value of a header field, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value.as_str())
    }

    /// Gives the body's bytes.
    pub fn body(&self) -> Vec<u8> {
        STANDARD.decode(&self.body_base64).unwrap_or_default()
    }
}

impl fmt::Display for Echo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|field| field.name.as_str()).collect();
        write!(out, "{} {} with {}", self.method, self.target, names.join(", "))
    }
}
