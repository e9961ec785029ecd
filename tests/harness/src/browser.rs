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
use crate::page::{Page, Patience, command};
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
    chromium: Chromium,
    launcher: PathBuf,
    patience: Patience,
}

/// A running Chromium, the default browser of a desk's home; it ends when it is dropped.
pub struct Browser {
    _driver: Owned,
    chromium: Chromium,
    page: Page,
}

/// The home of a Chromium; what was started in it, by whomever, ends when it is dropped.
struct Chromium {
    // Before the home: Chromium must not write into a folder that is being removed.
    starter: Option<Owned>,
    home: Home,
}

impl Browser {
    /// Makes Chromium the default browser of the desk's home. It has a home of its own, because what it remembers is no
    /// business of the app's.
    pub fn install(desk: &Desk) -> Result<Installed, DeskError> {
        let chromium = Chromium { starter: None, home: Home::fresh()? };
        let launcher = become_default(desk.home(), &chromium)?;
        Ok(Installed { chromium, launcher, patience: desk.patience() })
    }

    /// Makes Chromium the default browser of the desk's home, and opens it at an empty page.
    pub async fn open(desk: &Desk) -> Result<Self, DeskError> {
        let mut installed = Self::install(desk)?;
        let mut command = Command::new(&installed.launcher);
        command.arg("about:blank");
        installed.chromium.starter = Some(start(command, &installed.chromium.home, "chromium")?);
        installed.opened().await
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

    /// Closes all tabs as a person does, and waits until it has written down what it had in mind, and ended.
    pub async fn close(&self) -> Result<(), DeskError> {
        let client = &self.page.client;
        for tab in client.windows().await.map_err(|source| command("list the tabs", source))? {
            client.switch_to_window(tab).await.map_err(|source| command("switch to a tab", source))?;
            client.close_window().await.map_err(|source| command("close a tab", source))?;
        }
        let is_gone = async || Ok(self.chromium.id().is_none_or(|id| !tree::is_alive(id)).then_some(()));
        self.page.patience.until("Chromium to end after its tabs were closed", is_gone).await?;
        self.chromium.end();
        Ok(())
    }

    /// Gives the folder of all that it remembers.
    pub fn profile(&self) -> PathBuf {
        self.chromium.profile()
    }
}

impl Installed {
    /// Waits until somebody has opened it, and takes it under WebDriver's control.
    pub async fn opened(self) -> Result<Browser, DeskError> {
        let Self { chromium, patience, .. } = self;
        first_line::<u32>(&chromium.process(), &patience).await?;
        let port: u16 = first_line(&chromium.profile().join("DevToolsActivePort"), &patience).await?;
        let (driver, client) = drive(&chromium.home, port).await?;
        let page = Page { client, patience };
        Ok(Browser { _driver: driver, chromium, page })
    }
}

impl Chromium {
    /// The file with the id of the process that was started first.
    fn process(&self) -> PathBuf {
        self.home.path().join("process")
    }

    fn profile(&self) -> PathBuf {
        self.home.path().join("profile")
    }

    fn id(&self) -> Option<u32> {
        number_in(&self.process())
    }

    fn end(&self) {
        let Some(id) = self.id() else { return };
        let mut ids = tree::descendants(id);
        ids.push(id);
        tree::end(&ids);
        // The system may give the number to somebody else.
        fs::remove_file(self.process()).ok();
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.end();
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

/// Makes Chromium the default browser in the app's home, as a desktop's settings do; gives what starts it.
///
/// While it runs, what is started hands its address over and ends.
fn become_default(app: &Home, own: &Chromium) -> Result<PathBuf, DeskError> {
    let path = app.path().join(".browse");
    let script = format!(
        "#!/bin/sh\n[ -d {home} ] || exit 1\n[ -e {process} ] || echo $$ >{process}\nexport HOME={home}\n\
         exec \"$(command -v chromium || command -v chromium-browser)\" {} --user-data-dir={profile} \"$@\"\n",
        FLAGS.join(" "),
        process = quoted(&own.process()),
        home = quoted(own.home.path()),
        profile = quoted(&own.profile()),
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
    patience.until("Chromium to start", async || Ok(number_in(file))).await
}

fn number_in<T: FromStr>(file: &Path) -> Option<T> {
    fs::read_to_string(file).ok()?.lines().next()?.parse().ok()
}

fn start(mut command: Command, home: &Home, program: &str) -> Result<Owned, DeskError> {
    home.enter(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let process = command.spawn().map_err(|source| DeskError::Program { program: program.into(), source })?;
    Ok(Owned(process))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};

    use super::*;

    #[test]
    fn a_chromium_ends_with_its_home_whoever_has_started_it() {
        let chromium = Chromium { starter: None, home: Home::fresh().unwrap() };
        let mut somebodys =
            Command::new("sh").args(["-c", "sleep 600 & echo ready; wait"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(somebodys.stdout.take().unwrap()).read_line(&mut line).unwrap();
        fs::write(chromium.process(), format!("{}\n", somebodys.id())).unwrap();
        let mut ids = tree::descendants(somebodys.id());
        ids.push(somebodys.id());
        assert_eq!(ids.len(), 2);
        drop(chromium);
        assert!(ids.iter().all(|id| !tree::is_alive(*id)));
        somebodys.wait().unwrap();
    }
}
