//! What a command could not do, and what the person at the keyboard can do about it.

use std::fmt;
use std::io;

/// A command that did not succeed, with the next thing to try.
#[derive(Debug)]
pub struct Failure {
    what: String,
    advice: String,
    cause: Option<io::Error>,
    told: bool,
}

impl Failure {
    /// Makes a failure from what happened and what to do.
    pub fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what: what.into(), advice: advice.into(), cause: None, told: false }
    }

    /// Makes a failure of the operating system.
    pub fn io(what: impl Into<String>, advice: impl Into<String>, cause: io::Error) -> Self {
        Self { cause: Some(cause), ..Self::new(what, advice) }
    }

    /// Marks that everything about it already stands on the terminal.
    pub fn told(mut self) -> Self {
        self.told = true;
        self
    }

    /// Tells whether nothing is left to print.
    pub fn is_told(&self) -> bool {
        self.told
    }

    /// Tells what to do.
    pub fn advice(&self) -> &str {
        &self.advice
    }

    /// Gives the operating system's own words.
    pub fn cause(&self) -> Option<&io::Error> {
        self.cause.as_ref()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)
    }
}
