//! Secrets made unreadable in whatever is shown, in the forms in which they travel.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use gatepass_vault::Secret;
use memchr::memmem::Finder;

/// What stands in place of a secret.
pub const MASK: &str = "••••••••";

/// The fewest bytes that a secret must have to be looked for inside other text.
const SHORTEST: usize = 4;

/// Finds secrets in text and bytes: as they are, percent-encoded (RFC 3986 §2.1), in Base64 (RFC 4648), and as a
/// JSON string writes them.
///
/// A secret of fewer than four bytes is masked only where it is the whole text.
#[derive(Default)]
pub struct Mask {
    needles: Vec<Finder<'static>>,
    short: Vec<Secret>,
}

impl Mask {
    /// Prepares the search for these secrets.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut forms: Vec<Vec<u8>> = Vec::new();
        let mut short = Vec::new();
        for secret in secrets {
            match secret.expose().len() {
                0 => {}
                length if length < SHORTEST => short.push(secret.clone()),
                _ => forms.extend(forms_of(secret.expose())),
            }
        }
        forms.sort_unstable();
        forms.dedup();
        Self { needles: forms.iter().map(|form| Finder::new(form).into_owned()).collect(), short }
    }

    /// Replaces every secret in the text by [`MASK`].
    pub fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.short.iter().any(|secret| secret.expose() == text) {
            return Cow::Borrowed(MASK);
        }
        if self.needles.is_empty() {
            return Cow::Borrowed(text);
        }
        let found = self.ranges(text.as_bytes());
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut shown = String::with_capacity(text.len());
        let mut shown_to = 0;
        for range in found {
            shown.push_str(text.get(shown_to..range.start).unwrap_or_default());
            shown.push_str(MASK);
            shown_to = range.end;
        }
        shown.push_str(text.get(shown_to..).unwrap_or_default());
        Cow::Owned(shown)
    }

    /// Replaces every secret in a text that is at hand, and tells whether there was any.
    pub(crate) fn applied(&self, text: String) -> (String, bool) {
        match self.apply(&text) {
            Cow::Borrowed(same) if std::ptr::eq(same, text.as_str()) => (text, false),
            Cow::Borrowed(mask) => (mask.to_owned(), true),
            Cow::Owned(shown) => (shown, true),
        }
    }

    /// Tells whether any secret is in the bytes.
    pub fn contains(&self, bytes: &[u8]) -> bool {
        self.short.iter().any(|secret| secret.expose().as_bytes() == bytes)
            || self.needles.iter().any(|needle| fits(needle, bytes) && needle.find(bytes).is_some())
            || decoded(bytes).is_some_and(|(plain, _)| {
                self.needles.iter().any(|needle| fits(needle, &plain) && needle.find(&plain).is_some())
            })
    }

    fn ranges(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for needle in self.needles.iter().filter(|needle| fits(needle, bytes)) {
            found.extend(needle.find_iter(bytes).map(|start| start..start + needle.needle().len()));
        }
        if let Some((plain, places)) = decoded(bytes) {
            for needle in self.needles.iter().filter(|needle| fits(needle, &plain)) {
                let end = |start: usize| places.get(start + needle.needle().len()).copied().unwrap_or(bytes.len());
                found.extend(needle.find_iter(&plain).map(|start| places[start]..end(start)));
            }
        }
        merged(found)
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Mask(…)")
    }
}

fn fits(needle: &Finder<'_>, haystack: &[u8]) -> bool {
    needle.needle().len() <= haystack.len()
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

fn forms_of(secret: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![secret.as_bytes().to_vec()];
    if secret.contains(' ') {
        forms.push(secret.replace(' ', "+").into_bytes());
    }
    if let Ok(quoted) = serde_json::to_string(secret) {
        let inner = &quoted[1..quoted.len() - 1];
        forms.push(inner.as_bytes().to_vec());
        forms.push(inner.replace('/', "\\/").into_bytes());
    }
    // Base64 turns three bytes into four characters, so a secret inside a longer value has one of three forms; the
    // characters that its neighbours have a share in are left out.
    for offset in 0..3 {
        let mut padded = vec![0; offset];
        padded.extend_from_slice(secret.as_bytes());
        let certain = (offset * 8).div_ceil(6)..padded.len() * 8 / 6;
        forms.push(STANDARD_NO_PAD.encode(&padded).as_bytes()[certain.clone()].to_vec());
        forms.push(URL_SAFE_NO_PAD.encode(&padded).as_bytes()[certain].to_vec());
    }
    forms
}

/// Undoes percent-encoding and tells where each byte came from; nothing where there is nothing to undo.
fn decoded(bytes: &[u8]) -> Option<(Vec<u8>, Vec<usize>)> {
    memchr::memchr(b'%', bytes)?;
    let mut plain = Vec::with_capacity(bytes.len());
    let mut places = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        places.push(at);
        let escaped = (bytes[at] == b'%').then(|| hex_pair(bytes.get(at + 1..at + 3)?)).flatten();
        plain.push(escaped.unwrap_or(bytes[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    Some((plain, places))
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some(value(digits[0])? * 16 + value(digits[1])?)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn mask(secret: &str) -> Mask {
        Mask::new([&Secret::new(secret)])
    }

    #[rstest]
    #[case::as_it_is("k3y/+ä", "Bearer k3y/+ä;", "Bearer ••••••••;")]
    #[case::percent_encoded("k3y/+ä", "?key=k3y%2F%2b%C3%a4&a=1", "?key=••••••••&a=1")]
    #[case::needlessly_percent_encoded("secret", "?key=%73ecr%65t", "?key=••••••••")]
    #[case::form_encoded("two words", "p=two+words&x", "p=••••••••&x")]
    #[case::in_json("a\"b/c", r#"{"p":"a\"b\/c"}"#, r#"{"p":"••••••••"}"#)]
    #[case::twice("abcd", "abcd-abcd", "••••••••-••••••••")]
    #[case::overlapping("abab", "xababab", "x••••••••ab")]
    #[case::another("abcd", "abce 100% sure", "abce 100% sure")]
    #[case::short_inside("abc", "abc abc", "abc abc")]
    #[case::short_alone("abc", "abc", "••••••••")]
    #[case::empty("", "", "")]
    fn masks_the_forms_in_which_a_secret_travels(#[case] secret: &str, #[case] text: &str, #[case] shown: &str) {
        assert_eq!(mask(secret).apply(text), shown);
        assert_eq!(mask(secret).contains(text.as_bytes()), text != shown);
    }

    #[rstest]
    fn finds_a_password_in_basic_credentials_of_any_user(#[values("a", "ab", "abc", "abcd")] user: &str) {
        let header = format!("Basic {}", STANDARD.encode(format!("{user}:correct-horse-battery")));
        let shown = mask("correct-horse-battery").apply(&header).into_owned();
        assert!(shown.contains(MASK), "{shown}");
    }

    #[test]
    fn its_debug_form_tells_nothing() {
        assert_eq!(format!("{:?}", mask("hunter22")), "Mask(…)");
    }

    proptest! {
        #[test]
        fn nothing_of_a_secret_is_left_whatever_surrounds_it(
            before in ".{0,12}", secret in "[A-Za-z0-9._~/+=-]{4,40}", after in ".{0,12}",
        ) {
            let mask = mask(&secret);
            let shown = mask.apply(&format!("{before}{secret}{after}")).into_owned();
            prop_assert!(!shown.contains(&secret), "{}", shown);
            let encoded = STANDARD.encode(format!("{before}{secret}{after}"));
            prop_assert!(mask.contains(encoded.as_bytes()));
        }
    }
}
