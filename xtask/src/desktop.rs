//! A desktop of its own for the app: a virtual display, a private session bus, and a real, throw-away keyring.

mod keyring;

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use keyring::Keyring;

use crate::failure::Failure;
use crate::places;
use crate::process::{self, Group};

const SIZE: &str = "1440x900x24";

// No service folders: nothing but our own keyring answers on this bus, and no stray daemon is started by it.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Runs one command on a desktop of its own, with this terminal.
pub fn command(words: &[String]) -> Result<(), Failure> {
    let Some((program, arguments)) = words.split_first() else {
        return Ok(());
    };
    let desktop = Desktop::open()?;
    let mut command = Command::new(program);
    command.args(arguments);
    desktop.enter(&mut command);
    let mut group = start(&mut command)?;
    let status = group
        .wait()
        .map_err(|error| Failure::io(format!("{program} could not be waited for."), "Run it again.", error))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("{program} ended with {status}."), "Its words stand above."))
}

/// A running desktop; ended when dropped.
pub struct Desktop {
    // In this order: the keyring leaves the bus before the bus ends.
    keyring: Option<Keyring>,
    bus: Option<Group>,
    display: Option<Group>,
    session: Session,
}

/// What a command must know to be on a desktop.
#[derive(Clone)]
struct Session {
    folder: PathBuf,
    display_name: String,
    bus_address: String,
}

impl Session {
    fn enter(&self, command: &mut Command) {
        for foreign in
            ["WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_PID", "GNOME_KEYRING_CONTROL", "SSH_AUTH_SOCK"]
        {
            command.env_remove(foreign);
        }
        command
            .env("DISPLAY", &self.display_name)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("XDG_RUNTIME_DIR", &self.folder)
            .env("GDK_BACKEND", "x11")
            .env("GSETTINGS_BACKEND", "memory")
            .env("NO_AT_BRIDGE", "1")
            .env("LANG", "C.UTF-8")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("GATEPASS_DESKTOP", &self.folder);
    }
}

impl Desktop {
    /// Starts display, bus and keyring, and proves the keyring by a write and a read.
    pub fn open() -> Result<Self, Failure> {
        let session = Session { folder: fresh_folder()?, display_name: String::new(), bus_address: String::new() };
        let mut desktop = Self { keyring: None, bus: None, display: None, session };
        desktop.start_display()?;
        desktop.start_bus()?;
        desktop.keyring = Some(Keyring::start(&desktop.session)?);
        Ok(desktop)
    }

    /// Gives a command this desktop's environment and takes the person's own desktop from it.
    pub fn enter(&self, command: &mut Command) {
        self.session.enter(command);
    }

    fn start_display(&mut self) -> Result<(), Failure> {
        let mut command = Command::new("Xvfb");
        command
            .args(["-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(log("xvfb")?);
        let mut group = start(&mut command)?;
        let number = first_line(&mut group, "Xvfb")?;
        self.display = Some(group);
        self.session.display_name = format!(":{number}");
        Ok(())
    }

    fn start_bus(&mut self) -> Result<(), Failure> {
        let config = self.session.folder.join("bus.conf");
        let text = BUS.replace("FOLDER", &self.session.folder.to_string_lossy());
        fs::write(&config, text).map_err(|error| folder_failure(&config, error))?;
        let mut command = Command::new("dbus-daemon");
        command
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(log("dbus-daemon")?);
        let mut group = start(&mut command)?;
        self.session.bus_address = first_line(&mut group, "dbus-daemon")?;
        self.bus = Some(group);
        Ok(())
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        self.keyring.take();
        self.bus.take();
        self.display.take();
        drop(fs::remove_dir_all(&self.session.folder));
    }
}

fn fresh_folder() -> Result<PathBuf, Failure> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    // Short, because a socket's path may have 107 bytes.
    let folder = env::temp_dir().join(format!("gatepass-{}-{number}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| folder_failure(&folder, error))?;
    }
    create_private(&folder).map_err(|error| folder_failure(&folder, error))?;
    process::remove_at_the_end(folder.clone());
    Ok(folder)
}

#[cfg(unix)]
fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_private(folder: &Path) -> std::io::Result<()> {
    fs::create_dir(folder)
}

fn start(command: &mut Command) -> Result<Group, Failure> {
    Group::start(command).map_err(|error| {
        let program = Path::new(command.get_program()).file_name().unwrap_or(OsStr::new("a program"));
        Failure::io(
            format!("{} did not start.", program.to_string_lossy()),
            "`cargo xtask setup` installs what the virtual desktop needs.",
            error,
        )
    })
}

fn first_line(group: &mut Group, program: &str) -> Result<String, Failure> {
    let mut line = String::new();
    if let Some(pipe) = group.child().stdout.take() {
        drop(BufReader::new(pipe).read_line(&mut line));
    }
    let line = line.trim();
    if line.is_empty() {
        return Err(Failure::new(
            format!("{program} ended before it was ready."),
            format!("Its messages are in target/xtask/{}.log.", program.to_ascii_lowercase()),
        ));
    }
    Ok(line.to_owned())
}

fn log(name: &str) -> Result<File, Failure> {
    let path = places::logs().join(format!("{name}.log"));
    fs::create_dir_all(places::logs()).and_then(|()| File::create(&path)).map_err(|error| folder_failure(&path, error))
}

fn folder_failure(path: &Path, error: std::io::Error) -> Failure {
    Failure::io(
        format!("{} cannot be written.", path.display()),
        "Check the folder's owner and the disk's space.",
        error,
    )
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// The ids of the processes with a name that were started on a desktop.
    pub(super) fn processes_in(desktop: &Path, name: &str) -> Vec<i32> {
        let mark = format!("GATEPASS_DESKTOP={}", desktop.display());
        fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|id: &i32| {
                let file = |file| fs::read(format!("/proc/{id}/{file}")).unwrap_or_default();
                file("comm").trim_ascii_end() == name.as_bytes()
                    && file("environ").split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
            })
            .collect()
    }

    #[test]
    fn a_desktop_leaves_no_folder_and_no_process() {
        let mut desktop = Desktop::open().unwrap_or_else(|failure| panic!("{failure}: {}", failure.advice()));
        let folder = desktop.session.folder.clone();
        let mut ids = processes_in(&folder, "gnome-keyring-d");
        ids.extend(
            [&mut desktop.bus, &mut desktop.display]
                .into_iter()
                .flatten()
                .map(|group| i32::try_from(group.id()).unwrap()),
        );
        assert_eq!(ids.len(), 3);
        drop(desktop);
        assert!(!folder.exists());
        assert!(ids.iter().all(|id| !Path::new(&format!("/proc/{id}")).exists()));
    }
}
