use std::io::Read;
use std::sync::Arc;

use encoding_rs::{Decoder, Encoding, UTF_8};

use super::StoredBody;
use super::cache::Cache;
use super::json::Indenter;
use super::kind::{self, MediaType};
use super::store::{Store, StoreError, StoreWriter};
use super::xml;
use crate::engine::as_f64;
use crate::exchange::{BodyKind, BodySummary};

/// How many bytes are awaited before the kind is guessed.
const START: usize = 512;

/// Takes a body in as it comes: the bytes, their text where they are not UTF-8, and the indented form, all at once, so
/// that nothing is left to do after the last byte.
pub(crate) struct Sink {
    cache: Arc<Cache>,
    media_type: MediaType,
    raw: StoreWriter,
    /// The bytes that came before the kind was guessed.
    start: Option<Vec<u8>>,
    kind: BodyKind,
    text: Option<(Decoder, StoreWriter)>,
    pretty: Option<(Indenter, StoreWriter)>,
    scratch: Vec<u8>,
}

impl Sink {
    /// Begins a body with its `content-type`, empty where none was sent.
    pub(crate) fn new(cache: &Arc<Cache>, content_type: &str) -> Self {
        Self {
            cache: Arc::clone(cache),
            media_type: MediaType::parse(content_type),
            raw: StoreWriter::new(cache),
            start: Some(Vec::new()),
            kind: BodyKind::Empty,
            text: None,
            pretty: None,
            scratch: Vec::new(),
        }
    }

    pub(crate) fn length(&self) -> u64 {
        self.raw.length()
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        match self.raw.write(bytes) {
            // The indented form is done without where the body itself needs the room.
            Err(StoreError::Full) if self.pretty.take().is_some() => self.raw.write(bytes)?,
            other => other?,
        }
        let Some(start) = &mut self.start else {
            return self.understand(bytes, false);
        };
        if start.is_empty() && bytes.len() >= START {
            self.start = None;
            self.guess(bytes);
            return self.understand(bytes, false);
        }
        start.extend_from_slice(bytes);
        if start.len() < START {
            return Ok(());
        }
        let start = std::mem::take(start);
        self.start = None;
        self.guess(&start);
        self.understand(&start, false)
    }

    /// Ends the body; one that is not `complete` has no indented form.
    pub(crate) fn finish(
        mut self,
        complete: bool,
        content_encoding: Option<String>,
        wire_bytes: Option<u64>,
    ) -> Result<(StoredBody, BodySummary), StoreError> {
        let start = self.start.take().unwrap_or_default();
        if self.raw.length() > 0 && !start.is_empty() {
            self.guess(&start);
        }
        self.understand(&start, true)?;
        let raw = std::mem::replace(&mut self.raw, StoreWriter::new(&self.cache)).finish()?;
        let text = self.text.take().map(|(_, writer)| writer.finish()).transpose()?;
        let pretty = match self.pretty.take() {
            Some((indenter, writer)) if complete && indenter.is_complete() => Some(writer.finish()?),
            _ if complete && self.kind == BodyKind::Xml => self.indented_xml(text.as_ref().unwrap_or(&raw))?,
            _ => None,
        };
        if self.kind == BodyKind::Json && pretty.is_none() {
            self.kind = BodyKind::Text;
        }
        let summary = BodySummary {
            kind: self.kind,
            media_type: self.media_type.essence,
            bytes: as_f64(raw.length()),
            wire_bytes: wire_bytes.map(as_f64),
            content_encoding,
            raw_lines: text.as_ref().unwrap_or(&raw).line_count(),
            pretty_lines: pretty.as_ref().map(Store::line_count),
        };
        Ok((StoredBody { raw, text, pretty }, summary))
    }

    fn indented_xml(&self, store: &Store) -> Result<Option<Store>, StoreError> {
        if store.length() > xml::LARGEST {
            return Ok(None);
        }
        let mut text = String::new();
        let Ok(_) = store.reader(0).read_to_string(&mut text) else { return Ok(None) };
        let Some(indented) = xml::indented(&text) else { return Ok(None) };
        let mut writer = StoreWriter::new(&self.cache);
        match writer.write(indented.as_bytes()) {
            Err(StoreError::Full) => Ok(None),
            other => other.and_then(|()| writer.finish()).map(Some),
        }
    }

    fn guess(&mut self, start: &[u8]) {
        let by_mark = Encoding::for_bom(start).map(|(encoding, _)| encoding);
        self.kind = kind::guess(&self.media_type.essence, start);
        if by_mark.is_some() && self.kind == BodyKind::Binary && self.media_type.essence.is_empty() {
            self.kind = BodyKind::Text;
        }
        if matches!(self.kind, BodyKind::Image | BodyKind::Binary) {
            return;
        }
        let encoding = by_mark.or(self.media_type.charset).unwrap_or(UTF_8);
        if encoding != UTF_8 || by_mark.is_some() {
            self.text = Some((encoding.new_decoder(), StoreWriter::new(&self.cache)));
        }
        if self.kind == BodyKind::Json {
            self.pretty = Some((Indenter::new(), StoreWriter::new(&self.cache)));
        }
    }

    fn understand(&mut self, bytes: &[u8], last: bool) -> Result<(), StoreError> {
        let Some((decoder, writer)) = &mut self.text else {
            return self.indent(bytes);
        };
        let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
        let mut text = String::with_capacity(room);
        let _ = decoder.decode_to_string(bytes, &mut text, last);
        writer.write(text.as_bytes())?;
        self.indent(text.as_bytes())
    }

    fn indent(&mut self, text: &[u8]) -> Result<(), StoreError> {
        let Some((indenter, writer)) = &mut self.pretty else { return Ok(()) };
        self.scratch.clear();
        let is_json = indenter.push(text, &mut self.scratch);
        let kept = match writer.write(&self.scratch) {
            Err(StoreError::Full) => false,
            other => other.map(|()| true)?,
        };
        if !(is_json && kept) {
            self.pretty = None;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::body::Form;

    fn taken(content_type: &str, bytes: &[u8], piece: usize, limit: u64) -> (StoredBody, BodySummary) {
        let folder = tempfile::tempdir().unwrap();
        let mut sink = Sink::new(&Arc::new(Cache::open(folder.path(), limit).unwrap()), content_type);
        for piece in bytes.chunks(piece.max(1)) {
            sink.push(piece).unwrap();
        }
        sink.finish(true, None, None).unwrap()
    }

    fn text(body: &StoredBody, form: Form) -> String {
        String::from_utf8(body.lines(form, 0, u32::MAX, usize::MAX).unwrap()).unwrap()
    }

    #[rstest]
    #[case::none("application/json", b"", BodyKind::Empty, "", None)]
    #[case::json("application/json", b"[1]", BodyKind::Json, "[1]", Some("[\n  1\n]"))]
    #[case::broken("application/json", b"[1", BodyKind::Text, "[1", None)]
    #[case::silent(
        "",
        b"{\"a\":\"\xc3\xa4\"}",
        BodyKind::Json,
        "{\"a\":\"\u{e4}\"}",
        Some("{\n  \"a\": \"\u{e4}\"\n}")
    )]
    #[case::latin("text/plain;charset=latin1", b"gr\xfcn", BodyKind::Text, "gr\u{fc}n", None)]
    #[case::utf_16("application/json", b"\xff\xfe[\x001\x00]\x00", BodyKind::Json, "[1]", Some("[\n  1\n]"))]
    #[case::marked("application/json", b"\xef\xbb\xbf[1]", BodyKind::Json, "[1]", Some("[\n  1\n]"))]
    #[case::xml("application/xml", b"<a><b/></a>", BodyKind::Xml, "<a><b/></a>", Some("<a>\n  <b/>\n</a>"))]
    #[case::broken_xml("text/xml", b"<a><b>", BodyKind::Xml, "<a><b>", None)]
    #[case::html("text/html", b"<p><b>x</b></p>", BodyKind::Html, "<p><b>x</b></p>", None)]
    #[case::binary("", b"\0\x01", BodyKind::Binary, "\0\u{1}", None)]
    fn a_body_is_understood(
        #[case] content_type: &str,
        #[case] bytes: &[u8],
        #[case] kind: BodyKind,
        #[case] raw: &str,
        #[case] pretty: Option<&str>,
        #[values(1, 999)] piece: usize,
    ) {
        let (body, summary) = taken(content_type, bytes, piece, 1 << 20);
        assert_eq!(summary.kind, kind);
        assert_eq!(text(&body, Form::Raw), raw);
        assert_eq!(text(&body, Form::Pretty), pretty.unwrap_or(raw));
        assert_eq!(summary.pretty_lines.is_some(), pretty.is_some());
        assert_eq!(body.bytes(usize::MAX).unwrap(), bytes);
    }

    #[test]
    fn a_large_body_lies_in_a_file_that_goes_with_it() {
        let json = format!("[{}0]", "123456789,".repeat(100_000));
        let (body, summary) = taken("application/json", json.as_bytes(), 70_000, 1 << 30);
        let path = body.path().unwrap();
        assert_eq!(summary.pretty_lines, Some(100_003));
        assert_eq!(body.lines(Form::Pretty, 100_000, 9, 999).unwrap(), b"  123456789,\n  0\n]");
        drop(body);
        assert!(!path.exists());
    }

    #[test]
    fn where_the_cache_is_small_the_body_is_kept_and_the_indented_form_given_up() {
        let json = format!("[{}0]", "1,".repeat(300_000));
        let (body, summary) = taken("application/json", json.as_bytes(), 10_000, 700_000);
        assert_eq!(summary.pretty_lines, None);
        assert_eq!(body.length(), json.len() as u64);
    }

    #[test]
    fn a_saved_body_is_byte_for_byte_what_came() {
        let bytes: Vec<u8> = (0..600_000u32).map(|number| u8::try_from(number % 251).unwrap()).collect();
        let (body, _) = taken("application/octet-stream", &bytes, 9_999, 1 << 30);
        let folder = tempfile::tempdir().unwrap();
        let destination = folder.path().join("saved.bin");
        body.save_as(&destination).unwrap();
        assert_eq!(std::fs::read(&destination).unwrap(), bytes);
        let error = body.save_as(&folder.path().join("absent/saved.bin")).unwrap_err();
        assert!(error.to_string().contains("absent"));
    }

    proptest! {
        #[test]
        fn how_the_bytes_are_cut_changes_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..2000), piece in 1usize..600) {
            let (one, first) = taken("text/plain", &bytes, usize::MAX, 1 << 20);
            let (other, second) = taken("text/plain", &bytes, piece, 1 << 20);
            prop_assert_eq!(first, second);
            prop_assert_eq!(text(&one, Form::Raw), text(&other, Form::Raw));
        }
    }
}
