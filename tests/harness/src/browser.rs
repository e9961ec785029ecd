//! The system's browser of a journey: a real Chromium, in which the app's links open as new tabs.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::desk::Desk;
use crate::driver::{Owned, free_port, quoted, wait_until_up, write_program};
use crate::error::DeskError;
use crate::home::Home;
use crate::page::{Page, Patience};
use crate::windows::WindowView;

const UP_WITHIN: Duration = Duration::from_secs(30);

/// Nothing but loopback is asked, nothing is asked of the user, and no sandbox of its own is made, which root cannot.
const FLAGS: [&str; 12] = [
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

/// A running Chromium, the default browser of a desk's home; it ends when it is dropped.
pub struct Browser {
    // Before the home: Chromium must not write into a folder that is being removed.
    _driver: Owned,
    _chromium: Owned,
    _home: Home,
    page: Page,
}

impl Browser {
    /// Opens Chromium and makes it the default browser of the desk's home. It has a home of its own, because what it
    /// remembers is no business of the app's.
    pub async fn open(desk: &Desk) -> Result<Self, DeskError> {
        let home = Home::fresh()?;
        let profile = home.path().join("profile");
        let launcher = become_default(desk.home(), &profile)?;
        let mut command = Command::new(&launcher);
        command.args(["--remote-debugging-port=0", "about:blank"]);
        let chromium = start(command, &home, "chromium")?;
        let patience = desk.patience();
        let debugger = debugger_of(&profile, &Patience { limit: UP_WITHIN, ..patience.clone() }).await?;

        let port = free_port().map_err(|source| DeskError::Program { program: "chromedriver".into(), source })?;
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}"));
        let driver = start(command, &home, "chromedriver")?;
        wait_until_up("chromedriver", port).await?;
        let mut capabilities: Map<String, Value> = Map::new();
        capabilities.insert("browserName".into(), json!("chrome"));
        capabilities.insert("pageLoadStrategy".into(), json!("none"));
        capabilities.insert("goog:chromeOptions".into(), json!({ "debuggerAddress": debugger }));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://{}:{port}", Ipv4Addr::LOCALHOST))
            .await
            .map_err(|source| DeskError::BrowserSession { source: Box::new(source) })?;
        Ok(Self { _driver: driver, _chromium: chromium, _home: home, page: Page { client, patience } })
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

/// Makes Chromium, with a profile, the default browser in a home, as a desktop's settings do; gives what starts it.
///
/// With a Chromium on that profile running, what is started hands its address over and ends.
fn become_default(home: &Home, profile: &Path) -> Result<PathBuf, DeskError> {
    let path = home.path().join(".browse");
    let profile = quoted(profile);
    let script = format!(
        "#!/bin/sh\nexec \"$(command -v chromium || command -v chromium-browser)\" {} --user-data-dir={profile} \"$@\"\n",
        FLAGS.join(" ")
    );
    write_program(&path, &script)?;
    let entry = format!(
        "[Desktop Entry]\nType=Application\nName=Chromium of the journey\nExec={} %u\n\
         MimeType=x-scheme-handler/http;x-scheme-handler/https;\n",
        path.display()
    );
    let choice =
        "[Default Applications]\nx-scheme-handler/http=browser.desktop\nx-scheme-handler/https=browser.desktop\n";
    let applications = home.path().join(".local/share/applications");
    for (folder, name, content) in
        [(applications, "browser.desktop", entry.as_str()), (home.path().join(".config"), "mimeapps.list", choice)]
    {
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(folder.join(name), content))
            .map_err(|source| DeskError::Folder { path: folder, source })?;
    }
    Ok(path)
}

/// Waits until Chromium has written where its debugger listens.
async fn debugger_of(profile: &Path, patience: &Patience) -> Result<String, DeskError> {
    let file = profile.join("DevToolsActivePort");
    patience
        .until("Chromium to start", async || {
            let port = fs::read_to_string(&file).ok().and_then(|text| text.lines().next()?.parse::<u16>().ok());
            Ok(port.map(|port| format!("{}:{port}", Ipv4Addr::LOCALHOST)))
        })
        .await
}

fn start(mut command: Command, home: &Home, program: &str) -> Result<Owned, DeskError> {
    home.enter(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let process: Child = command.spawn().map_err(|source| DeskError::Program { program: program.into(), source })?;
    Ok(Owned(process))
}
