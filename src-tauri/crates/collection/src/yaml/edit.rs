//! A change written into the text, with all that it does not concern left as it is, byte for byte.

use std::cell::Cell;
use std::rc::Rc;

use super::merge::{self, Change, EntryStep, ItemStep};
use super::node::Node;
use super::parse::{self, ParseError};
use super::render;
use super::scalar;
use super::source::{Part, Source};
use super::value::Value;

/// A file that holds one YAML document.
#[derive(Debug)]
pub struct Document {
    text: String,
    root: Option<Rc<Node>>,
    has_mark: bool,
    has_crlf: bool,
}

/// The outcome of an edit.
#[derive(Debug, PartialEq, Eq)]
pub struct Edited {
    /// What the file shall hold.
    pub text: String,
    /// Whether comments went that the edit did not concern.
    pub lost_comments: bool,
}

/// Why a document cannot be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditError {
    /// Part of the new value is only known from another file.
    UnknownPart,
    /// The document uses aliases that cannot be written out, or cannot be written so that it reads as meant.
    Unfaithful,
}

impl Document {
    /// Reads a file's text.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let (has_mark, text) = match text.strip_prefix('\u{feff}') {
            Some(text) => (true, text),
            None => (false, text),
        };
        let breaks = text.matches('\n').count();
        let has_crlf = breaks > 0 && text.matches("\r\n").count() == breaks;
        let text = if has_crlf { text.replace("\r\n", "\n") } else { text.to_owned() };
        let root = parse::parse(&text)?;
        Ok(Self { text, root, has_mark, has_crlf })
    }

    /// The tree, unless the file is empty.
    pub fn root(&self) -> Option<&Node> {
        self.root.as_deref()
    }

    /// Writes the difference between two values of its model into it; `None` where nothing changes.
    pub fn edit(&self, base: &Value, wanted: &Value) -> Result<Option<Edited>, EditError> {
        let Some(root) = self.root() else {
            return Ok(Some(self.finish(format!("{}{}", self.text, new_text(wanted)?), false)));
        };
        let change = merge::merge(root, base, wanted);
        if change.is_keep() {
            return Ok(None);
        }
        let goal = change.value().ok_or(EditError::Unfaithful)?;
        if goal.has_kept() {
            return Err(EditError::UnknownPart);
        }
        let writer = Writer { source: Source(&self.text), lost_comments: Cell::new(false) };
        let smallest = writer.rewrite(root, &change).filter(|text| reads_as(text, &goal));
        if let Some(text) = smallest {
            let is_same = text == self.text;
            return Ok((!is_same).then(|| self.finish(text, writer.lost_comments.get())));
        }
        let before = parse::comments(&self.text);
        let text = coarser(&change)
            .and_then(|change| writer.rewrite(root, &change))
            .filter(|text| reads_as(text, &goal))
            .or_else(|| Some(render::document(&goal)).filter(|text| reads_as(text, &goal)))
            .ok_or(EditError::Unfaithful)?;
        let lost = parse::comments(&text) < before;
        Ok(Some(self.finish(text, lost)))
    }

    fn finish(&self, text: String, lost_comments: bool) -> Edited {
        let text = if self.has_crlf { text.replace('\n', "\r\n") } else { text };
        let text = if self.has_mark { format!("\u{feff}{text}") } else { text };
        Edited { text, lost_comments }
    }
}

/// Writes a value as a new file.
pub fn new_text(value: &Value) -> Result<String, EditError> {
    let value = value.clone().pruned();
    if value.has_kept() {
        return Err(EditError::UnknownPart);
    }
    let text = render::document(&value);
    if reads_as(&text, &value) { Ok(text) } else { Err(EditError::Unfaithful) }
}

fn reads_as(text: &str, goal: &Value) -> bool {
    let root = parse::parse(text).ok().flatten();
    root.and_then(|root| root.value()).is_some_and(|value| value.same(goal))
}

/// The same change with each block of the top level that it touches replaced as a whole.
fn coarser<'a>(change: &Change<'a>) -> Option<Change<'a>> {
    let Change::Mapping(node, steps) = change else { return None };
    let steps = steps
        .iter()
        .map(|step| {
            Some(match step {
                EntryStep::Old(index, Change::Keep(node)) => EntryStep::Old(*index, Change::Keep(node)),
                EntryStep::Old(index, change) => EntryStep::Old(*index, Change::Replace(change.value()?)),
                EntryStep::New(key, value) => EntryStep::New(key.clone(), value.clone()),
            })
        })
        .collect::<Option<_>>()?;
    Some(Change::Mapping(node, steps))
}

/// Writes a change into the text.
struct Writer<'a> {
    source: Source<'a>,
    /// Whether comments inside of something that was written anew had to go.
    lost_comments: Cell<bool>,
}

impl Writer<'_> {
    fn rewrite(&self, root: &Node, change: &Change<'_>) -> Option<String> {
        let parts = self.source.parts(root, 0, true)?;
        let (start, text) = self.block(change, &parts, true)?;
        let rest = &self.source.0[parts.last()?.end..];
        let gap = if rest.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        Some(format!("{}{text}{gap}{rest}", &self.source.0[..start]))
    }

    /// Writes a changed collection anew; gives where its text began too.
    fn block(&self, change: &Change<'_>, parts: &[Part<'_>], is_root: bool) -> Option<(usize, String)> {
        let first = parts.first()?;
        let column = self.source.column(first.core);
        let old = |index: usize, change: &Change<'_>, is_item: bool| {
            Some(Piece { old: Some(index), core: self.core(parts.get(index)?, change, is_item)? })
        };
        let new = |write: &dyn Fn(&mut String)| {
            let mut core = String::new();
            write(&mut core);
            Some(Piece { old: None, core })
        };
        let pieces: Vec<Piece> = match change {
            Change::Mapping(_, steps) => steps
                .iter()
                .map(|step| match step {
                    EntryStep::Old(index, change) => old(*index, change, false),
                    EntryStep::New(key, value) => new(&|core| render::entry(core, key, value, column, "")),
                })
                .collect::<Option<_>>()?,
            Change::Sequence(steps) => steps
                .iter()
                .map(|step| match step {
                    ItemStep::Old(index, change) => old(*index, change, true),
                    ItemStep::New(value) => new(&|core| render::item(core, value, column, "")),
                })
                .collect::<Option<_>>()?,
            Change::Keep(_) | Change::Replace(_) => return None,
        };
        Some((first.lead, assemble(self.source, parts, &pieces, column, is_root)))
    }

    fn core(&self, part: &Part<'_>, change: &Change<'_>, is_item: bool) -> Option<String> {
        let text = self.source.0;
        let before = &text[part.core..part.end];
        if change.is_keep() {
            return Some(before.to_owned());
        }
        if let Some(parts) = self.source.parts(part.value, part.anchor, false)
            && let Some((start, block)) = self.block(change, &parts, false)
        {
            return Some(format!("{}{block}", &text[part.core..start]));
        }
        let column = self.source.column(part.core);
        let value = match change.value()? {
            Value::Text(text) if scalar::literal(&text).is_none() => {
                Value::Plain(scalar::inline_in(&text, self.source.quote_of(part)))
            }
            value => value,
        };
        let comment = self.source.comment_behind(part);
        let mut out = String::new();
        if is_item {
            render::item(&mut out, &value, column, comment);
        } else {
            out.push_str(&text[part.core..part.anchor]);
            render::after(&mut out, &value, column + 2, comment);
        }
        if before.contains('#') && parse::comments(before) > parse::comments(&out) {
            self.lost_comments.set(true);
        }
        Some(if before.ends_with("\r\n") { out.replace('\n', "\r\n") } else { out })
    }
}

/// A part of the collection to be: the part that it was, and its new core.
struct Piece {
    old: Option<usize>,
    core: String,
}

fn assemble(source: Source<'_>, parts: &[Part<'_>], pieces: &[Piece], column: usize, is_root: bool) -> String {
    let text = source.0;
    let margin = " ".repeat(column);
    let first = &parts[0];
    let is_compact = first.lead == first.core;
    let (orphans, tails) = tails(text, parts, pieces);
    let mut out = String::new();
    let mut late = orphans;
    if !is_compact || is_root {
        out.push_str(&std::mem::take(&mut late));
    }
    for (place, piece) in pieces.iter().enumerate() {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        match piece.old {
            // Behind a dash or at the top there is no room for a margin.
            Some(index) if place == 0 && is_compact => {
                let comments = source.line_start(parts[index].core).max(parts[index].lead);
                late.push_str(&text[parts[index].lead..comments]);
            }
            None if place == 0 && is_compact => {}
            Some(0) if is_compact => out.push_str(&margin),
            Some(index) => out.push_str(&text[parts[index].lead..parts[index].core]),
            None => {
                if is_root && !out.is_empty() && !out.ends_with("\n\n") {
                    out.push('\n');
                }
                out.push_str(&margin);
            }
        }
        out.push_str(&piece.core);
        if !late.is_empty() {
            if !out.ends_with('\n') {
                out.push('\n');
            }
            out.push_str(&std::mem::take(&mut late));
        }
        if let Some(index) = piece.old {
            out.push_str(&tails[index]);
        }
    }
    out
}

/// The comments between parts that belong to neither: each goes with the part above it, or with the nearest that
/// stays; first those that none is left for.
fn tails(text: &str, parts: &[Part<'_>], pieces: &[Piece]) -> (String, Vec<String>) {
    let mut orphans = String::new();
    let mut tails = vec![String::new(); parts.len()];
    for (index, pair) in parts.windows(2).enumerate() {
        let tail = &text[pair[0].end..pair[1].lead];
        let heir = (0..=index).rev().find(|index| pieces.iter().any(|piece| piece.old == Some(*index)));
        match heir {
            Some(heir) => tails[heir].push_str(tail),
            None => orphans.push_str(tail),
        }
    }
    (orphans, tails)
}

#[cfg(test)]
mod tests;
