//! The forms of Cognito's identifiers, from its service model.

use std::fmt;

use url::{Host, Url};

/// `[\w+]+`, at most 128.
pub(crate) fn is_client_id(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+'))
}

/// Visible ASCII, at most 256: what a client id may be at any provider (RFC 6749 §2.2, appendix A.1).
pub(crate) fn is_openid_client_id(text: &str) -> bool {
    (1..=256).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// `[\w-]+_[0-9a-zA-Z]+`, at most 55.
pub(crate) fn is_pool_id(text: &str) -> bool {
    text.len() <= 55
        && text.rsplit_once('_').is_some_and(|(region, rest)| {
            let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
            !region.is_empty()
                && region.bytes().all(word)
                && !rest.is_empty()
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Two letters, one or more words, a number: `us-gov-west-1`.
pub(crate) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [first, middle @ .., last] = parts.as_slice() else { return false };
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    first.len() == 2
        && letters(first)
        && !middle.is_empty()
        && middle.iter().all(|part| letters(part))
        && (1..=2).contains(&last.len())
        && last.bytes().all(|byte| byte.is_ascii_digit())
}

/// `[\x21\x23-\x5B\x5D-\x7E]+`, at most 256 (RFC 6749 §3.3).
pub(crate) fn is_scope(text: &str) -> bool {
    (1..=256).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

/// A field as it is meant: without the blanks around it, and absent where nothing is left.
pub(crate) fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The scopes in what was typed, each once and in its order; or the first that is none, fit to stand in a sentence.
pub(crate) fn read_scopes(typed: &[String]) -> Result<Vec<String>, String> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in typed.iter().flat_map(|text| text.split_whitespace()) {
        if !is_scope(scope) {
            return Err(Bounded(scope).to_string());
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    Ok(scopes)
}

/// `^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$`.
pub(crate) fn is_domain_prefix(text: &str) -> bool {
    let edge = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    match text.as_bytes() {
        [] => false,
        bytes => {
            bytes.len() <= 63
                && edge(bytes[0])
                && edge(bytes[bytes.len() - 1])
                && bytes.iter().all(|&byte| edge(byte) || byte == b'-')
        }
    }
}

/// Tells whether a URL's host is this machine, as Cognito counts it for callbacks.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.octets() == [127, 0, 0, 1],
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Text from outside, fit to stand in a sentence: in quotes, without control characters, at most 120 characters.
pub(crate) struct Bounded<'a>(pub &'a str);

impl fmt::Display for Bounded<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 120;
        if self.0.is_empty() {
            return formatter.write_str("empty");
        }
        let shown: String = self.0.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let rest = if self.0.chars().count() > LONGEST { "…" } else { "" };
        write!(formatter, "\"{shown}{rest}\"")
    }
}
