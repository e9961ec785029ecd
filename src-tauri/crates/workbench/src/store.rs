//! Gatepass's own files in the app's data folder: public facts and the desk, never a secret.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::{Code, Failure};

/// A JSON file that is replaced whole, so that a kill at any moment leaves the old one or the new one.
#[derive(Debug, Clone)]
pub struct JsonFile {
    path: PathBuf,
}

impl JsonFile {
    /// Names the file; its folder must exist.
    pub fn new(folder: &Path, name: &str) -> Self {
        Self { path: folder.join(name) }
    }

    /// Reads the file; the default where there is none. A file that cannot be understood is kept beside it under the
    /// ending `.damaged`.
    pub fn read<T: DeserializeOwned + Default>(&self) -> T {
        let Ok(bytes) = fs::read(&self.path) else { return T::default() };
        serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            tracing::warn!(file = %self.path.display(), %error, "a file of the app was damaged and is set aside");
            let mut aside = self.path.clone().into_os_string();
            aside.push(".damaged");
            if let Err(error) = fs::rename(&self.path, aside) {
                tracing::warn!(%error, "the damaged file could not be set aside");
            }
            T::default()
        })
    }

    /// Replaces the file.
    ///
    /// # Errors
    /// Fails where the folder cannot be written.
    pub fn write<T: Serialize + ?Sized>(&self, value: &T) -> Result<(), Failure> {
        self.replace(value).map_err(|error| {
            Failure::from_error(
                Code::FileUnwritable,
                &error,
                format!("Check the free space and the permissions of {}.", self.path.display()),
            )
        })
    }

    fn replace<T: Serialize + ?Sized>(&self, value: &T) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, value)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Makes a folder that is the user's alone.
///
/// # Errors
/// Fails where the folder cannot be made or its mode not be set.
pub fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = JsonFile::new(folder.path(), "names.json");
        file.write(&vec!["ada".to_owned()]).unwrap();
        assert_eq!(file.read::<Vec<String>>(), ["ada"]);
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("names.json"), "[\"ada\",").unwrap();
        assert!(JsonFile::new(folder.path(), "names.json").read::<Vec<String>>().is_empty());
        assert_eq!(fs::read_to_string(folder.path().join("names.json.damaged")).unwrap(), "[\"ada\",");
    }

    #[cfg(unix)]
    #[test]
    fn a_private_folder_is_the_users_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let jar = folder.path().join("jars/ada");
        private_folder(&jar).unwrap();
        assert_eq!(fs::metadata(&jar).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
