//! The processes below a process: found, weighed, and ended by their ids.

use std::collections::HashMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

const POLITE: Duration = Duration::from_secs(4);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// What a process tree weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pss {
    /// Proportional set size over all processes, in kilobytes.
    pub kilobytes: u64,
    /// How many processes were weighed.
    pub processes: usize,
}

/// Gives all processes below one, the nearest first; the process itself is not among them.
pub fn descendants(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for id in all() {
        if let Some((parent, _)) = parent_and_state(id) {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut found = Vec::new();
    let mut next = vec![root];
    while let Some(parent) = next.pop() {
        for child in children.get(&parent).into_iter().flatten() {
            found.push(*child);
            next.push(*child);
        }
    }
    found
}

/// Tells whether a process runs; one that only waits to be collected does not.
pub fn is_alive(id: u32) -> bool {
    parent_and_state(id).is_some_and(|(_, state)| (state != 'Z' && state != 'X') || has_threads(id))
}

/// The first thread may have ended before the others, which have its children until they end too.
fn has_threads(id: u32) -> bool {
    fs::read_dir(format!("/proc/{id}/task")).is_ok_and(|threads| threads.count() > 1)
}

/// Ends processes by their ids: politely, then by force; returns when they are gone.
pub fn end(ids: &[u32]) {
    send(ids, Signal::TERM);
    let asked = Instant::now();
    while ids.iter().any(|id| is_alive(*id)) {
        if asked.elapsed() > POLITE {
            send(ids, Signal::KILL);
            return;
        }
        thread::sleep(LOOK_AGAIN);
    }
}

/// Ends processes at once, as a crash does.
pub(crate) fn kill(ids: &[u32]) {
    send(ids, Signal::KILL);
}

/// Weighs a process and all below it, by `/proc/<id>/smaps_rollup`.
pub fn pss(root: u32) -> Pss {
    let mut sum = Pss::default();
    for id in std::iter::once(root).chain(descendants(root)) {
        let Ok(text) = fs::read_to_string(format!("/proc/{id}/smaps_rollup")) else {
            continue;
        };
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        if let Some(kilobytes) = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()) {
            sum.kilobytes += kilobytes;
            sum.processes += 1;
        }
    }
    sum
}

fn send(ids: &[u32], signal: Signal) {
    for id in ids.iter().filter(|id| is_alive(**id)) {
        if let Some(pid) = i32::try_from(*id).ok().and_then(Pid::from_raw) {
            // Gone in between is as good as ended.
            kill_process(pid, signal).ok();
        }
    }
}

fn all() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn parent_and_state(id: u32) -> Option<(u32, char)> {
    // The name stands in parentheses and may hold blanks and parentheses itself (proc(5)).
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((fields.next()?.parse().ok()?, state))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_tree_is_found_weighed_and_ended() {
        let mut shell = Command::new("sh")
            .args(["-c", "sleep 600 & sleep 600 & echo ready; wait"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let below = descendants(shell.id());
        assert_eq!(below.len(), 2);
        let weight = pss(shell.id());
        assert_eq!(weight.processes, 3);
        assert!(weight.kilobytes > 0);
        end(&below);
        assert!(below.iter().all(|id| !is_alive(*id)));
        shell.wait().unwrap();
        assert!(!is_alive(shell.id()));
    }
}
