//! Where the parts of a block collection begin and end in the text, with the comments that belong to them.

use super::node::{Entry, Kind, Node, Style};

/// The text of a document, with LF line breaks.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a>(pub &'a str);

/// An entry or item in the text: `lead` is the comments directly above it, then the core.
#[derive(Debug)]
pub struct Part<'a> {
    /// Where the blank lines and comments above begin, that go where the part goes.
    pub lead: usize,
    /// Where the key or the dash stands.
    pub core: usize,
    /// Behind the colon or the dash.
    pub anchor: usize,
    /// Behind the line break of the last line of the value.
    pub end: usize,
    pub value: &'a Node,
}

impl<'a> Source<'a> {
    /// Finds the parts of a block collection whose text begins behind `anchor`; `None` where it is written in a way
    /// that cannot be taken apart.
    pub fn parts(self, node: &'a Node, anchor: usize, is_root: bool) -> Option<Vec<Part<'a>>> {
        match &node.kind {
            Kind::Mapping { entries, flow: false } => self.entries(entries, anchor, is_root),
            Kind::Sequence { items, flow: false } => self.items(items.iter().map(|item| &**item), anchor, is_root),
            _ => None,
        }
    }

    fn entries(self, entries: &'a [Entry], anchor: usize, is_root: bool) -> Option<Vec<Part<'a>>> {
        let mut parts: Vec<Part<'a>> = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let core = entry.key_start;
            if index == 0 && !is_root && self.content_behind(anchor)? != core {
                return None;
            }
            let colon = entry.key_end + self.0[entry.key_end..].find(|symbol| symbol != ' ')?;
            if !self.0[colon..].starts_with(':') {
                return None;
            }
            let lead = self.lead_of(core, parts.last(), anchor, is_root)?;
            let end = self.end_of(&entry.value, colon + 1)?;
            parts.push(Part { lead, core, anchor: colon + 1, end, value: &entry.value });
        }
        Some(parts)
    }

    fn items(self, items: impl Iterator<Item = &'a Node>, anchor: usize, is_root: bool) -> Option<Vec<Part<'a>>> {
        let mut parts: Vec<Part<'a>> = Vec::new();
        for item in items {
            let from = parts.last().map_or(anchor, |part| part.end);
            let core = self.content_behind(from)?;
            let is_dash =
                self.0[core..].strip_prefix('-').is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n']));
            if !is_dash || parts.first().is_some_and(|first| self.column(first.core) != self.column(core)) {
                return None;
            }
            let lead = self.lead_of(core, parts.last(), anchor, is_root)?;
            let end = self.end_of(item, core + 1)?;
            parts.push(Part { lead, core, anchor: core + 1, end, value: item });
        }
        Some(parts)
    }

    /// Finds where what belongs above a part begins.
    fn lead_of(self, core: usize, before: Option<&Part<'_>>, anchor: usize, is_root: bool) -> Option<usize> {
        let line = self.line_start(core);
        let is_own_line = self.0[line..core].bytes().all(|byte| byte == b' ');
        let Some(before) = before else {
            if is_root || !is_own_line || line <= anchor {
                return Some(core);
            }
            return Some(self.comments_above(line, self.line_end(anchor), core - line));
        };
        if !is_own_line || line < before.end {
            return None;
        }
        let mut lead = self.comments_above(line, before.end, core - line);
        while lead > before.end {
            let above = self.line_start(lead - 1);
            if above < before.end || !self.0[above..lead].trim().is_empty() {
                break;
            }
            lead = above;
        }
        Some(lead)
    }

    fn comments_above(self, mut line: usize, limit: usize, column: usize) -> usize {
        while line > limit {
            let above = self.line_start(line - 1);
            let text = &self.0[above..line];
            let indentation = text.len() - text.trim_start_matches(' ').len();
            if above < limit || indentation != column || !text[indentation..].starts_with('#') {
                break;
            }
            line = above;
        }
        line
    }

    /// Finds the end of the last line of a value that stands behind `anchor`.
    pub fn end_of(self, node: &Node, anchor: usize) -> Option<usize> {
        Some(match &node.kind {
            Kind::Scalar { style: Style::Block, .. } => {
                let head = self.line_end(self.content_behind(anchor)?);
                let keeps = self.0[anchor..head].split('#').next().is_some_and(|head| head.contains('+'));
                let mut end = self.line_floor(node.end).max(head);
                while !keeps && end > head {
                    let above = self.line_start(end - 1);
                    if !self.0[above..end].trim().is_empty() {
                        break;
                    }
                    end = above;
                }
                end
            }
            Kind::Mapping { entries, flow: false } => {
                let last = entries.last()?;
                let colon = last.key_end + self.0[last.key_end..].find(':')? + 1;
                self.end_of(&last.value, colon)?
            }
            Kind::Sequence { items, flow: false } => {
                let parts = self.items(items.iter().map(|item| &**item), anchor, false)?;
                parts.last()?.end
            }
            _ => self.line_end(node.end.max(anchor)),
        })
    }

    /// Finds the comment, with the blanks in front of it, that ends the first line of a value.
    pub fn comment_behind(self, part: &Part<'_>) -> &'a str {
        let (from, is_header) = match &part.value.kind {
            Kind::Scalar { style: Style::Block, .. } => (part.anchor, true),
            Kind::Mapping { flow: false, .. } | Kind::Sequence { flow: false, .. } => (part.anchor, false),
            _ => (part.value.end.max(part.anchor), false),
        };
        let rest = self.0[from..self.line_end(from)].trim_end();
        if is_header {
            return rest.find(" #").map_or("", |at| &rest[at..]);
        }
        if rest.trim_start().starts_with('#') { rest } else { "" }
    }

    /// Finds the quotes that a value is written in.
    pub fn quote_of(self, part: &Part<'_>) -> Option<char> {
        if !matches!(part.value.kind, Kind::Scalar { style: Style::Quoted, .. }) {
            return None;
        }
        let first = self.0[self.content_behind(part.anchor)?..].chars().next();
        first.filter(|symbol| matches!(symbol, '"' | '\''))
    }

    /// Finds the next byte that is neither blank nor comment.
    fn content_behind(self, mut at: usize) -> Option<usize> {
        loop {
            at += self.0[at..].find(|symbol: char| !matches!(symbol, ' ' | '\t' | '\n'))?;
            if !self.0[at..].starts_with('#') {
                return Some(at);
            }
            at = self.line_end(at);
        }
    }

    /// The byte column of a place.
    pub fn column(self, at: usize) -> usize {
        at - self.line_start(at)
    }

    /// Where the line of a place begins.
    pub fn line_start(self, at: usize) -> usize {
        self.0[..at].rfind('\n').map_or(0, |line_break| line_break + 1)
    }

    /// Where the next line begins.
    pub fn line_end(self, at: usize) -> usize {
        self.0[at..].find('\n').map_or(self.0.len(), |line_break| at + line_break + 1)
    }

    /// The start of the line, unless the text ends there without a line break.
    fn line_floor(self, at: usize) -> usize {
        if at == self.0.len() { at } else { self.line_start(at) }
    }
}
