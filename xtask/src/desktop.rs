//! A desktop of its own for the app: a virtual display, a private session bus, and a real, throw-away keyring.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::places;
use crate::process::{self, Group};

const SIZE: &str = "1440x900x24";
const READY_WITHIN: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(30);

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
    keyring: Option<Group>,
    bus: Option<Group>,
    display: Option<Group>,
    folder: PathBuf,
    display_name: String,
    bus_address: String,
}

impl Desktop {
    /// Starts display, bus and keyring, and proves the keyring by a write and a read.
    pub fn open() -> Result<Self, Failure> {
        let mut desktop = Self {
            keyring: None,
            bus: None,
            display: None,
            folder: fresh_folder()?,
            display_name: String::new(),
            bus_address: String::new(),
        };
        desktop.start_display()?;
        desktop.start_bus()?;
        desktop.start_keyring()?;
        Ok(desktop)
    }

    /// Gives a command this desktop's environment and takes the person's own desktop from it.
    pub fn enter(&self, command: &mut Command) {
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

    fn start_display(&mut self) -> Result<(), Failure> {
        let mut command = Command::new("Xvfb");
        command
            .args(["-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(log("xvfb")?);
        let mut group = start(&mut command)?;
        let number = first_line(&mut group, "Xvfb")?;
        self.display = Some(group);
        self.display_name = format!(":{number}");
        Ok(())
    }

    fn start_bus(&mut self) -> Result<(), Failure> {
        let config = self.folder.join("bus.conf");
        let text = BUS.replace("FOLDER", &self.folder.to_string_lossy());
        fs::write(&config, text).map_err(|error| folder_failure(&config, error))?;
        let mut command = Command::new("dbus-daemon");
        command
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(log("dbus-daemon")?);
        let mut group = start(&mut command)?;
        self.bus_address = first_line(&mut group, "dbus-daemon")?;
        self.bus = Some(group);
        Ok(())
    }

    fn start_keyring(&mut self) -> Result<(), Failure> {
        let home = self.folder.join("keyring");
        fs::create_dir(&home).map_err(|error| folder_failure(&home, error))?;
        let mut command = Command::new("gnome-keyring-daemon");
        command
            .args(["--foreground", "--unlock", "--components=secrets", "--control-directory"])
            .arg(&home)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log("gnome-keyring")?);
        self.enter(&mut command);
        command.env("HOME", &home).env("XDG_DATA_HOME", &home);
        let mut group = start(&mut command)?;
        if let Some(mut input) = group.child().stdin.take() {
            input
                .write_all(b"throw-away")
                .map_err(|error| Failure::io("gnome-keyring-daemon took no password.", KEYRING_ADVICE, error))?;
        }
        self.keyring = Some(group);
        self.prove_keyring()
    }

    /// A wrong password, or no collection, also starts well: only a value that comes back proves the keyring.
    fn prove_keyring(&self) -> Result<(), Failure> {
        let started = Instant::now();
        loop {
            let stored = self.secret_tool(&["store", "--label", "probe", "gatepass", "probe"], b"it works");
            if stored.is_some() {
                let found = self.secret_tool(&["lookup", "gatepass", "probe"], b"");
                if found.as_deref() == Some(b"it works".as_slice()) {
                    self.secret_tool(&["clear", "gatepass", "probe"], b"");
                    return Ok(());
                }
            }
            if started.elapsed() > READY_WITHIN {
                return Err(Failure::new(
                    "The throw-away keyring did not give back what was written to it within 20 s.",
                    KEYRING_ADVICE,
                ));
            }
            thread::sleep(LOOK_AGAIN);
        }
    }

    fn secret_tool(&self, words: &[&str], input: &[u8]) -> Option<Vec<u8>> {
        let mut command = Command::new("secret-tool");
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        self.enter(&mut command);
        let mut group = Group::start(&mut command).ok()?;
        if let Some(mut pipe) = group.child().stdin.take() {
            pipe.write_all(input).ok()?;
        }
        let mut said = Vec::new();
        group.child().stdout.take()?.read_to_end(&mut said).ok()?;
        group.wait().ok()?.success().then_some(said)
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        self.keyring.take();
        self.bus.take();
        self.display.take();
        drop(fs::remove_dir_all(&self.folder));
    }
}

const KEYRING_ADVICE: &str =
    "Its messages are in target/xtask/gnome-keyring.log; `cargo xtask setup` checks the packages.";

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

    #[test]
    fn a_desktop_leaves_no_folder_and_no_process() {
        let mut desktop = Desktop::open().unwrap_or_else(|failure| panic!("{failure}: {}", failure.advice()));
        let folder = desktop.folder.clone();
        let ids: Vec<u32> = [&mut desktop.keyring, &mut desktop.bus, &mut desktop.display]
            .into_iter()
            .flatten()
            .map(|group| group.id())
            .collect();
        assert_eq!(ids.len(), 3);
        drop(desktop);
        assert!(!folder.exists());
        assert!(ids.iter().all(|id| !Path::new(&format!("/proc/{id}")).exists()));
    }
}
