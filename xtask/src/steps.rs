//! Runs the steps of a command, one line each, with time, log and advice.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::counts::{self, Counts};
use crate::failure::Failure;
use crate::places;
use crate::process::Group;
use crate::terminal::{is_watched, paint, plain, spoken};

const KEPT_LINES: usize = 400;
const STILL_AT_IT: Duration = Duration::from_secs(15);
const TICK: Duration = Duration::from_millis(200);

/// The steps of one command and how they went.
pub struct Steps {
    done: Vec<Done>,
    counts: Counts,
    started: Instant,
}

struct Done {
    name: String,
    outcome: Outcome,
    took: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    NotRun,
}

/// How a step shows what its program says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// The last line beside the clock; everything when it fails.
    Progress,
    /// Every line as it comes.
    EveryLine,
}

impl Steps {
    /// Starts a list.
    pub fn new() -> Self {
        Self { done: Vec::new(), counts: Counts::default(), started: Instant::now() }
    }

    /// Runs a program as one step and gives its output.
    pub fn run(&mut self, name: &str, command: &mut Command, advice: &str) -> Result<String, Failure> {
        self.run_showing(name, command, advice, Show::Progress)
    }

    /// Runs a program as one step, showing its output as asked.
    pub fn run_showing(
        &mut self,
        name: &str,
        command: &mut Command,
        advice: &str,
        show: Show,
    ) -> Result<String, Failure> {
        let started = Instant::now();
        let finished = follow(name, command, show, started);
        let took = started.elapsed();
        let (said, success) = match finished {
            Ok(finished) => finished,
            Err(error) => {
                self.close(name, Outcome::Failed, took);
                let program = command.get_program().to_string_lossy().into_owned();
                return Err(Failure::io(format!("`{program}` could not be run."), advice, error));
            }
        };
        let mut counted = Counts::default();
        for line in said.lines() {
            counted += counts::of_line(line);
        }
        self.counts += counted;
        if success {
            self.close(name, Outcome::Passed, took);
            return Ok(said);
        }
        if show == Show::Progress {
            let lines: Vec<&str> = said.lines().collect();
            for line in &lines[lines.len().saturating_sub(KEPT_LINES)..] {
                println!("    {line}");
            }
        }
        self.close(name, Outcome::Failed, took);
        if counted.failed == 0 {
            self.counts.failed += 1;
        }
        let log = log_path(name);
        Err(Failure::new(format!("The step \"{name}\" failed; its whole output is in {}.", log.display()), advice))
    }

    /// Runs something of our own as one step.
    pub fn act<T>(&mut self, name: &str, act: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
        let started = Instant::now();
        begin(name);
        let result = act();
        let outcome = if result.is_ok() { Outcome::Passed } else { Outcome::Failed };
        if result.is_err() {
            self.counts.failed += 1;
        }
        self.close(name, outcome, started.elapsed());
        result
    }

    /// Notes a step that was left out because an earlier one failed.
    pub fn skip(&mut self, name: &str) {
        self.done.push(Done { name: name.to_owned(), outcome: Outcome::NotRun, took: Duration::ZERO });
    }

    /// Prints how every step went.
    pub fn summary(&self) {
        println!();
        for done in &self.done {
            let (mark, time) = match done.outcome {
                Outcome::Passed => (paint("32", "passed "), spoken(done.took)),
                Outcome::Failed => (paint("31", "FAILED "), spoken(done.took)),
                Outcome::NotRun => (paint("2", "not run"), String::new()),
            };
            println!("  {mark}  {:<44} {time:>12}", done.name);
        }
        println!("  {:<53} {:>12}", "", spoken(self.started.elapsed()));
    }

    /// Gives how many tests ran so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    fn close(&mut self, name: &str, outcome: Outcome, took: Duration) {
        let mark = if outcome == Outcome::Passed { paint("32", "✓") } else { paint("31", "✗") };
        if is_watched() {
            print!("\r\x1b[2K");
        }
        println!("{mark} {name}  {}", paint("2", &spoken(took)));
        self.done.push(Done { name: name.to_owned(), outcome, took });
    }
}

fn begin(name: &str) {
    if is_watched() {
        print!("{} {name} …", paint("36", "▸"));
        drop(io::stdout().flush());
    } else {
        println!("▸ {name} …");
    }
}

fn log_path(name: &str) -> std::path::PathBuf {
    let stem: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' })
        .collect();
    places::logs().join(format!("{}.log", stem.trim_matches('-')))
}

fn follow(name: &str, command: &mut Command, show: Show, started: Instant) -> io::Result<(String, bool)> {
    fs::create_dir_all(places::logs())?;
    let mut log = File::create(log_path(name))?;
    let (reader, writer) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    begin(name);
    let mut group = Group::start(command)?;
    // The command keeps its ends of the pipe; while it does, the reader never sees the end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    if show == Show::EveryLine && is_watched() {
        println!();
    }

    let (lines, arriving) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if lines.send(String::from_utf8_lossy(&line).trim_end().to_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });

    let mut said = String::new();
    let mut last = String::new();
    let mut told = Instant::now();
    // A background process that outlives the leader would hold the pipe open, so the leader's
    // own end counts too.
    let mut status = None;
    loop {
        match arriving.recv_timeout(TICK) {
            Ok(line) => {
                let line = plain(&line);
                writeln!(log, "{line}")?;
                said.push_str(&line);
                said.push('\n');
                if show == Show::EveryLine {
                    println!("    {line}");
                }
                last = line;
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                if status.is_some() {
                    break;
                }
                status = group.child().try_wait()?;
            }
        }
        if show == Show::Progress {
            told = progress(name, last.trim(), started, told);
        }
    }
    let status = match status {
        Some(status) => status,
        None => group.child().wait()?,
    };
    group.end();
    Ok((said, status.success()))
}

fn progress(name: &str, last: &str, started: Instant, told: Instant) -> Instant {
    let now = Instant::now();
    if is_watched() {
        if now.duration_since(told) >= TICK {
            let last: String = last.chars().take(60).collect();
            print!("\r\x1b[2K{} {name}  {}  {}", paint("36", "▸"), spoken(started.elapsed()), paint("2", &last));
            drop(io::stdout().flush());
            return now;
        }
    } else if now.duration_since(told) >= STILL_AT_IT {
        println!("  {name}: {}, {last}", spoken(started.elapsed()));
        return now;
    }
    told
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_step_gives_both_streams_and_counts_the_tests() {
        let mut steps = Steps::new();
        let script = "echo out; echo err >&2; echo 'test result: ok. 3 passed; 0 failed; 0 ignored'";
        let said = steps.run("self test of a step", &mut shell(script), "").unwrap();
        assert!(said.contains("out\n") && said.contains("err\n"));
        assert_eq!(steps.counts(), Counts { passed: 3, failed: 0 });
    }

    #[test]
    fn a_failed_step_without_tests_counts_as_one_failure_and_keeps_its_advice() {
        let mut steps = Steps::new();
        let failure = steps.run("self test of a failing step", &mut shell("exit 3"), "Look here.").unwrap_err();
        assert_eq!(failure.advice(), "Look here.");
        assert_eq!(steps.counts(), Counts { passed: 0, failed: 1 });
    }

    #[test]
    fn a_step_ends_with_its_leader_though_a_child_lives_on() {
        let mut steps = Steps::new();
        let started = Instant::now();
        steps.run("self test of a left child", &mut shell("sleep 600 & echo done"), "").unwrap();
        assert!(started.elapsed() < Duration::from_mins(1));
    }
}
