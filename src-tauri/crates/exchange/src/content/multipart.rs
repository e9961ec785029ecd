use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::HeaderValue;

use super::upload::{Segment, Upload};
use super::{ContentError, guessed, opened};
use crate::mask::Mask;

/// The parts of a `multipart/form-data` content (RFC 7578) and the boundary between them.
#[derive(Clone)]
pub struct Multipart {
    boundary: String,
    parts: Vec<Part>,
}

/// One part.
#[derive(Clone)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// What it holds.
    pub value: PartValue,
    /// Its media type; for a file it is guessed from the name where absent.
    pub media_type: Option<String>,
}

/// What a part holds.
#[derive(Clone)]
pub enum PartValue {
    /// Text, sent as UTF-8.
    Text(String),
    /// A file, read while it is sent.
    File(PathBuf),
}

impl Multipart {
    pub(super) fn new(parts: Vec<Part>) -> Result<Self, ContentError> {
        for part in &parts {
            if let Some(text) = part.media_type.as_ref().filter(|text| HeaderValue::from_str(text).is_err()) {
                return Err(ContentError::MediaType { text: text.clone() });
            }
        }
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| ContentError::Boundary)?;
        let boundary = random.iter().fold(String::from("gatepass-"), |text, byte| format!("{text}{byte:02x}"));
        Ok(Self { boundary, parts })
    }

    pub(super) fn boundary(&self) -> &str {
        &self.boundary
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(super) fn media_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    pub(super) async fn open(&self) -> Result<Upload, ContentError> {
        let mut segments = VecDeque::new();
        let mut text = String::new();
        for part in &self.parts {
            text.push_str(&self.head(part));
            match &part.value {
                PartValue::Text(value) => text.push_str(value),
                PartValue::File(path) => {
                    let file = opened(path).await?;
                    segments.push_back(Segment::Bytes(Bytes::from(std::mem::take(&mut text))));
                    segments.push_back(Segment::File(file));
                }
            }
            text.push_str("\r\n");
        }
        text.push_str(&self.end());
        segments.push_back(Segment::Bytes(Bytes::from(text)));
        Ok(Upload::new(segments))
    }

    pub(super) fn outline(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            text.push_str(&self.head(part));
            match &part.value {
                PartValue::Text(value) => text.push_str(value),
                PartValue::File(path) => {
                    let _ = write!(text, "‹the file {}›", path.display());
                }
            }
            text.push_str("\r\n");
        }
        text + &self.end()
    }

    pub(super) fn holds(&self, mask: &Mask) -> bool {
        self.parts.iter().any(|part| {
            mask.contains(part.name.as_bytes())
                || match &part.value {
                    PartValue::Text(value) => mask.contains(value.as_bytes()),
                    PartValue::File(path) => mask.contains(file_name(path).as_bytes()),
                }
        })
    }

    fn head(&self, part: &Part) -> String {
        let mut head =
            format!("--{}\r\ncontent-disposition: form-data; name=\"{}\"", self.boundary, escaped(&part.name));
        let mut media_type = part.media_type.clone().filter(|given| !given.is_empty());
        if let PartValue::File(path) = &part.value {
            let _ = write!(head, "; filename=\"{}\"", escaped(&file_name(path)));
            media_type = media_type.or_else(|| guessed(path)).or_else(|| Some("application/octet-stream".to_owned()));
        }
        if let Some(media_type) = media_type {
            let _ = write!(head, "\r\ncontent-type: {media_type}");
        }
        head + "\r\n\r\n"
    }

    fn end(&self) -> String {
        format!("--{}--\r\n", self.boundary)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Escapes a name as the HTML Standard does for multipart/form-data (§4.10.21.8).
fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
