//! The system's browser of a journey: a real Chromium, in which the app's links open as new tabs.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::desk::Desk;
use crate::driver::{Owned, SESSION_WITHIN, free_port, quoted, wait_until_up, write_program};
use crate::error::DeskError;
use crate::home::Home;
use crate::page::{Page, Patience};
use crate::tree;
use crate::windows::WindowView;

const UP_WITHIN: Duration = Duration::from_secs(30);

/// Nothing but loopback is asked, nothing is asked of the user, and no sandbox of its own is made, which root cannot.
const FLAGS: [&str; 13] = [
    "--remote-debugging-port=0",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--password-store=basic",
    "--window-position=700,0",
    "--window-size=720,860",
];

/// A Chromium that is the default browser of a desk's home, and does not run yet.
pub struct Installed {
    home: Home,
    launcher: PathBuf,
    patience: Patience,
}

/// A running Chromium, the default browser of a desk's home; it ends when it is dropped.
pub struct Browser {
    // Before the home: Chromium must not write into a folder that is being removed.
    _driver: Owned,
    chromium: u32,
    _starter: Option<Owned>,
    _home: Home,
    page: Page,
}

impl Browser {
    /// Makes Chromium the default browser of the desk's home. It has a home of its own, because what it remembers is no
    /// business of the app's.
    pub fn install(desk: &Desk) -> Result<Installed, DeskError> {
        let home = Home::fresh()?;
        let launcher = become_default(desk.home(), &home)?;
        Ok(Installed { home, launcher, patience: desk.patience() })
    }

    /// Makes Chromium the default browser of the desk's home, and opens it at an empty page.
    pub async fn open(desk: &Desk) -> Result<Self, DeskError> {
        let installed = Self::install(desk)?;
        let mut command = Command::new(&installed.launcher);
        command.arg("about:blank");
        let starter = start(command, &installed.home, "chromium")?;
        installed.opened_by(Some(starter)).await
    }

    /// Waits for a tab that fits, and looks at it from then on.
    pub async fn tab(&self, what: &str, fits: impl Fn(&WindowView) -> bool) -> Result<Page, DeskError> {
        self.page.window(what, fits).await?;
        Ok(self.page.clone())
    }

    /// Lists the tabs.
    pub async fn tabs(&self) -> Result<Vec<WindowView>, DeskError> {
        self.page.windows().await
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let mut ids = tree::descendants(self.chromium);
        ids.push(self.chromium);
        tree::end(&ids);
    }
}

impl Installed {
    /// Waits until somebody has opened it, and takes it under WebDriver's control.
    pub async fn opened(self) -> Result<Browser, DeskError> {
        self.opened_by(None).await
    }

    async fn opened_by(self, starter: Option<Owned>) -> Result<Browser, DeskError> {
        let Self { home, patience, .. } = self;
        let chromium = first_line(&process_of(&home), &patience).await?;
        let port: u16 = first_line(&home.path().join("profile/DevToolsActivePort"), &patience).await?;
        let (driver, client) = drive(&home, port).await?;
        let page = Page { client, patience };
        Ok(Browser { _driver: driver, chromium, _starter: starter, _home: home, page })
    }
}

/// Starts a driver and attaches it to the Chromium whose debugger listens at a port.
async fn drive(home: &Home, debugger: u16) -> Result<(Owned, Client), DeskError> {
    let port = free_port().map_err(|source| DeskError::Program { program: "chromedriver".into(), source })?;
    let mut command = Command::new("chromedriver");
    command.arg(format!("--port={port}"));
    let driver = start(command, home, "chromedriver")?;
    wait_until_up("chromedriver", port).await?;
    let mut capabilities: Map<String, Value> = Map::new();
    capabilities.insert("browserName".into(), json!("chrome"));
    capabilities.insert("pageLoadStrategy".into(), json!("none"));
    let debugger = format!("{}:{debugger}", Ipv4Addr::LOCALHOST);
    capabilities.insert("goog:chromeOptions".into(), json!({ "debuggerAddress": debugger }));
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let address = format!("http://{}:{port}", Ipv4Addr::LOCALHOST);
    let client = tokio::time::timeout(SESSION_WITHIN, builder.capabilities(capabilities).connect(&address))
        .await
        .map_err(|_| DeskError::BrowserSilent { within: SESSION_WITHIN })?
        .map_err(|source| DeskError::BrowserSession { source: Box::new(source) })?;
    Ok((driver, client))
}

/// The file with the id of the Chromium that was started first.
fn process_of(home: &Home) -> PathBuf {
    home.path().join("process")
}

/// Makes Chromium the default browser in the app's home, as a desktop's settings do; gives what starts it.
///
/// While it runs, what is started hands its address over and ends.
fn become_default(app: &Home, own: &Home) -> Result<PathBuf, DeskError> {
    let path = app.path().join(".browse");
    let script = format!(
        "#!/bin/sh\n[ -e {process} ] || echo $$ >{process}\nexport HOME={home}\n\
         exec \"$(command -v chromium || command -v chromium-browser)\" {} --user-data-dir={home}/profile \"$@\"\n",
        FLAGS.join(" "),
        process = quoted(&process_of(own)),
        home = quoted(own.path()),
    );
    write_program(&path, &script)?;
    let entry = format!(
        "[Desktop Entry]\nType=Application\nName=Chromium of the journey\nExec={} %u\n\
         MimeType=x-scheme-handler/http;x-scheme-handler/https;\n",
        path.display()
    );
    let choice =
        "[Default Applications]\nx-scheme-handler/http=browser.desktop\nx-scheme-handler/https=browser.desktop\n";
    let applications = app.path().join(".local/share/applications");
    for (folder, name, content) in
        [(applications, "browser.desktop", entry.as_str()), (app.path().join(".config"), "mimeapps.list", choice)]
    {
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(folder.join(name), content))
            .map_err(|source| DeskError::Folder { path: folder, source })?;
    }
    Ok(path)
}

/// Waits until a file's first line is a number, and gives it.
async fn first_line<T: FromStr>(file: &Path, patience: &Patience) -> Result<T, DeskError> {
    let patience = Patience { limit: patience.limit.max(UP_WITHIN), ..patience.clone() };
    let look = async || Ok(fs::read_to_string(file).ok().and_then(|text| text.lines().next()?.parse().ok()));
    patience.until("Chromium to start", look).await
}

fn start(mut command: Command, home: &Home, program: &str) -> Result<Owned, DeskError> {
    home.enter(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let process = command.spawn().map_err(|source| DeskError::Program { program: program.into(), source })?;
    Ok(Owned(process))
}
