//! From process start to the window, to first paint, to a usable request bar, and the idle memory: the app against
//! a blank Tauri window, in turns.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use gatepass_journeys::{Display, Home, descendants, end, pss};

use crate::error::BenchError;
use crate::table::{median, ratio_line};

const ROUNDS: usize = 11;
const LATE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_micros(500);
const SETTLED: Duration = Duration::from_secs(2);

/// One start of one program; times in milliseconds since its process was started.
#[derive(Debug, Clone, Copy)]
struct Start {
    window: f64,
    painted: f64,
    usable: f64,
    megabytes: f64,
    processes: usize,
}

/// What is started, in a home that it has used once.
struct Subject {
    program: PathBuf,
    home: Home,
    marks: PathBuf,
    /// The mark after which it can be used; a blank window has nothing to use but its paint.
    last_mark: &'static str,
    starts: Vec<Start>,
}

/// Measures both programs in turns and prints medians and ratios.
pub fn measure(app: &Path, blank: &Path) -> Result<(), BenchError> {
    let mut blank = Subject::new(blank, "painted")?;
    let mut app = Subject::new(app, "usable")?;
    let display = Display::open()?;
    display.watch()?;
    println!("One start of each that is not counted, then {ROUNDS} of each in turns.");
    blank.start(&display)?;
    app.start(&display)?;
    for round in 1..=ROUNDS {
        let reference = blank.start(&display)?;
        let ours = app.start(&display)?;
        println!(
            "{round:>3}  blank {:>6.0} {:>6.0} ms {:>6.1} MB   gatepass {:>6.0} {:>6.0} {:>6.0} ms {:>6.1} MB",
            reference.window,
            reference.painted,
            reference.megabytes,
            ours.window,
            ours.painted,
            ours.usable,
            ours.megabytes
        );
        blank.starts.push(reference);
        app.starts.push(ours);
    }
    print_table(&blank.starts, &app.starts);
    Ok(())
}

fn print_table(blank: &[Start], app: &[Start]) {
    let middle = |starts: &[Start], of: fn(&Start) -> f64| median(&starts.iter().map(of).collect::<Vec<_>>());
    println!("\n{:<26} {:>13} {:>13} {:>7}", "median", "blank", "gatepass", "ratio");
    let line = |what: &str, of: fn(&Start) -> f64, unit: &str, goal: f64| {
        println!("{}", ratio_line(what, middle(blank, of), middle(app, of), unit, goal));
    };
    line("start to window", |start| start.window, "ms", 1.2);
    line("start to first paint", |start| start.painted, "ms", 1.4);
    line("start to usable", |start| start.usable, "ms", 1.5);
    line("idle memory (PSS)", |start| start.megabytes, "MB", 1.2);
    let processes = |starts: &[Start]| starts.last().map_or(0, |start| start.processes);
    println!("{:<26} {:>9}     {:>9}", "processes", processes(blank), processes(app));
}

impl Subject {
    fn new(program: &Path, last_mark: &'static str) -> Result<Self, BenchError> {
        let home = Home::fresh()?;
        let marks = home.path().join(".marks");
        Ok(Self { program: program.to_path_buf(), home, marks, last_mark, starts: Vec::new() })
    }

    fn start(&self, display: &Display) -> Result<Start, BenchError> {
        if self.marks.exists() {
            fs::remove_file(&self.marks).map_err(|source| BenchError::Own { what: "the file of marks", source })?;
        }
        while display.appeared()?.is_some() {}
        let mut command = Command::new(&self.program);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).env("GATEPASS_BENCH", &self.marks);
        self.home.enter(&mut command);
        let began = unix_milliseconds();
        let asked = Instant::now();
        let child = command.spawn().map_err(|source| BenchError::Program { program: self.program.clone(), source })?;
        let running = Running(child);
        let window = self.until("window", asked, || {
            let appeared = display.appeared()?;
            let ours = appeared.is_some_and(|window| window.process == Some(running.id()) && window.size.0 > 100);
            Ok(ours.then(|| asked.elapsed().as_secs_f64() * 1000.0))
        })?;
        let painted = self.until("painted", asked, || Ok(self.mark("painted")))? - began;
        let usable = self.until(self.last_mark, asked, || Ok(self.mark(self.last_mark)))? - began;
        thread::sleep(SETTLED);
        let weight = pss(running.id());
        #[expect(clippy::cast_precision_loss, reason = "kilobytes of memory, printed with one digit")]
        let megabytes = weight.kilobytes as f64 / 1024.0;
        Ok(Start { window, painted, usable, megabytes, processes: weight.processes })
    }

    fn until<T>(
        &self,
        point: &'static str,
        since: Instant,
        mut look: impl FnMut() -> Result<Option<T>, BenchError>,
    ) -> Result<T, BenchError> {
        loop {
            if let Some(found) = look()? {
                return Ok(found);
            }
            if since.elapsed() > LATE {
                return Err(BenchError::Late { program: self.program.clone(), point });
            }
            thread::sleep(LOOK_AGAIN);
        }
    }

    fn mark(&self, name: &str) -> Option<f64> {
        let text = fs::read_to_string(&self.marks).ok()?;
        text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
    }
}

struct Running(Child);

impl Running {
    fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut ids = descendants(self.0.id());
        ids.push(self.0.id());
        end(&ids);
        self.0.wait().ok();
    }
}

fn unix_milliseconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1000.0
}
