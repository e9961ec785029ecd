//! Processes that this program starts, each ended by its own id, also on Ctrl-C.

use std::fs;
use std::io;
use std::path::PathBuf;
#[cfg(not(unix))]
use std::process::Stdio;
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use nix::sys::signal::{Signal, killpg};
#[cfg(unix)]
use nix::unistd::Pid;

const POLITE: Duration = Duration::from_secs(4);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

static LIVING: Mutex<Vec<u32>> = Mutex::new(Vec::new());
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A process that leads a group of its own, so that its children end with it.
pub struct Group {
    child: Child,
}

impl Group {
    /// Starts a command as the leader of a group.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        lead_a_group(command);
        let child = command.spawn()?;
        living().push(child.id());
        Ok(Self { child })
    }

    /// Gives the process itself, for its pipes and its status.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Gives the process id.
    #[cfg(test)]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the leader is gone, and ends what it left behind.
    pub fn wait(&mut self) -> io::Result<std::process::ExitStatus> {
        let status = self.child.wait()?;
        self.end();
        Ok(status)
    }

    /// Ends the whole group: politely, then by force.
    pub fn end(&mut self) {
        let id = self.child.id();
        if forget(id) {
            ask_to_end(id);
            let asked = Instant::now();
            loop {
                // A leader that is not collected stays a member of its group.
                drop(self.child.try_wait());
                if !is_alive(id) {
                    break;
                }
                if asked.elapsed() > POLITE {
                    end_by_force(id);
                    break;
                }
                thread::sleep(LOOK_AGAIN);
            }
        }
        drop(self.child.wait());
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

/// Ends all groups that still live when the person presses Ctrl-C or the system asks.
pub fn end_everything_on_interrupt() {
    let set = ctrlc::set_handler(|| {
        end_everything();
        std::process::exit(130);
    });
    if let Err(error) = set {
        eprintln!("Ctrl-C will not clean up after itself: {error}");
    }
}

/// Removes a folder at the end of this program, however it ends.
pub fn remove_at_the_end(folder: PathBuf) {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner).push(folder);
}

/// Ends all groups that still live, the youngest first, and removes the folders that were for this run only.
pub fn end_everything() {
    let ids: Vec<u32> = living().drain(..).rev().collect();
    for id in &ids {
        ask_to_end(*id);
    }
    let asked = Instant::now();
    while ids.iter().any(|id| is_alive(*id)) && asked.elapsed() < POLITE {
        thread::sleep(LOOK_AGAIN);
    }
    for id in ids.into_iter().filter(|id| is_alive(*id)) {
        end_by_force(id);
    }
    for folder in FOLDERS.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        // Most are gone already, with the desktop that used them.
        fs::remove_dir_all(folder).ok();
    }
}

fn living() -> MutexGuard<'static, Vec<u32>> {
    LIVING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn forget(id: u32) -> bool {
    let mut living = living();
    let before = living.len();
    living.retain(|other| *other != id);
    living.len() < before
}

#[cfg(unix)]
fn lead_a_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn lead_a_group(_command: &mut Command) {}

#[cfg(unix)]
fn signal(id: u32, signal: Option<Signal>) -> bool {
    i32::try_from(id).is_ok_and(|id| killpg(Pid::from_raw(id), signal).is_ok())
}

#[cfg(unix)]
fn ask_to_end(id: u32) -> bool {
    signal(id, Some(Signal::SIGTERM))
}

#[cfg(unix)]
fn end_by_force(id: u32) -> bool {
    signal(id, Some(Signal::SIGKILL))
}

#[cfg(unix)]
fn is_alive(id: u32) -> bool {
    signal(id, None)
}

#[cfg(not(unix))]
fn ask_to_end(id: u32) -> bool {
    let mut command = Command::new("taskkill");
    command.args(["/T", "/F", "/PID", &id.to_string()]).stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

#[cfg(not(unix))]
fn end_by_force(id: u32) -> bool {
    ask_to_end(id)
}

#[cfg(not(unix))]
fn is_alive(_id: u32) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    use super::*;

    #[test]
    fn a_group_ends_with_the_children_of_its_leader() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo ready; wait"]).stdout(Stdio::piped());
        let mut group = Group::start(&mut command).unwrap();
        let id = group.id();
        let mut line = String::new();
        let pipe = group.child().stdout.take().unwrap();
        BufReader::new(pipe).read_line(&mut line).unwrap();
        assert!(is_alive(id));
        group.end();
        assert!(!is_alive(id));
    }
}
