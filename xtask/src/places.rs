//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

/// Gives the folder of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Gives the folder of the user interface's sources.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// Gives cargo's target folder.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |set| root().join(set))
}

/// Gives the folder of the steps' logs.
pub fn logs() -> PathBuf {
    target().join("xtask")
}

/// Gives the folder of the tools that cargo installs for this project only.
pub fn tools() -> PathBuf {
    target().join("tools")
}

/// Gives the cargo that runs this program.
pub fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Finds a program on the search path.
pub fn program(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}
