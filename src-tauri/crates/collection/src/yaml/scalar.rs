//! Scalars: what they mean, and how they are written so that every reader takes them for what they are.

/// Tells whether a plain scalar is null (YAML 1.2.2 §10.3.2).
pub fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Tells whether a plain scalar is something else than a string in YAML 1.2's core schema.
pub fn is_typed(text: &str) -> bool {
    is_null(text) || matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE") || is_core_number(text)
}

/// Writes a string on one line, if it can stand there: plain, else in single quotes, else escaped in double quotes.
pub fn inline(text: &str) -> String {
    if text.chars().any(needs_escape) {
        return escaped(text);
    }
    if is_safe_plain(text) { text.to_owned() } else { single_quoted(text) }
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Writes a string on one line in the quotes that its place had before, where they can hold it.
pub fn inline_in(text: &str, quote: Option<char>) -> String {
    match quote {
        Some('"') => escaped(text),
        Some(_) if !text.chars().any(needs_escape) => single_quoted(text),
        _ => inline(text),
    }
}

/// Writes a string of several lines as the lines of a literal block without their indentation, with the block's
/// header; `None` where it must stand in double quotes.
pub fn literal(text: &str) -> Option<(&'static str, Vec<&str>)> {
    if !text.contains('\n') || text.chars().any(|symbol| symbol != '\n' && needs_escape_in_block(symbol)) {
        return None;
    }
    let (content, clipped) = match text.strip_suffix('\n') {
        Some(content) => (content, true),
        None => (text, false),
    };
    if content.is_empty() || content.ends_with('\n') || content.lines().all(|line| line.trim().is_empty()) {
        return None;
    }
    // A last line of blanks would be taken for indentation, and so would a first one.
    if content.rsplit('\n').next().is_some_and(|line| line.trim().is_empty()) {
        return None;
    }
    let indented = content.starts_with([' ', '\t', '\n']);
    let header = match (indented, clipped) {
        (false, false) => "|-",
        (false, true) => "|",
        (true, false) => "|2-",
        (true, true) => "|2",
    };
    Some((header, content.split('\n').collect()))
}

fn needs_escape(symbol: char) -> bool {
    symbol == '\n' || needs_escape_in_block(symbol)
}

fn needs_escape_in_block(symbol: char) -> bool {
    (symbol.is_control() && symbol != '\n' && symbol != '\t')
        || matches!(symbol, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn escaped(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len() + 8);
    out.push('"');
    for symbol in text.chars() {
        match symbol {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            symbol if needs_escape(symbol) => {
                // Writing into a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(symbol));
            }
            symbol => out.push(symbol),
        }
    }
    out.push('"');
    out
}

fn is_safe_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    !(first.is_whitespace()
        || text.ends_with(char::is_whitespace)
        || "-?:,[]{}#&*!|>'\"%@`=<~".contains(first)
        || text.contains('\t')
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with(':')
        || text == "..."
        || is_typed(text)
        || is_word_of_old(text)
        || is_number_of_old(text))
}

/// The words that YAML 1.1 takes for booleans.
fn is_word_of_old(text: &str) -> bool {
    const WORDS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "true", "false"];
    text.len() <= 5 && WORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn is_core_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    }
    is_decimal(unsigned)
}

fn is_decimal(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|digit| digit.is_ascii_digit());
    let exponent_is_one = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    (!whole.is_empty() || !fraction.is_empty()) && digits(whole) && digits(fraction) && exponent_is_one
}

/// What YAML 1.1 takes for a number or a date: `0b1`, `1_000`, `190:20:30`, `2026-01-01`, `2026-01-01 10:00:00`.
fn is_number_of_old(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts_as_number = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    if !starts_as_number {
        return false;
    }
    let plain = unsigned.replace('_', "");
    is_core_number(&plain)
        || plain.strip_prefix("0b").is_some_and(|digits| digits.bytes().all(|digit| matches!(digit, b'0' | b'1')))
        || is_parted(&plain, ':')
        || is_date(unsigned)
}

fn is_parted(text: &str, separator: char) -> bool {
    text.contains(separator)
        && text
            .split(separator)
            .all(|part| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit() || digit == b'.'))
}

fn is_date(text: &str) -> bool {
    let day = text.split(['T', 't', ' ']).next().unwrap_or(text);
    let parts: Vec<_> = day.split('-').collect();
    parts.len() == 3
        && parts[0].len() == 4
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::word("no", "'no'")]
    #[case::word_on("on", "'on'")]
    #[case::octal("0755", "'0755'")]
    #[case::exponent("1e3", "'1e3'")]
    #[case::date("2026-01-01", "'2026-01-01'")]
    #[case::sixty("12:30:45", "'12:30:45'")]
    #[case::underscore("1_000", "'1_000'")]
    #[case::null("null", "'null'")]
    #[case::tilde("~", "'~'")]
    #[case::empty("", "''")]
    #[case::variable("{{base}}", "'{{base}}'")]
    #[case::apostrophe("# it's", "'# it''s'")]
    #[case::colon("a: b", "'a: b'")]
    #[case::comment("a #b", "'a #b'")]
    #[case::control("a\u{1}b", "\"a\\u0001b\"")]
    #[case::line_break("a\r\nb", "\"a\\r\\nb\"")]
    #[case::url("https://{{host}}/pets?a=1#x", "https://{{host}}/pets?a=1#x")]
    #[case::version("1.0.0", "1.0.0")]
    #[case::address("10.0.0.1", "10.0.0.1")]
    #[case::words("List open orders", "List open orders")]
    fn strings_are_written_so_that_they_stay_strings(#[case] text: &str, #[case] written: &str) {
        assert_eq!(inline(text), written);
    }

    #[rstest]
    #[case("{\n  \"a\": 1\n}", Some("|-"))]
    #[case("a\nb\n", Some("|"))]
    #[case("  a\nb", Some("|2-"))]
    #[case("a\n\n", None)]
    #[case("a\r\nb", None)]
    #[case("\n", None)]
    #[case("a\n  ", None)]
    #[case("a", None)]
    fn literal_blocks_are_used_where_they_hold_the_text_exactly(#[case] text: &str, #[case] header: Option<&str>) {
        assert_eq!(literal(text).map(|(header, _)| header), header);
    }
}
