//! JSON indented as it comes in, token by token: numbers, escapes, key order and repeated keys stay as they are.

/// The deepest nesting that is indented.
const DEEPEST: usize = 512;
/// How many times larger than its source an indented text may become, beyond [`GROWTH_FREE`].
const GROWTH: usize = 16;
const GROWTH_FREE: usize = 64 * 1024;

/// A line feed and the blanks of the deepest line.
static BREAK: [u8; 1 + 2 * DEEPEST] = {
    let mut line = [b' '; 1 + 2 * DEEPEST];
    line[0] = b'\n';
    line
};

/// How many bytes of a string are looked at one by one.
const SHORT: usize = 32;

/// Which bytes are not a string's plain text (RFC 8259 §7).
static ENDS_PLAIN: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        ends[byte] = true;
        byte += 1;
    }
    ends[b'"' as usize] = true;
    ends[b'\\' as usize] = true;
    ends
};

/// Reads a JSON text (RFC 8259) in pieces and writes it indented by two blanks.
pub(super) struct Indenter {
    state: State,
    /// Whether each open container is an object, the outermost first.
    open: Vec<bool>,
    read: usize,
    written: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    FirstItem,
    FirstKey,
    Key,
    Colon,
    AfterValue,
    Text { key: bool },
    Escape { key: bool },
    Unicode { key: bool, left: u8 },
    Word(&'static [u8]),
    Number(Number),
    Broken,
}

/// How far a number has come; the states that may end are those after a digit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Power,
    PowerSign,
    PowerDigits,
}

impl Number {
    fn step(self, byte: u8) -> Option<Self> {
        match (self, byte) {
            (Self::Minus, b'0') => Some(Self::Zero),
            (Self::Minus, b'1'..=b'9') | (Self::Integer, b'0'..=b'9') => Some(Self::Integer),
            (Self::Zero | Self::Integer, b'.') => Some(Self::Point),
            (Self::Point | Self::Fraction, b'0'..=b'9') => Some(Self::Fraction),
            (Self::Zero | Self::Integer | Self::Fraction, b'e' | b'E') => Some(Self::Power),
            (Self::Power, b'+' | b'-') => Some(Self::PowerSign),
            (Self::Power | Self::PowerSign | Self::PowerDigits, b'0'..=b'9') => Some(Self::PowerDigits),
            _ => None,
        }
    }

    fn may_end(self) -> bool {
        matches!(self, Self::Zero | Self::Integer | Self::Fraction | Self::PowerDigits)
    }
}

impl Indenter {
    pub(super) fn new() -> Self {
        Self { state: State::Value, open: Vec::new(), read: 0, written: 0 }
    }

    /// Reads on and appends what came of it; false once it is not JSON, or would become too large.
    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> bool {
        let before = out.len();
        out.reserve(bytes.len() * 2);
        let mut at = 0;
        while at < bytes.len() {
            at += match self.state {
                State::Text { key } => self.text(key, &bytes[at..], out),
                State::Number(number) => self.number(number, &bytes[at..], out),
                State::Broken => break,
                _ => {
                    self.byte(bytes[at], out);
                    if self.written + (out.len() - before) > GROWTH_FREE + GROWTH * (self.read + at + 1) {
                        self.state = State::Broken;
                    }
                    1
                }
            };
        }
        self.read += bytes.len();
        self.written += out.len() - before;
        self.state != State::Broken
    }

    /// Tells whether the text is complete.
    pub(super) fn is_complete(&self) -> bool {
        self.open.is_empty()
            && match self.state {
                State::AfterValue => true,
                State::Number(number) => number.may_end(),
                _ => false,
            }
    }

    /// Copies a string's plain stretch; gives how many bytes it took.
    fn text(&mut self, key: bool, bytes: &[u8], out: &mut Vec<u8>) -> usize {
        let plain = plain(bytes);
        out.extend_from_slice(&bytes[..plain]);
        match bytes.get(plain) {
            None => return plain,
            Some(b'"') => {
                out.push(b'"');
                self.state = if key { State::Colon } else { State::AfterValue };
            }
            Some(b'\\') => {
                out.push(b'\\');
                self.state = State::Escape { key };
            }
            Some(_) => self.state = State::Broken,
        }
        plain + 1
    }

    /// Takes one byte that is neither within a string nor within a number.
    fn byte(&mut self, byte: u8, out: &mut Vec<u8>) {
        match self.state {
            State::Word(rest) => self.word(rest, byte, out),
            State::Escape { key } => {
                out.push(byte);
                self.state = match byte {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => State::Text { key },
                    b'u' => State::Unicode { key, left: 4 },
                    _ => State::Broken,
                };
            }
            State::Unicode { key, left } => {
                out.push(byte);
                self.state = match (byte.is_ascii_hexdigit(), left) {
                    (false, _) => State::Broken,
                    (true, 1) => State::Text { key },
                    (true, _) => State::Unicode { key, left: left - 1 },
                };
            }
            _ if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') => {}
            State::Value => self.value(byte, out),
            State::FirstItem if byte == b']' => self.close(byte, out),
            State::FirstItem => {
                self.break_line(out);
                self.value(byte, out);
            }
            State::FirstKey if byte == b'}' => self.close(byte, out),
            State::FirstKey | State::Key if byte == b'"' => {
                if self.state == State::FirstKey {
                    self.break_line(out);
                }
                out.push(byte);
                self.state = State::Text { key: true };
            }
            State::Colon if byte == b':' => {
                out.extend_from_slice(b": ");
                self.state = State::Value;
            }
            State::AfterValue => self.after_value(byte, out),
            _ => self.state = State::Broken,
        }
    }

    fn value(&mut self, byte: u8, out: &mut Vec<u8>) {
        out.push(byte);
        self.state = match byte {
            b'{' | b'[' if self.open.len() < DEEPEST => {
                self.open.push(byte == b'{');
                if byte == b'{' { State::FirstKey } else { State::FirstItem }
            }
            b'"' => State::Text { key: false },
            b't' => State::Word(b"rue"),
            b'f' => State::Word(b"alse"),
            b'n' => State::Word(b"ull"),
            b'-' => State::Number(Number::Minus),
            b'0' => State::Number(Number::Zero),
            b'1'..=b'9' => State::Number(Number::Integer),
            _ => State::Broken,
        };
    }

    fn after_value(&mut self, byte: u8, out: &mut Vec<u8>) {
        match (byte, self.open.last()) {
            (b',', Some(object)) => {
                self.state = if *object { State::Key } else { State::Value };
                out.push(byte);
                self.break_line(out);
            }
            (b'}', Some(true)) | (b']', Some(false)) => {
                self.open.pop();
                self.break_line(out);
                out.push(byte);
                self.state = State::AfterValue;
            }
            _ => self.state = State::Broken,
        }
    }

    /// Closes a container that stayed empty.
    fn close(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.open.pop();
        out.push(byte);
        self.state = State::AfterValue;
    }

    fn word(&mut self, rest: &'static [u8], byte: u8, out: &mut Vec<u8>) {
        out.push(byte);
        self.state = match rest.split_first() {
            Some((expected, [])) if *expected == byte => State::AfterValue,
            Some((expected, rest)) if *expected == byte => State::Word(rest),
            _ => State::Broken,
        };
    }

    /// Copies a number's digits; gives how many bytes it took, none where something else follows.
    fn number(&mut self, mut number: Number, bytes: &[u8], out: &mut Vec<u8>) -> usize {
        let mut taken = 0;
        let mut follows = false;
        for byte in bytes {
            let Some(next) = number.step(*byte) else {
                follows = true;
                break;
            };
            number = next;
            taken += 1;
        }
        out.extend_from_slice(&bytes[..taken]);
        self.state = match (follows, number.may_end()) {
            (false, _) => State::Number(number),
            (true, true) => State::AfterValue,
            (true, false) => State::Broken,
        };
        taken
    }

    fn break_line(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&BREAK[..=2 * self.open.len()]);
    }
}

/// Gives the length of the plain text at the beginning: looked through byte by byte while it is short, as most strings
/// are, and by wider steps where it is long.
fn plain(bytes: &[u8]) -> usize {
    let short = &bytes[..bytes.len().min(SHORT)];
    if let Some(end) = short.iter().position(|byte| ENDS_PLAIN[usize::from(*byte)]) {
        return end;
    }
    let end = memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
    let has_control = bytes[..end].iter().copied().fold(u8::MAX, u8::min) < 0x20;
    if has_control { bytes.iter().position(|byte| *byte < 0x20).unwrap_or(end) } else { end }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::Value;

    use super::*;

    fn indented(text: &[u8], piece: usize) -> Option<String> {
        let mut indenter = Indenter::new();
        let mut out = Vec::new();
        for piece in text.chunks(piece.max(1)) {
            if !indenter.push(piece, &mut out) {
                return None;
            }
        }
        indenter.is_complete().then(|| String::from_utf8(out).unwrap())
    }

    #[rstest]
    #[case::number_kept(
        r#"{"n":1e400,"m":10000000000000000000001.50}"#,
        "{\n  \"n\": 1e400,\n  \"m\": 10000000000000000000001.50\n}"
    )]
    #[case::escapes_kept(r#"["\u00e9\/\"é"]"#, "[\n  \"\\u00e9\\/\\\"é\"\n]")]
    #[case::repeated_keys_kept(r#"{"b":1,"a":2,"b":3}"#, "{\n  \"b\": 1,\n  \"a\": 2,\n  \"b\": 3\n}")]
    #[case::empty("{ \"a\" : [ ] , \"b\":{}}", "{\n  \"a\": [],\n  \"b\": {}\n}")]
    #[case::bare("  true\n", "true")]
    #[case::bare_number("-0.0", "-0.0")]
    fn it_is_indented_and_otherwise_as_it_came(
        #[case] text: &str,
        #[case] expected: &str,
        #[values(1, 3, 999)] piece: usize,
    ) {
        assert_eq!(indented(text.as_bytes(), piece).as_deref(), Some(expected));
    }

    #[rstest]
    fn what_is_no_json_is_not_taken_for_it(
        #[values(
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "tru",
            "truex",
            "'a'",
            "\"a",
            "\"\\x\"",
            "\"\\u12g4\"",
            "{a:1}",
            "[1 2]",
            "{\"a\" 1}",
            "1 2",
            "{}{}",
            "]",
            "[}",
            "\"a\nb\"",
            "NaN",
            "// c\n1"
        )]
        text: &str,
        #[values(1, 999)] piece: usize,
    ) {
        assert_eq!(indented(text.as_bytes(), piece), None);
        assert!(serde_json::from_str::<Value>(text).is_err(), "the reference parser agrees");
    }

    #[rstest]
    #[case::deep("[".repeat(1_000_000))]
    #[case::wide(format!("{}{}", "[".repeat(500), "[],".repeat(200_000)))]
    fn a_text_made_to_explode_is_given_up(#[case] text: String) {
        let mut out = Vec::new();
        assert!(!Indenter::new().push(text.as_bytes(), &mut out));
        assert!(out.len() < GROWTH_FREE + GROWTH * text.len() + 2 * DEEPEST + 8);
    }

    #[rstest]
    fn a_long_string_ends_where_it_must(
        #[values(0, 1, 31, 32, 33, 500)] before: usize,
        #[values(1, 40, 9999)] piece: usize,
    ) {
        let whole = format!("\"{}\\\"é\"", "x".repeat(before));
        assert_eq!(indented(whole.as_bytes(), piece).as_deref(), Some(whole.as_str()));
        let broken = format!("\"{}\t\"", "x".repeat(before));
        assert_eq!(indented(broken.as_bytes(), piece), None);
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::vec((".{0,4}", inner), 0..6)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_means_the_same_when_indented(value in json(), piece in 1usize..40) {
            let compact = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(indented(compact.as_bytes(), piece), Some(serde_json::to_string_pretty(&value).unwrap()));
        }

        #[test]
        fn it_accepts_what_the_reference_parser_accepts(text in r#"[\[\]{}:,"0-9eE.+tfn\\u -]{0,12}"#) {
            prop_assert_eq!(indented(text.as_bytes(), 2).is_some(), serde_json::from_str::<Box<serde_json::value::RawValue>>(&text).is_ok());
        }
    }
}
