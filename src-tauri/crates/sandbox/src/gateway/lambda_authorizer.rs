//! Lambda authorizers of the type TOKEN, which take their token from `Authorization`.

use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

use super::reply::Refusal;

/// Names what a function does with every token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Allows,
    Denies,
    Fails,
}

impl Function {
    /// Names the authorizer in the definition.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allows => "allows",
            Self::Denies => "denies",
            Self::Fails => "fails",
        }
    }
}

/// Asks a function, unless there is no token to ask it about.
pub fn check(function: Function, headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.get(AUTHORIZATION).is_none_or(HeaderValue::is_empty) {
        return Err(Refusal::Unauthorized);
    }
    match function {
        Function::Allows => Ok(()),
        Function::Denies => Err(Refusal::LambdaDenied),
        Function::Fails => Err(Refusal::AuthorizerConfiguration),
    }
}
