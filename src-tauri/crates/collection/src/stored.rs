//! Between the model and the YAML of OpenCollection 1.0.0: which key says what.
//!
//! Each part can be read from a tree and written as a value. A save writes both the model as it was read and the model
//! as it shall be, and only what differs between the two reaches the file.

pub mod auth;
pub mod body;
pub mod defaults;
pub mod environment;
pub mod parts;
pub mod request;

use std::collections::HashSet;

use crate::yaml::node::Node;

/// The header that API Gateway reads an API key from.
pub const GATEWAY_KEY_HEADER: &str = "x-api-key";

/// What must be known of the rest of the collection to read one file.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The names of the secret variables.
    pub secrets: HashSet<String>,
    /// The headers of the API keys that are handed down to the file, the nearest last.
    pub key_headers: Vec<String>,
}

impl Surroundings {
    /// Finds the secret variable that a text consists of.
    fn secret_in<'a>(&self, text: &'a str) -> Option<&'a str> {
        let name = text.strip_prefix("{{")?.strip_suffix("}}")?.trim();
        self.secrets.contains(name).then_some(name)
    }

    /// Tells whether leaving out this header means leaving out the API key.
    fn is_key_header(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case(GATEWAY_KEY_HEADER)
            || self.key_headers.iter().any(|header| header.eq_ignore_ascii_case(name))
    }

    /// The header to leave out for that no API key is sent.
    fn key_header(&self) -> &str {
        self.key_headers.last().map_or(GATEWAY_KEY_HEADER, String::as_str)
    }
}

/// A value that stands where another kind of value must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeError {
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

impl ShapeError {
    fn at(node: &Node, message: impl Into<String>) -> Self {
        Self { line: node.line, column: node.column, message: message.into() }
    }
}

/// Public facts of a user pool that make a saved token block complete for other tools.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PoolFacts {
    /// How its tokens are got.
    pub flow: Flow,
    /// The address of the login page, as Cognito's `https://<domain>/oauth2/authorize`; none of a machine's.
    pub authorization_url: Option<String>,
    /// The address of the token endpoint; none of the implicit grant's.
    pub token_url: Option<String>,
    /// The app client's id.
    pub client_id: Option<String>,
    /// The registered redirect address.
    pub callback_url: Option<String>,
    /// The scopes with blanks between (RFC 6749 §3.3).
    pub scope: Option<String>,
}

/// A grant by the format's own word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Flow {
    /// Tokens in the redirect.
    #[default]
    Implicit,
    /// A code that is redeemed.
    AuthorizationCode,
    /// A machine's own secret.
    ClientCredentials,
}

impl Flow {
    const ALL: [Self; 3] = [Self::Implicit, Self::AuthorizationCode, Self::ClientCredentials];

    fn word(self) -> &'static str {
        match self {
            Self::Implicit => "implicit",
            Self::AuthorizationCode => "authorization_code",
            Self::ClientCredentials => "client_credentials",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flow| flow.word() == word)
    }
}
