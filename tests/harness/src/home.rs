//! A home folder for one journey, with every place where the app may keep something.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::error::DeskError;

const FOLDERS: &[(&str, &str)] = &[
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_STATE_HOME", ".local/state"),
    ("XDG_CACHE_HOME", ".cache"),
];

/// A home folder that ends with the journey.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// Makes a fresh one.
    pub fn fresh() -> Result<Self, DeskError> {
        // The desktop's folder goes with the desktop, even when a journey is killed.
        let place = std::env::var_os("GATEPASS_DESKTOP").map_or_else(std::env::temp_dir, PathBuf::from);
        let folder = tempfile::Builder::new()
            .prefix("home-")
            .tempdir_in(&place)
            .map_err(|source| DeskError::Folder { path: place, source })?;
        for (_, inner) in FOLDERS {
            make(&folder.path().join(inner))?;
        }
        make(&folder.path().join("Documents"))?;
        Ok(Self { folder })
    }

    /// Gives the folder itself.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the folder for collections and other files of the user, inside the home.
    pub fn documents(&self) -> PathBuf {
        self.folder.path().join("Documents")
    }

    /// Makes a command see this home, and none of the person's own folders.
    pub fn enter(&self, command: &mut Command) {
        command.env("HOME", self.path());
        for (variable, inner) in FOLDERS {
            command.env(variable, self.path().join(inner));
        }
    }
}

fn make(folder: &Path) -> Result<(), DeskError> {
    fs::create_dir_all(folder).map_err(|source| DeskError::Folder { path: folder.to_path_buf(), source })
}
