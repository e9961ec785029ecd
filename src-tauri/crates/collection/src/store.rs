//! Files on disk: told apart by their content, and replaced so that a kill at any moment leaves the old or the new.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use camino::Utf8Path;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use specta::Type;

/// What a file held when it was read or written: the SHA-256 of its bytes in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct Version(String);

impl Version {
    /// Computes the version of a content.
    pub fn of(content: &[u8]) -> Self {
        use std::fmt::Write;
        let mut digits = String::with_capacity(64);
        for byte in Sha256::digest(content) {
            // Writing into a String cannot fail.
            let _ = write!(digits, "{byte:02x}");
        }
        Self(digits)
    }

    /// What stands for a folder, whatever is in it.
    pub(crate) fn of_folder() -> Self {
        Self("folder".to_owned())
    }

    /// Gives the digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Version {
    fn from(digits: String) -> Self {
        Self(digits)
    }
}

/// What Gatepass itself left at each path: a content, or nothing.
#[derive(Debug, Default)]
pub struct OwnWrites(Mutex<HashMap<String, Option<Version>>>);

impl OwnWrites {
    /// Notes what is at a path from now on, before it is there.
    pub fn note(&self, item: &str, version: Option<Version>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(item.to_owned(), version);
    }

    /// Tells whether what is at a path is what Gatepass left there, and forgets it where it is not.
    pub fn left(&self, item: &str, found: Option<&Version>) -> bool {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_own = notes.get(item).is_some_and(|noted| noted.as_ref() == found);
        if !is_own {
            notes.remove(item);
        }
        is_own
    }
}

/// Replaces a file's content at once: a temporary file beside it, flushed, renamed, the folder flushed.
pub fn replace(path: &Utf8Path, content: &[u8]) -> io::Result<()> {
    replace_after(path, content, || Ok(()))
}

/// Replaces a file's content, with something to be done between the last write and the renaming.
fn replace_after(path: &Utf8Path, content: &[u8], before_rename: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    // A link stays a link: its target is replaced.
    let path = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gatepass-").suffix(".tmp");
    #[cfg(unix)]
    let for_all = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(for_all);
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    if let Ok(metadata) = std::fs::metadata(&path) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    before_rename()?;
    file.persist(&path).map_err(|error| error.error)?;
    flush_folder(folder)
}

/// Makes renames in a folder last.
pub fn flush_folder(folder: &Utf8Path) -> io::Result<()> {
    if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;

    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        (folder, path)
    }

    #[test]
    fn a_failure_before_the_renaming_leaves_the_old_file_and_no_other() {
        let (_guard, folder) = folder();
        let path = folder.join("a.yml");
        std::fs::write(&path, "old").unwrap();
        let failed = replace_after(&path, b"new", || Err(io::ErrorKind::Interrupted.into()));
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::Interrupted);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::PermissionsExt;
        let (_guard, folder) = folder();
        let path = folder.join("a.yml");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, folder.join("link.yml")).unwrap();
        replace(&folder.join("link.yml"), b"new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(folder.join("link.yml").is_symlink());
    }

    #[test]
    fn own_writes_are_told_from_others_by_their_content() {
        let own = OwnWrites::default();
        let (mine, other) = (Version::of(b"mine"), Version::of(b"other"));
        own.note("a.yml", Some(mine.clone()));
        assert!(own.left("a.yml", Some(&mine)));
        assert!(!own.left("a.yml", Some(&other)));
        assert!(!own.left("a.yml", Some(&mine)), "after an outside change the note is gone");
        own.note("a.yml", None);
        assert!(own.left("a.yml", None));
    }
}
