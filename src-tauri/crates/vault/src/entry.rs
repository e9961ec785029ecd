use std::fmt;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The longest name that every platform's store takes, with room for the suffix of a part.
const LONGEST: usize = 200;

/// The name under which one secret lies in the keychain, such as `identity/4f…/tokens`.
///
/// A name is no secret: it is shown by the system's own keychain tools.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryName(String);

impl EntryName {
    /// Makes a name of any text: what a store may not like is written as `%XX`, and what is too long ends in a digest.
    pub fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let mut name = String::with_capacity(text.len());
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/' | b'@') {
                name.push(char::from(byte));
            } else {
                push_hex(&mut name, '%', byte);
            }
        }
        if name.len() > LONGEST {
            let digest = Sha256::digest(text.as_bytes());
            name.truncate(LONGEST - 2 * digest.len());
            for byte in digest {
                let _ = write!(name, "{byte:02x}");
            }
        }
        Self(name)
    }

    /// Shows the name as the keychain has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn push_hex(name: &mut String, mark: char, byte: u8) {
    let _ = write!(name, "{mark}{byte:02X}");
}

impl fmt::Display for EntryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_is_kept_as_it_is() {
        assert_eq!(EntryName::new("identity/4f2a/tokens").as_str(), "identity/4f2a/tokens");
    }

    #[test]
    fn signs_that_stores_read_in_their_own_way_are_escaped() {
        assert_eq!(EntryName::new("a b#c\n").as_str(), "a%20b%23c%0A");
    }

    #[test]
    fn two_long_names_with_one_beginning_stay_two() {
        let (one, other) = (EntryName::new("x".repeat(500) + "1"), EntryName::new("x".repeat(500) + "2"));
        assert_eq!(one.as_str().len(), LONGEST);
        assert_ne!(one, other);
    }
}
