//! How a variable is mentioned: `{{name}}`, with blanks allowed inside the braces.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A mention of a variable in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Mention {
    /// The variable's name.
    pub name: String,
    /// Where its first brace stands, in UTF-16 code units, as the window counts.
    pub start: u32,
    /// Behind its last brace, in UTF-16 code units.
    pub end: u32,
}

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// What stands as it is.
    Text(&'a str),
    /// A mention; `start` is the byte of its first brace.
    Name { name: &'a str, start: usize },
}

/// Finds the variables that a text mentions.
pub fn names(text: &str) -> Vec<Mention> {
    let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
    let mut at = 0u32;
    let mut rest = text;
    let mut mentions = Vec::new();
    while let Some((before, name, length)) = next(rest) {
        let start = at.saturating_add(units(&rest[..before]));
        let end = start.saturating_add(units(&rest[before..before + length]));
        mentions.push(Mention { name: name.to_owned(), start, end });
        at = end;
        rest = &rest[before + length..];
    }
    mentions
}

/// Takes a text apart.
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    let mut waiting = None;
    std::iter::from_fn(move || {
        if let Some(token) = waiting.take() {
            return Some(token);
        }
        let rest = &text[at..];
        match next(rest) {
            Some((before, name, length)) => {
                let mention = Token::Name { name, start: at + before };
                at += before + length;
                if before == 0 {
                    return Some(mention);
                }
                waiting = Some(mention);
                Some(Token::Text(&rest[..before]))
            }
            None if rest.is_empty() => None,
            None => {
                at = text.len();
                Some(Token::Text(rest))
            }
        }
    })
}

/// Finds the next mention: the bytes before it, its name, and its length in bytes.
fn next(text: &str) -> Option<(usize, &str, usize)> {
    let mut from = 0;
    while let Some(open) = text[from..].find("{{") {
        let open = from + open;
        let inside = &text[open + 2..];
        let close = inside.find(['{', '}', '\n']);
        if let Some(close) = close
            && inside[close..].starts_with("}}")
            && is_name(inside[..close].trim())
        {
            return Some((open, inside[..close].trim(), close + 4));
        }
        // `{{{name}}` is a brace before a mention.
        from = open + 1;
    }
    None
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|symbol| symbol.is_alphanumeric() || "_-.$ ".contains(symbol))
}
