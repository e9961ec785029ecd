//! From text to tree.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, StructureStyle};

use super::node::{Entry, Kind, Node, Style};

/// The largest file that is read, in bytes.
const SIZE_LIMIT: usize = 32 * 1024 * 1024;

/// Why a text is no YAML document that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

/// Reads the only document in a text; `None` where there is nothing but blanks and comments.
///
/// # Errors
/// Says where the text breaks YAML's rules, has a key twice, holds a second document, or is too large.
pub fn parse(text: &str) -> Result<Option<Rc<Node>>, ParseError> {
    if text.len() > SIZE_LIMIT {
        return Err(ParseError {
            line: 1,
            column: 1,
            message: format!("the file is larger than {} MB", SIZE_LIMIT / 1024 / 1024),
        });
    }
    let options = granit_parser::options! { emit_comments: false };
    let mut builder = Builder { events: Parser::new_from_str_with_options(text, options), anchors: HashMap::new() };
    let mut root = None;
    loop {
        let (event, span) = builder.next()?;
        match event {
            Event::StreamEnd => return Ok(root),
            Event::DocumentStart(..) if root.is_some() => {
                return Err(error_at(&span.start, "a second document starts here; a file holds one"));
            }
            Event::StreamStart | Event::DocumentEnd | Event::DocumentStart(..) => {}
            event => root = Some(builder.node(event, span)?),
        }
    }
}

/// Counts the comments in a text.
pub fn comments(text: &str) -> usize {
    let options = granit_parser::options! { max_buffered_comment_events: 100_000 };
    Parser::new_from_str_with_options(text, options).filter(|next| matches!(next, Ok((Event::Comment(..), _)))).count()
}

struct Builder<'a> {
    events: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Rc<Node>>,
}

impl<'a> Builder<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), ParseError> {
        match self.events.next() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(error_at(error.marker(), &error.info())),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span) -> Result<Rc<Node>, ParseError> {
        let mut end = offset(&span.end);
        let (kind, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_string = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                let style = match style {
                    ScalarStyle::Plain if !is_string => Style::Plain,
                    ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                    _ => Style::Quoted,
                };
                (Kind::Scalar { text: text.into_owned(), style }, anchor)
            }
            Event::SequenceStart(style, anchor, _) => {
                let (items, last) = self.items()?;
                end = last;
                (Kind::Sequence { items, flow: style == StructureStyle::Flow }, anchor)
            }
            Event::MappingStart(style, anchor, _) => {
                let (entries, last) = self.entries()?;
                end = last;
                (Kind::Mapping { entries, flow: style == StructureStyle::Flow }, anchor)
            }
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).map(Rc::clone);
                (
                    Kind::Alias(
                        target.ok_or_else(|| error_at(&span.start, "this alias stands inside its own anchor"))?,
                    ),
                    0,
                )
            }
            _ => return Err(error_at(&span.start, "a value is missing here")),
        };
        let node = Rc::new(Node { kind, end, line: number(span.start.line()), column: number(span.start.col() + 1) });
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        Ok(node)
    }

    fn items(&mut self) -> Result<(Vec<Rc<Node>>, usize), ParseError> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::SequenceEnd => return Ok((items, offset(&span.end))),
                event => items.push(self.node(event, span)?),
            }
        }
    }

    fn entries(&mut self) -> Result<(Vec<Entry>, usize), ParseError> {
        let mut entries = Vec::new();
        let mut keys = HashSet::new();
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok((entries, offset(&span.end))),
                Event::Scalar(key, ..) => key.into_owned(),
                _ => return Err(error_at(&span.start, "a key must be a single word or text")),
            };
            if !keys.insert(key.clone()) {
                return Err(error_at(&span.start, &format!("the key \"{key}\" stands here a second time")));
            }
            let (event, value) = self.next()?;
            let value = self.node(event, value)?;
            entries.push(Entry { key, key_start: offset(&span.start), key_end: offset(&span.end), value });
        }
    }
}

fn error_at(marker: &Marker, message: &str) -> ParseError {
    ParseError { line: number(marker.line()), column: number(marker.col() + 1), message: message.to_owned() }
}

fn offset(marker: &Marker) -> usize {
    marker.byte_offset().unwrap_or_default()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
