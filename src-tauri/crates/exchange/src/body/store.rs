use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::{NamedTempFile, TempPath};

use super::cache::Cache;

/// How much is kept in memory before a file is begun.
const IN_MEMORY: usize = 256 * 1024;
/// Of every so many lines one has its place noted.
pub(super) const STRIDE: u32 = 64;
/// How many bytes have their lines counted at a time.
const COUNTED: usize = 512;

/// Bytes that grow, with the places of their lines.
pub(super) struct StoreWriter {
    cache: Arc<Cache>,
    memory: Vec<u8>,
    file: Option<BufWriter<NamedTempFile>>,
    taken: u64,
    lines: Lines,
}

/// The places of lines in a store.
#[derive(Default)]
struct Lines {
    length: u64,
    breaks: u32,
    /// Where line `STRIDE * (index + 1)` begins.
    places: Vec<u64>,
    ends_with_break: bool,
}

/// Bytes that are complete.
pub(super) struct Store {
    data: Data,
    taken: u64,
    cache: Arc<Cache>,
    lines: Lines,
}

enum Data {
    Memory(Vec<u8>),
    /// The open file is what is read: it outlives a sweep by another process.
    File(Mutex<File>, TempPath),
}

/// Why bytes could not be kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the cache folder cannot be written to")]
    Write(#[source] io::Error),
    #[error("the cache is full")]
    Full,
}

impl StoreWriter {
    pub(super) fn new(cache: &Arc<Cache>) -> Self {
        Self { cache: Arc::clone(cache), memory: Vec::new(), file: None, taken: 0, lines: Lines::default() }
    }

    pub(super) fn length(&self) -> u64 {
        self.lines.length
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        if self.file.is_none() && self.memory.len() + bytes.len() > IN_MEMORY {
            self.reserve(self.memory.len() as u64)?;
            let mut file = BufWriter::with_capacity(IN_MEMORY, self.cache.file().map_err(StoreError::Write)?);
            file.write_all(&self.memory).map_err(StoreError::Write)?;
            self.memory = Vec::new();
            self.file = Some(file);
        }
        if self.file.is_some() {
            self.reserve(bytes.len() as u64)?;
        }
        match &mut self.file {
            Some(file) => file.write_all(bytes).map_err(StoreError::Write)?,
            None => self.memory.extend_from_slice(bytes),
        }
        self.lines.add(bytes);
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Store, StoreError> {
        let data = match self.file.take() {
            None => Data::Memory(std::mem::take(&mut self.memory)),
            Some(file) => {
                let file = file.into_inner().map_err(|error| StoreError::Write(error.into_error()))?;
                let (file, path) = file.into_parts();
                Data::File(Mutex::new(file), path)
            }
        };
        let taken = std::mem::take(&mut self.taken);
        Ok(Store { data, taken, cache: Arc::clone(&self.cache), lines: std::mem::take(&mut self.lines) })
    }

    fn reserve(&mut self, bytes: u64) -> Result<(), StoreError> {
        if !self.cache.take(bytes) {
            return Err(StoreError::Full);
        }
        self.taken += bytes;
        Ok(())
    }
}

impl Drop for StoreWriter {
    fn drop(&mut self) {
        self.cache.give_back(self.taken);
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.cache.give_back(self.taken);
    }
}

impl Lines {
    fn add(&mut self, bytes: &[u8]) {
        let mut at = self.length;
        // Counting is many times faster than finding, so only blocks in which a place is due are looked at closely.
        for block in bytes.chunks(COUNTED) {
            let found = u32::try_from(memchr::memchr_iter(b'\n', block).count()).unwrap_or(u32::MAX);
            let due = STRIDE - self.breaks % STRIDE;
            if found >= due {
                self.note_places(at, block, due);
            }
            self.breaks = self.breaks.saturating_add(found);
            at += block.len() as u64;
        }
        self.length += bytes.len() as u64;
        if let Some(last) = bytes.last() {
            self.ends_with_break = *last == b'\n';
        }
    }

    fn note_places(&mut self, from: u64, block: &[u8], due: u32) {
        let stride = STRIDE as usize;
        for at in memchr::memchr_iter(b'\n', block).skip(due as usize - 1).step_by(stride) {
            self.places.push(from + at as u64 + 1);
        }
    }
}

impl Store {
    pub(super) fn length(&self) -> u64 {
        self.lines.length
    }

    /// Gives the number of lines; a line feed at the very end begins no further one.
    pub(super) fn line_count(&self) -> u32 {
        self.lines.breaks.saturating_add(u32::from(self.lines.length > 0 && !self.lines.ends_with_break))
    }

    /// Gives the place of the nearest noted line at or before this one, and that line's number.
    pub(super) fn place_before(&self, line: u32) -> (u64, u32) {
        let noted = (line / STRIDE).min(u32::try_from(self.lines.places.len()).unwrap_or(u32::MAX));
        match noted.checked_sub(1).and_then(|index| self.lines.places.get(index as usize)) {
            Some(place) => (*place, noted * STRIDE),
            None => (0, 0),
        }
    }

    pub(super) fn path(&self) -> Option<PathBuf> {
        match &self.data {
            Data::Memory(_) => None,
            Data::File(_, path) => Some(path.to_path_buf()),
        }
    }

    pub(super) fn reader(&self, from: u64) -> Reader<'_> {
        Reader { store: self, at: from }
    }
}

/// Reads a store from a place on; several can read at once.
pub(super) struct Reader<'s> {
    store: &'s Store,
    at: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &self.store.data {
            Data::Memory(bytes) => {
                let from = usize::try_from(self.at).unwrap_or(usize::MAX).min(bytes.len());
                (&bytes[from..]).read(buffer)?
            }
            Data::File(file, _) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(self.at))?;
                file.read(buffer)?
            }
        };
        self.at += read as u64;
        Ok(read)
    }
}
