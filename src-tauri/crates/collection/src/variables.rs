//! `{{variables}}`: found in texts and replaced by their values, with what is secret kept apart from what is not.

mod scope;
mod syntax;

pub use scope::Scope;
pub use syntax::{Mention, names};

use gatepass_vault::Secret;

use scope::Binding;
use syntax::Token;

/// How long a rendered text may become, in bytes: values that repeat each other grow without bounds.
const LENGTH_LIMIT: usize = 64 * 1024 * 1024;

/// What stands for a secret where it must not be seen.
const MASK: &str = "••••••";

/// Why a text cannot be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// No such variable.
    #[error("the variable \"{name}\" is not set{}; add it to the environment or choose another environment", hint(.similar.as_ref()))]
    Missing {
        /// The variable that was asked for.
        name: String,
        /// Where the mention begins in the text, in characters.
        position: u32,
        /// A variable of a similar name that is set.
        similar: Option<String>,
    },
    /// The secret variable is declared but has no value in the keychain.
    #[error("the secret variable \"{name}\" has no value on this computer; type it in the environment")]
    NoSecret {
        /// The variable.
        name: String,
        /// Where the mention begins in the text, in characters.
        position: u32,
    },
    /// The values of variables mention each other in a circle.
    #[error("the variable \"{}\" is defined by itself: {}; change one of them", .names.first().map_or("", String::as_str), .names.join(" → "))]
    Cycle {
        /// The variables in the circle, the first once more at its end.
        names: Vec<String>,
    },
    /// The values come to more than any request should hold.
    #[error("the text with its variables comes to more than {} MB; check the variable \"{name}\"", LENGTH_LIMIT / 1024 / 1024)]
    TooLong {
        /// The variable at which the limit was passed.
        name: String,
    },
}

/// A text with its variables replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    pieces: Vec<Piece>,
}

/// A piece of a rendered text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text that may be shown.
    Plain(String),
    /// The value of a secret variable.
    Secret {
        /// The variable's name.
        name: String,
        /// Its value.
        value: Secret,
    },
}

impl Rendered {
    /// Gives the pieces in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Tells whether a secret went in.
    pub fn has_secret(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Secret { .. }))
    }

    /// Gives the secrets that went in, so that they can be masked and kept from other origins.
    pub fn secrets(&self) -> Vec<Secret> {
        let mut secrets: Vec<Secret> = Vec::new();
        for piece in &self.pieces {
            if let Piece::Secret { value, .. } = piece
                && !secrets.contains(value)
            {
                secrets.push(value.clone());
            }
        }
        secrets
    }

    /// Gives the whole text, secrets in it: for the wire, or a reveal that the user asked for.
    pub fn expose(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Plain(text) => text.as_str(),
                Piece::Secret { value, .. } => value.expose(),
            })
            .collect()
    }

    /// Gives the text with a mask for each secret.
    pub fn masked(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Plain(text) => text.as_str(),
                Piece::Secret { .. } => MASK,
            })
            .collect()
    }

    fn push(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Plain(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.pieces.push(Piece::Plain(text.to_owned())),
        }
    }
}

/// Replaces the variables in a text; their values may mention others. What looks like no variable stays as it is.
///
/// # Errors
/// Names the variable that is missing, has no value, is defined by itself, or makes the text too long.
pub fn render(text: &str, scope: &Scope) -> Result<Rendered, RenderError> {
    let mut renderer = Renderer { scope, rendered: Rendered::default(), length: 0, open: Vec::new() };
    renderer.text(text, None)?;
    Ok(renderer.rendered)
}

struct Renderer<'a> {
    scope: &'a Scope,
    rendered: Rendered,
    length: usize,
    /// The variables whose values are being rendered.
    open: Vec<&'a str>,
}

impl Renderer<'_> {
    /// `outer` is where in the typed text the mention stands that led here.
    fn text(&mut self, text: &str, outer: Option<u32>) -> Result<(), RenderError> {
        for token in syntax::tokens(text) {
            match token {
                Token::Text(text) => self.literal(text)?,
                Token::Name { name, start } => {
                    let position = outer.unwrap_or_else(|| characters(&text[..start]));
                    self.variable(name, position)?;
                }
            }
        }
        Ok(())
    }

    fn literal(&mut self, text: &str) -> Result<(), RenderError> {
        self.grow(text.len())?;
        self.rendered.push(text);
        Ok(())
    }

    fn variable(&mut self, name: &str, position: u32) -> Result<(), RenderError> {
        let Some((name, binding)) = self.scope.find(name) else {
            let similar = self.scope.similar(name).map(ToOwned::to_owned);
            return Err(RenderError::Missing { name: name.to_owned(), position, similar });
        };
        match binding {
            Binding::Secret(None) => Err(RenderError::NoSecret { name: name.to_owned(), position }),
            Binding::Secret(Some(value)) => {
                self.open.push(name);
                self.grow(value.expose().len())?;
                self.open.pop();
                self.rendered.pieces.push(Piece::Secret { name: name.to_owned(), value: value.clone() });
                Ok(())
            }
            Binding::Plain(value) => {
                if let Some(first) = self.open.iter().position(|open| *open == name) {
                    let circle = self.open[first..].iter().chain([&name]);
                    return Err(RenderError::Cycle { names: circle.map(|name| (*name).to_owned()).collect() });
                }
                self.open.push(name);
                self.text(value, Some(position))?;
                self.open.pop();
                Ok(())
            }
        }
    }

    fn grow(&mut self, bytes: usize) -> Result<(), RenderError> {
        self.length = self.length.saturating_add(bytes);
        match self.open.last() {
            Some(name) if self.length > LENGTH_LIMIT => Err(RenderError::TooLong { name: (*name).to_owned() }),
            _ => Ok(()),
        }
    }
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn hint(similar: Option<&String>) -> String {
    similar.map_or_else(String::new, |similar| format!(" (there is \"{similar}\")"))
}

#[cfg(test)]
mod tests;
