//! What a body is, by its media type and, where that is silent, by how it begins.

use encoding_rs::Encoding;

use crate::exchange::BodyKind;

/// A media type (RFC 9110 §8.3.1), taken apart.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct MediaType {
    /// Type and subtype in lower case; empty where none was sent.
    pub(super) essence: String,
    pub(super) charset: Option<&'static Encoding>,
}

impl MediaType {
    pub(super) fn parse(field: &str) -> Self {
        let mut pieces = field.split(';');
        let essence = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
        let charset = pieces
            .filter_map(|piece| piece.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .and_then(|(_, label)| Encoding::for_label(label.trim().trim_matches('"').as_bytes()));
        Self { essence, charset }
    }
}

/// Guesses the kind from the media type and the first bytes; JSON is yet to be proved.
pub(super) fn guess(essence: &str, start: &[u8]) -> BodyKind {
    let (family, subtype) = essence.split_once('/').unwrap_or((essence, ""));
    match (family, subtype) {
        ("" | "*", _) | ("application", "octet-stream") => by_bytes(start),
        (_, "json") => BodyKind::Json,
        ("text", "html") | (_, "xhtml+xml") => BodyKind::Html,
        ("image", "svg+xml") => BodyKind::Image,
        (_, "xml") => BodyKind::Xml,
        _ if subtype.ends_with("+json") => BodyKind::Json,
        _ if subtype.ends_with("+xml") => BodyKind::Xml,
        ("image", _) => BodyKind::Image,
        ("text" | "message" | "multipart", _)
        | (_, "javascript" | "x-www-form-urlencoded" | "yaml" | "x-yaml" | "sql" | "graphql" | "x-ndjson") => {
            BodyKind::Text
        }
        ("audio" | "video" | "font", _) => BodyKind::Binary,
        _ => by_bytes(start),
    }
}

fn by_bytes(start: &[u8]) -> BodyKind {
    let is_picture = start.starts_with(b"\x89PNG\r\n\x1a\n")
        || start.starts_with(b"\xff\xd8\xff")
        || start.starts_with(b"GIF8")
        || (start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP"));
    if is_picture {
        return BodyKind::Image;
    }
    let is_text = match std::str::from_utf8(start) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    if !is_text || start.contains(&0) {
        return BodyKind::Binary;
    }
    let text = start.trim_ascii_start();
    let begins = |with: &[u8]| text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    if text.starts_with(b"{") || text.starts_with(b"[") {
        BodyKind::Json
    } else if begins(b"<!doctype html") || begins(b"<html") {
        BodyKind::Html
    } else if begins(b"<?xml") {
        BodyKind::Xml
    } else {
        BodyKind::Text
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("application/json", b"", BodyKind::Json)]
    #[case("application/problem+json", b"", BodyKind::Json)]
    #[case("text/html", b"{", BodyKind::Html)]
    #[case("text/plain", b"{}", BodyKind::Text)]
    #[case("application/soap+xml", b"", BodyKind::Xml)]
    #[case("image/svg+xml", b"", BodyKind::Image)]
    #[case("application/pdf", b"%PDF-1.7\n%\xe2\xe3", BodyKind::Binary)]
    #[case("", b" {\"a\":1}", BodyKind::Json)]
    #[case("", b"<!DOCTYPE html>", BodyKind::Html)]
    #[case("", b"<?xml version='1.0'?>", BodyKind::Xml)]
    #[case("", b"GIF89a", BodyKind::Image)]
    #[case("", "gr\u{fc}n".as_bytes(), BodyKind::Text)]
    #[case("", b"caf\xc3", BodyKind::Text)]
    #[case("application/octet-stream", b"a\0b", BodyKind::Binary)]
    fn the_media_type_decides_and_the_bytes_where_it_is_silent(
        #[case] essence: &str,
        #[case] start: &[u8],
        #[case] expected: BodyKind,
    ) {
        assert_eq!(guess(essence, start), expected);
    }

    #[test]
    fn a_media_type_is_taken_apart() {
        let parsed = MediaType::parse(r#"Text/HTML ; a=b; Charset="ISO-8859-1""#);
        assert_eq!(parsed.essence, "text/html");
        assert_eq!(parsed.charset, Some(encoding_rs::WINDOWS_1252));
        assert_eq!(MediaType::parse(""), MediaType::default());
    }
}
