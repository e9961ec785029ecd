//! What came: kept in memory where it is small and in a file where it is not, and read line by line.

mod cache;
mod decode;
mod json;
mod kind;
mod lines;
mod sink;
mod store;
mod xml;

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

pub(crate) use cache::Cache;
pub(crate) use decode::{Incoming, ReadError};
pub(crate) use sink::Sink;
use store::Store;
pub(crate) use store::StoreError;

/// How many bytes of one line are handed out; what follows is told in words.
pub const LONGEST_LINE: usize = 20_000;

/// Which form of a body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum Form {
    /// As it came, in UTF-8.
    Raw,
    /// Indented.
    Pretty,
}

/// The body of an answer. Its files go when it is dropped.
pub struct StoredBody {
    raw: Store,
    text: Option<Store>,
    pretty: Option<Store>,
}

/// Lines in which a text was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Matches {
    /// The numbers of the lines, counted from 0, each once.
    pub lines: Vec<u32>,
    /// Whether there are more than were asked for.
    pub more: bool,
}

impl StoredBody {
    /// Reads up to `count` lines from line `from` (counted from 0) as UTF-8, with a line feed between them.
    ///
    /// A line is cut after [`LONGEST_LINE`] bytes, with ` … N more bytes` at its end; bytes that are not UTF-8 become
    /// U+FFFD. Once `max_bytes` are there no further line is begun, so the answer can have fewer lines than asked for,
    /// but at least one. Pretty lines of a body without a pretty form are its raw lines. Reads files: call it where
    /// waiting is allowed.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn lines(&self, form: Form, from: u32, count: u32, max_bytes: usize) -> io::Result<Vec<u8>> {
        lines::read(self.store(form), from, count, max_bytes)
    }

    /// Finds the lines that hold a text, ASCII letters in either case; at most `limit` of them.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn find(&self, form: Form, text: &str, limit: u32) -> io::Result<Matches> {
        lines::find(self.store(form), text, limit)
    }

    /// Gives the bytes as they came, decompressed, at most the first `limit`.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn bytes(&self, limit: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.raw.reader(0).take(limit as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Gives the number of bytes, decompressed.
    pub fn length(&self) -> u64 {
        self.raw.length()
    }

    /// Gives the file with the bytes as they came; none while they are in memory.
    pub fn path(&self) -> Option<PathBuf> {
        self.raw.path()
    }

    /// Writes the bytes as they came to a file, which appears whole or not at all.
    ///
    /// # Errors
    /// Where the folder cannot be written to; the error names the file.
    pub fn save_as(&self, destination: &Path) -> Result<(), SaveError> {
        let failed = |source| SaveError { path: destination.to_owned(), source };
        let folder = destination.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        io::copy(&mut self.raw.reader(0), &mut file).map_err(failed)?;
        file.flush().map_err(failed)?;
        file.persist(destination).map_err(|error| failed(error.error))?;
        Ok(())
    }

    fn store(&self, form: Form) -> &Store {
        let raw = self.text.as_ref().unwrap_or(&self.raw);
        match form {
            Form::Raw => raw,
            Form::Pretty => self.pretty.as_ref().unwrap_or(raw),
        }
    }
}

impl std::fmt::Debug for StoredBody {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "StoredBody({} bytes)", self.length())
    }
}

/// A body could not be saved.
#[derive(Debug, thiserror::Error)]
#[error("the body could not be saved as {}: choose another place", path.display())]
pub struct SaveError {
    path: PathBuf,
    #[source]
    source: io::Error,
}
