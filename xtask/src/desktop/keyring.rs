//! A real, throw-away keyring on the desktop's bus, started again where it ends by itself.

use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{Session, create_private, folder_failure, log, start};
use crate::failure::Failure;
use crate::process::Group;

const READY_WITHIN: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(30);
/// How often in a row the daemon may end before it has kept anything.
const ENDS: usize = 3;
const ADVICE: &str = "Its messages are in target/xtask/gnome-keyring.log; `cargo xtask setup` checks the packages.";

/// A running keyring; ended when dropped.
///
/// gnome-keyring-daemon aborts now and then when it is called much. On a person's desktop the bus starts it again;
/// here a thread does, so that one abort does not fail every journey after it; one that aborts always is left alone.
pub struct Keyring {
    // Closed by being dropped, which ends the guard.
    open: Option<Sender<()>>,
    guard: Option<JoinHandle<()>>,
}

impl Keyring {
    /// Starts it, and proves it by a write and a read.
    pub fn start(session: &Session) -> Result<Self, Failure> {
        let home = session.folder.join("keyring");
        create_private(&home).map_err(|error| folder_failure(&home, error))?;
        let program = PathBuf::from("gnome-keyring-daemon");
        let daemon = Daemon { program, session: session.clone(), home, log: log("gnome-keyring")? };
        let group = daemon.start()?;
        let (open, closed) = mpsc::channel::<()>();
        let guard = thread::spawn(move || daemon.guard(group, &closed));
        let keyring = Self { open: Some(open), guard: Some(guard) };
        prove(session)?;
        Ok(keyring)
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        self.open.take();
        if let Some(guard) = self.guard.take() {
            drop(guard.join());
        }
    }
}

struct Daemon {
    program: PathBuf,
    session: Session,
    home: PathBuf,
    // One file for all its starts: the words of one that aborted must stay.
    log: File,
}

impl Daemon {
    fn start(&self) -> Result<Group, Failure> {
        let log =
            self.log.try_clone().map_err(|error| Failure::io("The keyring's log is not writable.", ADVICE, error))?;
        let mut command = Command::new(&self.program);
        command
            .args(["--foreground", "--unlock", "--components=secrets", "--control-directory"])
            .arg(&self.home)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log);
        self.session.enter(&mut command);
        command.env("HOME", &self.home).env("XDG_DATA_HOME", &self.home);
        let mut group = start(&mut command)?;
        if let Some(mut input) = group.child().stdin.take() {
            input
                .write_all(b"throw-away")
                .map_err(|error| Failure::io("gnome-keyring-daemon took no password.", ADVICE, error))?;
        }
        Ok(group)
    }

    /// Starts it again where it ends, until the channel is closed or there is no use in it.
    fn guard(&self, mut group: Group, closed: &Receiver<()>) {
        // Since it was last proven.
        let mut ends = 0;
        while closed.recv_timeout(LOOK_AGAIN) == Err(RecvTimeoutError::Timeout) {
            let Ok(Some(status)) = group.child().try_wait() else {
                if ends > 0 && keeps(&self.session) {
                    ends = 0;
                }
                continue;
            };
            ends += 1;
            if ends == ENDS {
                eprintln!(
                    "gnome-keyring-daemon ended with {status}, {ENDS} times in a row, and is left alone. {ADVICE}"
                );
                return;
            }
            eprintln!("gnome-keyring-daemon ended with {status} and is started again");
            match self.start() {
                Ok(again) => group = again,
                Err(failure) => {
                    eprintln!("{failure} {}", failure.advice());
                    return;
                }
            }
        }
    }
}

/// Waits until the keyring is proven.
fn prove(session: &Session) -> Result<(), Failure> {
    let started = Instant::now();
    while !keeps(session) {
        if started.elapsed() > READY_WITHIN {
            return Err(Failure::new(
                "The throw-away keyring did not give back what was written to it within 20 s.",
                ADVICE,
            ));
        }
        thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

/// A wrong password, or no collection, also starts well: only a value that comes back proves the keyring.
fn keeps(session: &Session) -> bool {
    // Its own for each proof: two may be under way.
    let probe = format!("{:?}", thread::current().id());
    let stored = secret_tool(session, &["store", "--label", "probe", "gatepass", &probe], b"it works");
    let found = stored.and_then(|_| secret_tool(session, &["lookup", "gatepass", &probe], b""));
    let keeps = found.as_deref() == Some(b"it works".as_slice());
    if keeps {
        secret_tool(session, &["clear", "gatepass", &probe], b"");
    }
    keeps
}

fn secret_tool(session: &Session, words: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut command = Command::new("secret-tool");
    command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    session.enter(&mut command);
    let mut group = Group::start(&mut command).ok()?;
    if let Some(mut pipe) = group.child().stdin.take() {
        pipe.write_all(input).ok()?;
    }
    let mut said = Vec::new();
    group.child().stdout.take()?.read_to_end(&mut said).ok()?;
    group.wait().ok()?.success().then_some(said)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    use super::super::Desktop;
    use super::super::tests::processes_in;
    use super::*;

    #[test]
    fn a_keyring_that_aborts_is_there_again_with_what_it_kept() {
        let desktop = Desktop::open().unwrap_or_else(|failure| panic!("{failure}: {}", failure.advice()));
        let session = &desktop.session;
        assert!(secret_tool(session, &["store", "--label", "kept", "gatepass", "kept"], b"a value").is_some());
        let first = processes_in(&session.folder, "gnome-keyring-d");
        for id in &first {
            kill(Pid::from_raw(*id), Signal::SIGABRT).unwrap();
        }
        let since = Instant::now();
        while secret_tool(session, &["lookup", "gatepass", "kept"], b"").as_deref() != Some(b"a value") {
            assert!(since.elapsed() < READY_WITHIN, "the keyring did not come back");
            thread::sleep(LOOK_AGAIN);
        }
        let second = processes_in(&session.folder, "gnome-keyring-d");
        assert_eq!((first.len(), second.len()), (1, 1));
        assert_ne!(first, second);
    }

    #[test]
    fn a_keyring_that_always_aborts_is_left_alone() {
        use std::fs;
        use std::os::unix::fs::PermissionsExt;

        let folder = super::super::fresh_folder().unwrap_or_else(|failure| panic!("{failure}"));
        let (program, starts) = (folder.join("daemon"), folder.join("starts"));
        fs::write(&program, format!("#!/bin/sh\ncat >>{0}\necho >>{0}\nkill -ABRT $$\n", starts.display())).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        let bus_address = format!("unix:path={}", folder.join("no-bus").display());
        let session = Session { folder: folder.clone(), display_name: String::new(), bus_address };
        let log = File::create(folder.join("log")).unwrap();
        let daemon = Daemon { program, session, home: folder.clone(), log };
        let group = daemon.start().unwrap_or_else(|failure| panic!("{failure}"));
        let (_open, closed) = mpsc::channel::<()>();
        daemon.guard(group, &closed);
        assert_eq!(fs::read_to_string(starts).unwrap(), "throw-away\n".repeat(ENDS));
        fs::remove_dir_all(folder).unwrap();
    }
}
