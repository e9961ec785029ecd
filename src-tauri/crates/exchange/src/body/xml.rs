//! XML indented where that changes no text: an element with text among its children stays on its line.

use quick_xml::Reader;
use quick_xml::events::Event;

/// The largest text that is indented, in bytes; it is done after the last byte and must not be felt.
pub(super) const LARGEST: u64 = 1024 * 1024;
/// The deepest nesting that is indented.
const DEEPEST: usize = 256;
/// How many times larger than its source the indented text may become, beyond 64 kB.
const GROWTH: usize = 4;

/// Indents a document by two blanks; nothing where it is not well-formed, or would become too large.
///
/// Tags, comments and text are copied as they stand; only white space between tags is replaced.
pub(super) fn indented(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    let mut writer = Writer::default();
    let mut roots = 0;
    loop {
        let from = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let raw = text.get(from..usize::try_from(reader.buffer_position()).ok()?)?;
        match event {
            Event::Eof => break,
            Event::Start(_) => {
                roots += usize::from(writer.open.is_empty());
                writer.line(raw);
                writer.open.push(Element::default());
            }
            Event::End(_) => writer.close(raw)?,
            Event::Text(_) if raw.trim_ascii().is_empty() => writer.blank(raw),
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => writer.text(raw)?,
            Event::Empty(_) => {
                roots += usize::from(writer.open.is_empty());
                writer.line(raw);
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => writer.line(raw),
        }
        if writer.open.len() > DEEPEST || writer.out.len() > text.len() * GROWTH + 64 * 1024 {
            return None;
        }
    }
    (roots == 1 && writer.open.is_empty()).then_some(writer.out)
}

#[derive(Default)]
struct Writer {
    out: String,
    open: Vec<Element>,
}

/// What an open element has in it so far.
#[derive(Default)]
struct Element {
    has_children: bool,
    has_text: bool,
}

impl Writer {
    /// Begins a line for a tag, unless text stands beside it.
    fn line(&mut self, raw: &str) {
        if !self.inline() {
            self.break_line();
        }
        if let Some(element) = self.open.last_mut() {
            element.has_children = true;
        }
        self.out.push_str(raw);
    }

    fn close(&mut self, raw: &str) -> Option<()> {
        let element = self.open.pop()?;
        if element.has_children && !element.has_text && !self.inline() {
            self.break_line();
        }
        self.out.push_str(raw);
        Some(())
    }

    /// Takes text, which has no place outside the root (XML 1.0 §2.1).
    fn text(&mut self, raw: &str) -> Option<()> {
        self.open.last_mut()?.has_text = true;
        self.out.push_str(raw);
        Some(())
    }

    /// Keeps white space where text stands beside it.
    fn blank(&mut self, raw: &str) {
        if self.inline() {
            self.out.push_str(raw);
        }
    }

    /// Tells whether an element that is open has text, so that nothing in it may move.
    fn inline(&self) -> bool {
        self.open.iter().any(|element| element.has_text)
    }

    fn break_line(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.extend(std::iter::repeat_n("  ", self.open.len()));
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nested(
        "<?xml version=\"1.0\"?><a><b x='1'/><c>t</c></a>",
        "<?xml version=\"1.0\"?>\n<a>\n  <b x='1'/>\n  <c>t</c>\n</a>"
    )]
    #[case::spaced("<a>\n\n <b>\n</b> </a>\n", "<a>\n  <b></b>\n</a>")]
    #[case::mixed("<p>some <b>bold</b> <i>words</i></p>", "<p>some <b>bold</b> <i>words</i></p>")]
    #[case::references(
        "<a><b>&lt; &#228;</b><c><![CDATA[<x>]]></c></a>",
        "<a>\n  <b>&lt; &#228;</b>\n  <c><![CDATA[<x>]]></c>\n</a>"
    )]
    #[case::comment("<a><!-- x --><b/></a>", "<a>\n  <!-- x -->\n  <b/>\n</a>")]
    fn it_is_indented_where_no_text_moves(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(indented(text).as_deref(), Some(expected));
        assert_eq!(indented(expected).as_deref(), Some(expected), "and stays so");
    }

    #[rstest]
    fn what_is_not_well_formed_has_no_indented_form(
        #[values("<a>", "<a></b>", "</a>", "a", "<a/><b/>", "<a/>text", "<a", "")] text: &str,
    ) {
        assert_eq!(indented(text), None);
    }

    #[test]
    fn a_text_made_to_explode_is_given_up() {
        assert_eq!(indented(&"<a>".repeat(100_000)), None);
    }
}
