//! WebKitWebDriver: started on a free port for one run of the app, ended by the ids of its processes.

use std::fs::{self, OpenOptions};
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::error::DeskError;
use crate::home::Home;
use crate::options::Options;
use crate::tree;

const UP_WITHIN: Duration = Duration::from_secs(10);
/// How long what is driven may take to come under its driver's control.
pub(crate) const SESSION_WITHIN: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A running driver and the app that it started.
pub(crate) struct Driver {
    process: Owned,
    program: PathBuf,
    pub(crate) client: Client,
}

impl Driver {
    /// Starts the driver and, through it, the app.
    pub(crate) async fn start(
        options: &Options,
        home: &Home,
        program: &Path,
        output: &Path,
    ) -> Result<Self, DeskError> {
        let launcher = write_launcher(home, program, output)?;
        let port = free_port().map_err(|source| DeskError::Program { program: "WebKitWebDriver".into(), source })?;
        let mut command = Command::new("WebKitWebDriver");
        command
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // The driver's environment is the app's.
            .env("TAURI_WEBVIEW_AUTOMATION", "true");
        home.enter(&mut command);
        if options.shares_web_context {
            command.env("GATEPASS_SHARED_WEB_CONTEXT", "1");
        }
        if !options.has_keychain {
            command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", home.path().join("no-bus").display()));
        }
        command.envs(options.environment.iter().map(|(name, value)| (name, value)));
        let process =
            command.spawn().map_err(|source| DeskError::Program { program: "WebKitWebDriver".into(), source })?;
        let process = Owned(process);
        wait_until_up("WebKitWebDriver", port).await?;
        let client = connect(port, &launcher, output).await?;
        Ok(Self { process, program: program.to_path_buf(), client })
    }

    /// Gives the app's process id, while it runs.
    pub(crate) fn app(&self) -> Option<u32> {
        let program = fs::canonicalize(&self.program).ok()?;
        tree::descendants(self.process.0.id()).into_iter().find(|id| {
            fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|path| path == program) && tree::is_alive(*id)
        })
    }
}

/// A process that ends, with all below it, when it is dropped.
pub(crate) struct Owned(pub(crate) Child);

impl Drop for Owned {
    fn drop(&mut self) {
        end_with_children(&mut self.0);
    }
}

fn end_with_children(process: &mut Child) {
    if process.try_wait().is_ok_and(|ended| ended.is_some()) {
        return;
    }
    let mut ids = tree::descendants(process.id());
    ids.push(process.id());
    tree::end(&ids);
    drop(process.wait());
}

/// WebKitWebDriver may send the app's output to nowhere, so a script between the two keeps it.
fn write_launcher(home: &Home, program: &Path, output: &Path) -> Result<PathBuf, DeskError> {
    let failed = |source| DeskError::Folder { path: output.to_path_buf(), source };
    OpenOptions::new().create(true).append(true).open(output).map_err(failed)?;
    let path = home.path().join(".launch-gatepass");
    write_program(&path, &format!("#!/bin/sh\nexec {} \"$@\" >>{} 2>&1\n", quoted(program), quoted(output)))?;
    Ok(path)
}

/// Writes a script that can be run.
pub(crate) fn write_program(path: &Path, script: &str) -> Result<(), DeskError> {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, script)
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o700)))
        .map_err(|source| DeskError::Folder { path: path.to_path_buf(), source })
}

pub(crate) fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}

pub(crate) fn free_port() -> io::Result<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr().map(|address| address.port())
}

pub(crate) async fn wait_until_up(program: &'static str, port: u16) -> Result<(), DeskError> {
    let started = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if started.elapsed() > UP_WITHIN {
            return Err(DeskError::DriverSilent { program, port, within: UP_WITHIN });
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

async fn connect(port: u16, launcher: &Path, output: &Path) -> Result<Client, DeskError> {
    let mut capabilities: Map<String, Value> = Map::new();
    capabilities.insert("browserName".into(), json!("wry"));
    // The desk waits for what it wants to see. A driver that waits for pages as well would wait for minutes where a
    // click closes its own window.
    capabilities.insert("pageLoadStrategy".into(), json!("none"));
    capabilities.insert("timeouts".into(), json!({ "pageLoad": 10_000, "script": 10_000, "implicit": 0 }));
    capabilities.insert("webkitgtk:browserOptions".into(), json!({ "binary": launcher, "args": [] }));
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let address = format!("http://127.0.0.1:{port}");
    // The driver itself waits for ever for an app that does not start.
    tokio::time::timeout(SESSION_WITHIN, builder.capabilities(capabilities).connect(&address))
        .await
        .map_err(|_| DeskError::SessionSilent { output: output.to_path_buf(), within: SESSION_WITHIN })?
        .map_err(|source| DeskError::Session { output: output.to_path_buf(), source: Box::new(source) })
}
