//! Looks for secrets where none may be, in every form that a program might write them in.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// How a secret was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// In Base64, at any offset, with either alphabet (RFC 4648 §4 and §5).
    Base64,
    /// Percent-encoded (RFC 3986 §2.1).
    Percent,
    /// Two hexadecimal digits a byte.
    Hex,
    /// Two bytes a character, as web views and Windows store text.
    Utf16,
    /// The other way round.
    Reversed,
}

/// A form and the bytes that it gives.
pub type Written = (Form, Vec<u8>);

/// A secret that was found, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name that the journey gave it.
    pub secret: String,
    /// How it was written.
    pub form: Form,
    /// Where.
    pub path: PathBuf,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} ({:?}) in {}", self.secret, self.form, self.path.display())
    }
}

/// Searches files and folders for secrets, given as name and value.
///
/// Values of fewer than six bytes are not searched: they would be found by chance.
pub fn search(secrets: &[(&str, &str)], places: &[&Path]) -> std::io::Result<Vec<Finding>> {
    let wanted: Vec<(&str, Vec<Written>)> =
        secrets.iter().filter(|(_, value)| value.len() >= 6).map(|(name, value)| (*name, forms_of(value))).collect();
    let mut files = Vec::new();
    for place in places {
        list(place, &mut files)?;
    }
    let mut findings = Vec::new();
    for path in files {
        // The app may remove a file while it is searched.
        let Ok(content) = fs::read(&path) else { continue };
        let name = path.to_string_lossy().into_owned();
        for (secret, forms) in &wanted {
            let hit = forms.iter().find(|(_, bytes)| contains(&content, bytes) || contains(name.as_bytes(), bytes));
            if let Some((form, _)) = hit {
                findings.push(Finding { secret: (*secret).to_owned(), form: *form, path: path.clone() });
            }
        }
    }
    Ok(findings)
}

/// Gives the byte strings that betray a secret.
pub fn forms_of(secret: &str) -> Vec<Written> {
    let bytes = secret.as_bytes();
    let mut forms = vec![(Form::Plain, bytes.to_vec())];
    for offset in 0..3 {
        for engine in [&STANDARD, &URL_SAFE] {
            forms.push((Form::Base64, base64_core(engine, bytes, offset)));
        }
    }
    let percent: String = secret.bytes().map(percent).collect();
    forms.push((Form::Percent, percent.to_ascii_lowercase().into_bytes()));
    forms.push((Form::Percent, percent.into_bytes()));
    let hex = hex(bytes);
    forms.push((Form::Hex, hex.to_ascii_uppercase().into_bytes()));
    forms.push((Form::Hex, hex.into_bytes()));
    forms.push((Form::Utf16, secret.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    forms.push((Form::Reversed, secret.chars().rev().collect::<String>().into_bytes()));
    let plain = bytes.to_vec();
    forms.retain(|(form, found)| found.len() >= 6 && (*form == Form::Plain || *found != plain));
    forms
}

/// The characters of a Base64 text that depend on the secret alone, whatever stands around it.
fn base64_core(engine: &base64::engine::GeneralPurpose, bytes: &[u8], offset: usize) -> Vec<u8> {
    let mut padded = vec![0; offset];
    padded.extend_from_slice(bytes);
    let encoded = engine.encode(&padded);
    let from = [0, 2, 3][offset];
    let whole = padded.len() / 3 * 4;
    encoded.as_bytes().get(from..whole).unwrap_or_default().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

fn contains(content: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else { return false };
    let mut rest = content;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = &rest[at..];
        if rest.starts_with(wanted) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

fn list(place: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let about = match fs::symlink_metadata(place) {
        Ok(about) => about,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if about.is_file() {
        files.push(place.to_path_buf());
    } else if about.is_dir() {
        for entry in fs::read_dir(place)?.flatten() {
            list(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "eyJraWQiOi/+=secret value";

    fn found_in(content: &[u8]) -> Option<Form> {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(folder.path().join("deep/file"), content).unwrap();
        let findings = search(&[("the token", SECRET)], &[folder.path()]).unwrap();
        findings.first().map(|finding| finding.form)
    }

    #[test]
    fn a_secret_is_found_in_each_form_and_at_each_offset() {
        assert_eq!(found_in(format!("x={SECRET};").as_bytes()), Some(Form::Plain));
        for before in ["", "a", "ab", "abc"] {
            let text = STANDARD.encode(format!("{before}{SECRET}tail"));
            assert_eq!(found_in(text.as_bytes()), Some(Form::Base64), "after {before:?}");
            let text = URL_SAFE.encode(format!("{before}{SECRET}tail"));
            assert_eq!(found_in(text.as_bytes()), Some(Form::Base64), "after {before:?}");
        }
        assert_eq!(found_in(b"?token=eyJraWQiOi%2F%2B%3Dsecret%20value&x"), Some(Form::Percent));
        let wide: Vec<u8> = SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(found_in(&wide), Some(Form::Utf16));
        let hex = hex(SECRET.as_bytes()).to_ascii_uppercase();
        assert_eq!(found_in(hex.as_bytes()), Some(Form::Hex));
        assert_eq!(found_in(b"nothing of the kind: eyJraWQiOi"), None);
    }

    #[test]
    fn a_finding_names_the_secret_and_never_shows_it() {
        let finding = Finding { secret: "the token".into(), form: Form::Plain, path: "/tmp/log".into() };
        assert_eq!(finding.to_string(), "the token (Plain) in /tmp/log");
    }
}
