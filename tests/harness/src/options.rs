//! How a desk is set up.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// How a desk is set up; the name is also the name of its pictures' folder.
#[derive(Debug, Clone)]
pub struct Options {
    pub(crate) name: String,
    pub(crate) app: Option<PathBuf>,
    pub(crate) environment: Vec<(OsString, OsString)>,
    pub(crate) has_keychain: bool,
    pub(crate) shares_web_context: bool,
    pub(crate) pictures: Option<PathBuf>,
    pub(crate) patience: Duration,
}

impl Options {
    /// Describes a desk with a fresh home, the session's keychain, and sign-in windows that WebDriver sees.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            app: None,
            environment: Vec::new(),
            has_keychain: true,
            shares_web_context: true,
            pictures: None,
            patience: Duration::from_secs(20),
        }
    }

    /// Drives another program than the one that was built with the journeys.
    #[must_use]
    pub fn app(mut self, program: impl Into<PathBuf>) -> Self {
        self.app = Some(program.into());
        self
    }

    /// Adds a variable to the app's environment.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Takes the session bus, and with it the keychain, away from the app.
    #[must_use]
    pub fn without_keychain(mut self) -> Self {
        self.has_keychain = false;
        self
    }

    /// Leaves each sign-in window its own cookie jar, as in the field; WebDriver does not see it then.
    #[must_use]
    pub fn with_separate_jars(mut self) -> Self {
        self.shares_web_context = false;
        self
    }

    /// Puts the pictures into another folder than `target/journeys/<name>`.
    #[must_use]
    pub fn pictures(mut self, folder: impl Into<PathBuf>) -> Self {
        self.pictures = Some(folder.into());
        self
    }

    /// Sets how long each wait may take.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}
