//! What can go wrong at the desk.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use fantoccini::error::{CmdError, NewSessionError};

/// A journey that could not go on.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The journey was started outside the virtual desktop.
    #[error("there is no virtual desktop here; start journeys with `cargo xtask journeys [NAME]`")]
    NoDesktop,
    /// A file or folder of the journey could not be used.
    #[error("{} cannot be used; check its owner and the disk's space", path.display())]
    Folder {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program that the desk needs did not start.
    #[error("{program} did not start; `cargo xtask setup` installs it")]
    Program {
        /// Which one.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program that the desk needs ended with an error.
    #[error("{program} could not {doing}: {said}")]
    Refused {
        /// Which one.
        program: String,
        /// What it was to do.
        doing: String,
        /// Its own words.
        said: String,
    },
    /// A WebDriver did not come up.
    #[error("{program} did not answer on port {port} within {} s", within.as_secs())]
    DriverSilent {
        /// Which one.
        program: &'static str,
        /// Where it was to listen.
        port: u16,
        /// How long it had.
        within: Duration,
    },
    /// The app did not start under the WebDriver.
    #[error("the app did not come under WebDriver's control; its output is in {}", output.display())]
    Session {
        /// Where the app's output is.
        output: PathBuf,
        /// WebDriver's reason.
        #[source]
        source: Box<NewSessionError>,
    },
    /// Chromium did not come under its driver's control.
    #[error("Chromium did not come under chromedriver's control")]
    BrowserSession {
        /// The driver's reason.
        #[source]
        source: Box<NewSessionError>,
    },
    /// Chromium's driver did not answer.
    #[error("chromedriver did not take Chromium under its control within {} s", within.as_secs())]
    BrowserSilent {
        /// How long it had.
        within: Duration,
    },
    /// The app did not show its first page.
    #[error("the app showed no page within {} s of its start; its output is in {}", within.as_secs(), output.display())]
    SessionSilent {
        /// Where the app's output is.
        output: PathBuf,
        /// How long it had.
        within: Duration,
    },
    /// A WebDriver command failed.
    #[error("WebDriver could not {doing}")]
    Command {
        /// What was asked of it.
        doing: String,
        /// Its reason.
        #[source]
        source: Box<CmdError>,
    },
    /// The X display did not obey.
    #[error("the display could not {doing}: {said}")]
    Display {
        /// What was asked of it.
        doing: String,
        /// Its reason.
        said: String,
    },
    /// Something did not happen in time.
    #[error("waited {} s for {what}{}{}", within.as_secs(), seen(last.as_ref()), shown(picture.as_ref()))]
    Awaited {
        /// What was awaited.
        what: String,
        /// For how long.
        within: Duration,
        /// What was there instead.
        last: Option<String>,
        /// The display at that moment.
        picture: Option<PathBuf>,
    },
    /// The app was asked to do something, and it is not running.
    #[error("the app is not running; its output is in {}", output.display())]
    NotRunning {
        /// Where the app's output is.
        output: PathBuf,
    },
    /// A secret was found where none may be.
    #[error("secrets outside the keychain: {found}")]
    SecretFound {
        /// Which secret in which file, never the secret.
        found: String,
    },
    /// A journey's own complaint.
    #[error("{0}")]
    Unexpected(String),
}

fn seen(last: Option<&String>) -> String {
    last.map_or_else(String::new, |last| format!("; instead: {last}"))
}

fn shown(picture: Option<&PathBuf>) -> String {
    picture.map_or_else(String::new, |path| format!("; the display is in {}", path.display()))
}
