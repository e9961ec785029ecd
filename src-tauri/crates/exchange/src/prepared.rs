//! A request that is ready to go: variables and credentials are in it, and it is well-formed.

use std::fmt::{self, Write as _};
use std::time::Duration;

use gatepass_vault::Secret;
use http::{HeaderName, HeaderValue, Method};
use url::Url;

use crate::content::Content;
use crate::exchange::{HeaderOrigin, SentHeader};
use crate::mask::{MASK, Mask};

/// A request as it will be sent.
pub struct Prepared {
    /// The method (RFC 9110 §9).
    pub method: Method,
    /// The target, `http` or `https`. User and password in it become an `Authorization` field.
    pub url: Url,
    /// The header fields, in the order in which they are sent.
    pub headers: Vec<PreparedHeader>,
    /// The content.
    pub content: Content,
    /// Whether redirects are followed.
    pub follow_redirects: bool,
    /// How many redirects at the most.
    pub max_redirects: u32,
    /// The time limit for the whole exchange; none where absent.
    pub timeout: Option<Duration>,
    /// Every secret value that went anywhere into the request: masked wherever the request is shown, and kept from
    /// other origins.
    pub secrets: Vec<Secret>,
}

impl Prepared {
    /// Makes a request without header fields and content, with ten redirects at the most and 30 seconds of time.
    ///
    /// # Errors
    /// Where the method is no token (RFC 9110 §9.1), or is `CONNECT`, which asks for a tunnel.
    pub fn new(method: &str, url: Url) -> Result<Self, MethodError> {
        let parsed = Method::from_bytes(method.as_bytes()).map_err(|_| MethodError::Malformed(method.to_owned()))?;
        if parsed == Method::CONNECT {
            return Err(MethodError::Tunnel);
        }
        Ok(Self {
            method: parsed,
            url,
            headers: Vec::new(),
            content: Content::Empty,
            follow_redirects: true,
            max_redirects: 10,
            timeout: Some(Duration::from_secs(30)),
            secrets: Vec::new(),
        })
    }

    /// Makes the mask for everything that is shown of this request and of its answer.
    pub fn mask(&self) -> Mask {
        let password = self.url.password().map(percent_decoded);
        let own = self.headers.iter().filter_map(|header| header.credential.as_ref());
        Mask::new(self.secrets.iter().chain(own).chain(password.as_ref()))
    }

    /// Shows the header fields that the user, Auth and the body give the request, secrets masked.
    pub fn preview(&self) -> Vec<SentHeader> {
        let mask = self.mask();
        self.headers.iter().map(|header| header.shown(&mask)).collect()
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Prepared")
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .field("headers", &self.headers)
            .field("content", &self.content)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// The fields that carry credentials by their name alone.
const AT_HOME: [&str; 5] = ["authorization", "cookie", "proxy-authorization", "x-api-key", "x-amz-security-token"];

/// Tells whether a JWT (RFC 7519 §3) stands in a value, as one does that was typed into a header of any name.
fn holds_jwt(value: &[u8]) -> bool {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    value
        .split(|byte| !is_token(byte))
        .any(|word| word.starts_with(b"eyJ") && word.split(|byte| *byte == b'.').count() >= 3)
}

pub(crate) fn percent_decoded(text: &str) -> Secret {
    Secret::new(percent_encoding::percent_decode_str(text).decode_utf8_lossy())
}

/// Why a method cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MethodError {
    /// It is no token.
    #[error("the method {0:?} has a character that a method cannot have: use letters, for example GET")]
    Malformed(String),
    /// It is `CONNECT`.
    #[error("CONNECT opens a tunnel and is no request of its own: choose another method")]
    Tunnel,
}

/// A header field that is safe to send.
#[derive(Clone)]
pub struct PreparedHeader {
    pub(crate) name: HeaderName,
    pub(crate) value: HeaderValue,
    pub(crate) origin: HeaderOrigin,
    prefix: String,
    credential: Option<Secret>,
}

impl PreparedHeader {
    /// Takes a field whose value may be shown, apart from the request's secrets.
    ///
    /// # Errors
    /// Where name or value cannot stand in a header (RFC 9110 §5), or the field is the connection's own.
    pub fn new(name: &str, value: &str, origin: HeaderOrigin) -> Result<Self, HeaderError> {
        let name = checked_name(name)?;
        let value = checked_value(&name, value)?;
        Ok(Self { name, value, origin, prefix: String::new(), credential: None })
    }

    /// Takes a field that carries a credential, with a prefix such as `Bearer` and a blank before it where the prefix
    /// is not empty.
    ///
    /// # Errors
    /// As for [`PreparedHeader::new`].
    pub fn credential(name: &str, prefix: &str, secret: &Secret, origin: HeaderOrigin) -> Result<Self, HeaderError> {
        let name = checked_name(name)?;
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix} ") };
        let mut value = checked_value(&name, &format!("{prefix}{}", secret.expose()))?;
        value.set_sensitive(true);
        Ok(Self { name, value, origin, prefix, credential: Some(secret.clone()) })
    }

    /// Gives the name in lower case, as it goes over the wire.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Gives the one who added the field.
    pub fn origin(&self) -> HeaderOrigin {
        self.origin
    }

    /// Shows the field with its secrets masked.
    pub fn shown(&self, mask: &Mask) -> SentHeader {
        let (value, secret) = if self.credential.is_some() {
            (format!("{}{MASK}", mask.apply(&self.prefix)), true)
        } else {
            mask.applied(text_of(&self.value))
        };
        SentHeader { name: self.name.as_str().to_owned(), value, secret, origin: self.origin }
    }

    /// Tells whether the field must not go to another origin.
    pub(crate) fn stays_home(&self, mask: &Mask) -> bool {
        self.credential.is_some()
            || matches!(self.origin, HeaderOrigin::Token | HeaderOrigin::ApiKey)
            || AT_HOME.contains(&self.name.as_str())
            || holds_jwt(self.value.as_bytes())
            || mask.contains(self.value.as_bytes())
    }
}

impl fmt::Debug for PreparedHeader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: … ({:?})", self.name, self.origin)
    }
}

/// Gives a header's value as text; bytes that are not UTF-8 become `\xNN`.
pub(crate) fn text_of(value: &HeaderValue) -> String {
    if let Ok(text) = value.to_str() {
        return text.to_owned();
    }
    let mut text = String::with_capacity(value.len());
    for chunk in value.as_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    text
}

fn checked_name(name: &str) -> Result<HeaderName, HeaderError> {
    if name.is_empty() {
        return Err(HeaderError::NoName);
    }
    let is_token = |character: char| character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character);
    if let Some((at, character)) = name.chars().enumerate().find(|(_, character)| !is_token(*character)) {
        let before = name.chars().take(at).collect();
        return Err(HeaderError::Name { before, position: at + 1, character });
    }
    let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| HeaderError::TooLong)?;
    if [http::header::CONTENT_LENGTH, http::header::TRANSFER_ENCODING].contains(&parsed) {
        return Err(HeaderError::Framing { name: name.to_owned() });
    }
    Ok(parsed)
}

fn checked_value(name: &HeaderName, value: &str) -> Result<HeaderValue, HeaderError> {
    let name = || name.as_str().to_owned();
    for (at, character) in value.chars().enumerate() {
        let position = at + 1;
        match character {
            '\r' | '\n' => return Err(HeaderError::LineBreak { name: name(), position }),
            '\t' => {}
            _ if character.is_ascii_control() => {
                return Err(HeaderError::Control { name: name(), position, code: u32::from(character) });
            }
            _ => {}
        }
    }
    HeaderValue::from_bytes(value.as_bytes()).map_err(|_| HeaderError::TooLong)
}

/// Why a header field cannot be sent. It never shows the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The name is empty.
    #[error("a header has a value but no name: give it a name, or switch it off")]
    NoName,
    /// The name has a character that no name can have.
    #[error(
        "the header name {before:?} is followed by {character:?} at position {position}, which a name cannot have: use letters, digits and hyphens"
    )]
    Name {
        /// The name up to the character: what follows may be a value pasted with it.
        before: String,
        /// Where it is, counted from 1.
        position: usize,
        /// The character.
        character: char,
    },
    /// The value has a line break.
    #[error("the value of the header {name} has a line break at position {position}: remove it")]
    LineBreak {
        /// The header's name.
        name: String,
        /// Where it is, counted from 1.
        position: usize,
    },
    /// The value has a control character.
    #[error("the value of the header {name} has the control character U+{code:04X} at position {position}: remove it")]
    Control {
        /// The header's name.
        name: String,
        /// Where it is, counted from 1.
        position: usize,
        /// The character's code point.
        code: u32,
    },
    /// The field is computed from the content.
    #[error("the header {name} follows from the body and is set by Gatepass: switch yours off")]
    Framing {
        /// The header's name.
        name: String,
    },
    /// The name is too long to be one.
    #[error("a header name is longer than 64 KB: shorten it")]
    TooLong,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn header(name: &str, value: &str) -> Result<PreparedHeader, HeaderError> {
        PreparedHeader::new(name, value, HeaderOrigin::Typed)
    }

    #[rstest]
    #[case::line_feed("x-a", "one\ntwo", HeaderError::LineBreak { name: "x-a".into(), position: 4 })]
    #[case::carriage_return("x-a", "ä\rb", HeaderError::LineBreak { name: "x-a".into(), position: 2 })]
    #[case::null("x-a", "\0", HeaderError::Control { name: "x-a".into(), position: 1, code: 0 })]
    #[case::delete("x-a", "a\x7f", HeaderError::Control { name: "x-a".into(), position: 2, code: 0x7f })]
    #[case::no_name("", "a", HeaderError::NoName)]
    #[case::whole_line("x-api-key: abc", "", HeaderError::Name { before: "x-api-key".into(), position: 10, character: ':' })]
    #[case::blank("x key", "", HeaderError::Name { before: "x".into(), position: 2, character: ' ' })]
    #[case::umlaut("schlüssel", "", HeaderError::Name { before: "schl".into(), position: 5, character: 'ü' })]
    #[case::length("Content-Length", "3", HeaderError::Framing { name: "Content-Length".into() })]
    fn a_header_that_cannot_be_sent_is_refused_with_the_place(
        #[case] name: &str,
        #[case] value: &str,
        #[case] expected: HeaderError,
    ) {
        assert_eq!(header(name, value).unwrap_err(), expected);
    }

    #[rstest]
    #[case("x-a", "")]
    #[case("X-Tab", "a\tb")]
    #[case("x-umlaut", "schöner Tag")]
    #[case("!#$%&'*+-.^_`|~9", "any")]
    fn an_odd_but_lawful_header_is_taken(#[case] name: &str, #[case] value: &str) {
        assert_eq!(text_of(&header(name, value).unwrap().value), value);
    }

    #[test]
    fn an_error_never_shows_what_was_pasted_after_the_name() {
        let error = header("x-api-key: s3cr3t", "").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cr3t"));
    }

    #[test]
    fn a_request_shows_no_secret_in_its_debug_form_and_preview() {
        let secret = Secret::new("eyJhbGciOi.token");
        let mut request =
            Prepared::new("GET", "https://u:hunter22@a.test/?k=eyJhbGciOi.token".parse().unwrap()).unwrap();
        request.secrets = vec![secret.clone()];
        request.headers = vec![
            PreparedHeader::credential("dev-auth-token", "Bearer", &secret, HeaderOrigin::Token).unwrap(),
            PreparedHeader::new("x-copy", "it is eyJhbGciOi.token", HeaderOrigin::Typed).unwrap(),
        ];
        request.content = Content::text("text/plain", "eyJhbGciOi.token");

        let preview = request.preview();
        assert_eq!(preview[0].value, format!("Bearer {MASK}"));
        assert_eq!(preview[1].value, format!("it is {MASK}"));
        assert!(preview.iter().all(|header| header.secret));
        let debug = format!("{request:?} {preview:?}");
        assert!(!debug.contains("eyJhbGciOi") && !debug.contains("hunter22"), "{debug}");
    }

    #[rstest]
    #[case("GE T", MethodError::Malformed("GE T".into()))]
    #[case("", MethodError::Malformed(String::new()))]
    #[case("CONNECT", MethodError::Tunnel)]
    fn a_method_that_cannot_be_sent_is_refused(#[case] method: &str, #[case] expected: MethodError) {
        let url = "http://a.test/".parse().unwrap();
        assert_eq!(Prepared::new(method, url).unwrap_err(), expected);
    }
}
