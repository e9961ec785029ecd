//! What a request carries, and how it becomes bytes on the wire as often as a redirect asks for it.

mod multipart;
mod upload;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::HeaderValue;

use crate::exchange::SentBody;
use crate::mask::Mask;
pub use multipart::{Multipart, Part, PartValue};
use upload::{FileSegment, Segment};
pub(crate) use upload::{Upload, UploadError};

/// How many bytes of a text are shown.
const PREVIEW: usize = 8 * 1024;

/// The content of a request (RFC 9110 §6.4).
#[derive(Clone, Default)]
pub enum Content {
    /// None.
    #[default]
    Empty,
    /// Bytes in memory.
    Bytes {
        /// Their media type.
        media_type: Option<String>,
        /// The bytes.
        bytes: Bytes,
    },
    /// A file, byte for byte, read while it is sent.
    File {
        /// Its path.
        path: PathBuf,
        /// Its media type.
        media_type: Option<String>,
    },
    /// `multipart/form-data` (RFC 7578).
    Multipart(Multipart),
}

impl Content {
    /// Makes a content of text.
    pub fn text(media_type: &str, text: impl Into<String>) -> Self {
        let media_type = (!media_type.is_empty()).then(|| media_type.to_owned());
        Self::Bytes { media_type, bytes: Bytes::from(text.into()) }
    }

    /// Makes a content of fields as a web form sends them (URL Standard, application/x-www-form-urlencoded).
    pub fn form<N: AsRef<str>, V: AsRef<str>>(fields: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut serializer = url::form_urlencoded::Serializer::new(String::new());
        serializer.extend_pairs(fields);
        Self::text("application/x-www-form-urlencoded", serializer.finish())
    }

    /// Makes a content of a file; the media type is guessed from its name where none is given.
    pub fn file(path: impl Into<PathBuf>, media_type: Option<String>) -> Self {
        let path = path.into();
        let media_type = media_type.filter(|given| !given.is_empty()).or_else(|| guessed(&path));
        Self::File { path, media_type }
    }

    /// Makes a content of parts, with a boundary of its own.
    ///
    /// # Errors
    /// Where a part's media type cannot stand in a header.
    pub fn multipart(parts: Vec<Part>) -> Result<Self, ContentError> {
        Multipart::new(parts).map(Self::Multipart)
    }

    /// Gives the `content-type` that the content has of itself, or what becomes of the one that the user typed.
    pub(crate) fn media_type(&self, typed: Option<&HeaderValue>) -> Result<Option<HeaderValue>, ContentError> {
        let own = match self {
            Self::Empty => None,
            Self::Bytes { media_type, .. } | Self::File { media_type, .. } => media_type.clone(),
            Self::Multipart(multipart) => match typed.and_then(|value| value.to_str().ok()) {
                // A multipart body whose boundary is not told cannot be read by anybody.
                Some(typed) if typed.starts_with("multipart/") && !typed.contains("boundary=") => {
                    Some(format!("{typed}; boundary={}", multipart.boundary()))
                }
                _ => Some(multipart.media_type()),
            },
        };
        let completes_typed = matches!(self, Self::Multipart(_))
            && typed.is_some_and(|typed| {
                typed.as_bytes().starts_with(b"multipart/")
                    && memchr::memmem::find(typed.as_bytes(), b"boundary=").is_none()
            });
        if typed.is_some() && !completes_typed {
            return Ok(None);
        }
        own.map(|text| HeaderValue::from_str(&text).map_err(|_| ContentError::MediaType { text })).transpose()
    }

    /// Opens every file and makes a stream of known length.
    pub(crate) async fn open(&self) -> Result<Option<Upload>, ContentError> {
        match self {
            Self::Empty => Ok(None),
            Self::Bytes { bytes, .. } => Ok(Some(Upload::new([Segment::Bytes(bytes.clone())]))),
            Self::File { path, .. } => Ok(Some(Upload::new([Segment::File(opened(path).await?)]))),
            Self::Multipart(multipart) => multipart.open().await.map(Some),
        }
    }

    /// Tells whether a secret is in it; files are not looked into, for no secret of ours was written to them.
    pub(crate) fn holds(&self, mask: &Mask) -> bool {
        match self {
            Self::Empty | Self::File { .. } => false,
            Self::Bytes { bytes, .. } => mask.contains(bytes),
            Self::Multipart(multipart) => multipart.holds(mask),
        }
    }

    /// Shows the content, secrets masked; its size is that of the opened stream.
    pub(crate) fn shown(&self, mask: &Mask, size: Option<u64>) -> SentBody {
        let preview = match self {
            Self::Empty | Self::File { .. } => None,
            Self::Bytes { bytes, .. } => preview(bytes, mask),
            Self::Multipart(multipart) => preview(multipart.outline().as_bytes(), mask),
        };
        SentBody { bytes: size.map(crate::engine::as_f64), preview }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("Empty"),
            Self::Bytes { bytes, .. } => write!(formatter, "Bytes({})", bytes.len()),
            Self::File { path, .. } => write!(formatter, "File({})", path.display()),
            Self::Multipart(multipart) => write!(formatter, "Multipart({} parts)", multipart.parts().len()),
        }
    }
}

/// Masks a stretch longer than what is shown, so that a secret across the end is found whole.
fn preview(bytes: &[u8], mask: &Mask) -> Option<String> {
    let stretch = &bytes[..bytes.len().min(PREVIEW * 8)];
    let text = match std::str::from_utf8(stretch) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&stretch[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    if text.is_empty() || text.contains('\0') {
        return None;
    }
    let masked = mask.apply(text);
    Some(masked[..masked.floor_char_boundary(PREVIEW)].to_owned())
}

fn guessed(path: &Path) -> Option<String> {
    mime_guess::from_path(path).first().map(|guess| guess.essence_str().to_owned())
}

async fn opened(path: &Path) -> Result<FileSegment, ContentError> {
    let unreadable = |source| ContentError::File { path: path.to_owned(), source };
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let metadata = file.metadata().await.map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(unreadable(io::Error::new(io::ErrorKind::IsADirectory, "it is not a file")));
    }
    Ok(FileSegment::new(path, file, metadata.len()))
}

/// Why a content cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// A file cannot be opened.
    #[error("the file {} cannot be read: choose it again, or remove it from the body", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A media type cannot stand in a header.
    #[error("the media type {text:?} has a character that a header cannot have: correct it in the body")]
    MediaType {
        /// The media type as given.
        text: String,
    },
    /// No boundary could be drawn.
    #[error("the system gave no random numbers for the boundary of the parts: try again")]
    Boundary,
}
