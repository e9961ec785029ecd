//! The desk of one journey: a home, a driver, the app.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::Client;
use serde_json::Value;

use crate::display::{Display, DisplayWindow};
use crate::driver::Driver;
use crate::error::DeskError;
use crate::home::Home;
use crate::options::Options;
use crate::page::{Page, Patience};
use crate::secrets;
use crate::target::css;
use crate::tree;

const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The app in its real window, in a home of its own; everything ends when it is dropped.
pub struct Desk {
    // Before the home: the app must not write into a folder that is being removed.
    driver: Option<Driver>,
    home: Home,
    options: Options,
    program: PathBuf,
    pictures: PathBuf,
    output: PathBuf,
}

impl Desk {
    /// Opens the app in a fresh home and looks at its main window.
    pub async fn open(options: Options) -> Result<Self, DeskError> {
        let home = Home::fresh()?;
        Self::open_at(options, home).await
    }

    /// Opens the app in a home that was prepared before.
    pub async fn open_at(options: Options, home: Home) -> Result<Self, DeskError> {
        if env::var_os("GATEPASS_DESKTOP").is_none() {
            return Err(DeskError::NoDesktop);
        }
        let pictures = options.pictures.clone().unwrap_or_else(|| target_folder().join("journeys").join(&options.name));
        fs::create_dir_all(&pictures).map_err(|source| DeskError::Folder { path: pictures.clone(), source })?;
        let output = target_folder().join("journeys").join(format!("{}.log", options.name));
        fs::create_dir_all(target_folder().join("journeys"))
            .and_then(|()| fs::write(&output, b""))
            .map_err(|source| DeskError::Folder { path: output.clone(), source })?;
        let program = options.app.clone().unwrap_or_else(|| target_folder().join("debug/gatepass"));
        let mut desk = Self { driver: None, home, options, program, pictures, output };
        desk.start().await?;
        Ok(desk)
    }

    /// Starts the app again after [`Desk::close`] or [`Desk::crash`], in the same home.
    pub async fn start(&mut self) -> Result<(), DeskError> {
        let driver = Driver::start(&self.options, &self.home, &self.program, &self.output).await?;
        self.driver = Some(driver);
        self.main_window().await?;
        // Before what was left is on the screen, a key would mean nothing.
        self.see(&css("main > *")).await
    }

    /// Closes the app as a person does, by its window's cross, and opens it again in the same home.
    pub async fn restart(&mut self) -> Result<(), DeskError> {
        self.close().await?;
        self.start().await
    }

    /// Closes the app by its windows' crosses and waits until its process is gone.
    pub async fn close(&mut self) -> Result<(), DeskError> {
        let app = self.app()?;
        let display = Display::open()?;
        for window in self.display_windows(&display)? {
            display.ask_to_close(window.id)?;
        }
        let asked = Instant::now();
        while tree::is_alive(app) {
            if asked.elapsed() > self.options.patience {
                return Err(DeskError::Awaited {
                    what: "the app to end after its windows were closed".into(),
                    within: self.options.patience,
                    last: None,
                    picture: self.display_picture("still open").ok(),
                });
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        self.driver = None;
        Ok(())
    }

    /// Kills the app at once, as a crash or a power cut does.
    pub fn crash(&mut self) -> Result<(), DeskError> {
        tree::kill(&[self.app()?]);
        self.driver = None;
        Ok(())
    }

    /// Gives the app's process id.
    pub fn app(&self) -> Result<u32, DeskError> {
        self.driver.as_ref().and_then(Driver::app).ok_or_else(|| self.not_running())
    }

    /// Gives the home that the app sees.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Gives the folder of the journey's pictures.
    pub fn pictures(&self) -> &Path {
        &self.pictures
    }

    /// Gives what the app has written to its standard output and error, over all its starts.
    pub fn output(&self) -> Result<String, DeskError> {
        let bytes = fs::read(&self.output).map_err(|source| DeskError::Folder { path: self.output.clone(), source })?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Runs a script in the page that the journey looks at.
    pub async fn evaluate(&self, script: &str, arguments: Vec<Value>) -> Result<Value, DeskError> {
        self.page()?.evaluate(script, arguments).await
    }

    /// Fails when a secret, given as name and value, is in the home, in the app's output, or in `more`.
    pub fn search_for_secrets<Name: AsRef<str>, Value: AsRef<str>>(
        &self,
        secrets: &[(Name, Value)],
        more: &[&Path],
    ) -> Result<(), DeskError> {
        let secrets: Vec<(&str, &str)> = secrets.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        let mut places = vec![self.home.path(), self.output.as_path()];
        places.extend_from_slice(more);
        let found = secrets::search(&secrets, &places)
            .map_err(|source| DeskError::Folder { path: self.home.path().to_path_buf(), source })?;
        if found.is_empty() {
            return Ok(());
        }
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        Err(DeskError::SecretFound { found: found.join("; ") })
    }

    /// Gives WebDriver's client, for what the desk has no word for.
    pub fn client(&self) -> Result<&Client, DeskError> {
        self.driver.as_ref().map(|driver| &driver.client).ok_or_else(|| self.not_running())
    }

    /// Lists the app's windows that are on the display.
    pub fn display_windows(&self, display: &Display) -> Result<Vec<DisplayWindow>, DeskError> {
        let app = self.app()?;
        let mut windows = display.windows()?;
        windows.retain(|window| window.is_visible && window.process == Some(app));
        Ok(windows)
    }

    /// Fails where a window of the app has appeared since [`Display::watch`].
    pub fn see_no_window(&self, display: &Display) -> Result<(), DeskError> {
        let app = self.app()?;
        while let Some(window) = display.appeared()? {
            if window.process == Some(app) {
                return Err(DeskError::Unexpected(format!("the window \"{}\" was seen", window.title)));
            }
        }
        Ok(())
    }

    pub(crate) fn page(&self) -> Result<Page, DeskError> {
        Ok(Page { client: self.client()?.clone(), patience: self.patience() })
    }

    pub(crate) fn patience(&self) -> Patience {
        Patience::new(self.options.patience, &self.pictures)
    }

    fn not_running(&self) -> DeskError {
        DeskError::NotRunning { output: self.output.clone() }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if std::thread::panicking() && self.driver.is_some() {
            drop(self.display_picture("failed"));
        }
    }
}

/// Gives cargo's target folder, where pictures and outputs go.
pub fn target_folder() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().nth(2).unwrap_or(here);
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |set| root.join(set))
}
