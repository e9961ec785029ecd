use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::{Builder, NamedTempFile};

const PREFIX: &str = "body-";

/// The folder in which large bodies lie, and how much of its limit is taken.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    limit: u64,
    taken: AtomicU64,
}

impl Cache {
    /// Makes the folder and sweeps out the bodies that an earlier run left.
    pub(crate) fn open(folder: &Path, limit: u64) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        for entry in std::fs::read_dir(folder)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(PREFIX)
                && let Err(error) = std::fs::remove_file(entry.path())
            {
                tracing::warn!(%error, "a body of an earlier run could not be removed");
            }
        }
        Ok(Self { folder: folder.to_owned(), limit, taken: AtomicU64::new(0) })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    pub(super) fn file(&self) -> io::Result<NamedTempFile> {
        Builder::new().prefix(PREFIX).tempfile_in(&self.folder)
    }

    /// Takes room for that many bytes; false where the limit leaves none.
    pub(super) fn take(&self, bytes: u64) -> bool {
        self.taken
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |taken| {
                taken.checked_add(bytes).filter(|taken| *taken <= self.limit)
            })
            .is_ok()
    }

    pub(super) fn give_back(&self, bytes: u64) {
        self.taken.fetch_sub(bytes, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_run_left_is_swept_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("body-old"), "left").unwrap();
        std::fs::write(folder.path().join("notes.txt"), "kept").unwrap();
        Cache::open(folder.path(), 10).unwrap();
        assert!(!folder.path().join("body-old").exists());
        assert!(folder.path().join("notes.txt").exists());
    }

    #[test]
    fn room_is_given_up_to_the_limit_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path(), 10).unwrap();
        assert!(cache.take(10));
        assert!(!cache.take(1));
        cache.give_back(4);
        assert!(cache.take(4));
    }
}
