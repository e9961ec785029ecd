//! When the phases of making a connection began and ended, noted by the task whose request asked for it.
//!
//! The HTTP library connects within the requesting task. Where another connection becomes free first, the one begun
//! is finished by a task of its own, whose marks lead nowhere: so a mark is only ever of the connection in use.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::error::Phase;
use crate::exchange::Timings;

tokio::task_local! {
    static MARKS: Arc<Marks>;
}

/// The marks of one hop.
#[derive(Default)]
pub(crate) struct Marks(Mutex<Noted>);

#[derive(Default, Clone, Copy)]
pub(crate) struct Noted {
    pub(crate) looked_up_from: Option<Instant>,
    pub(crate) looked_up_to: Option<Instant>,
    pub(crate) connecting: Option<Instant>,
    pub(crate) securing: Option<Instant>,
    pub(crate) connected: Option<Instant>,
    pub(crate) tls: Option<&'static str>,
}

impl Marks {
    pub(crate) fn noted(&self) -> Noted {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn note(&self, write: impl FnOnce(&mut Noted)) {
        write(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Runs a request whose connecting writes these marks.
pub(crate) fn within<F: Future>(marks: Arc<Marks>, request: F) -> impl Future<Output = F::Output> {
    MARKS.scope(marks, request)
}

/// Gives the marks of the running task; none outside a request.
pub(crate) fn current() -> Option<Arc<Marks>> {
    MARKS.try_with(Arc::clone).ok()
}

/// Writes a mark of the running task.
pub(crate) fn note(write: impl FnOnce(&mut Noted)) {
    let _ = MARKS.try_with(|marks| marks.note(write));
}

impl Noted {
    /// Tells what a request that has no answer yet is waiting for.
    pub(crate) fn phase(&self) -> Phase {
        match self {
            Self { connected: Some(_), .. } => Phase::Waiting,
            Self { securing: Some(_), .. } => Phase::Tls,
            Self { looked_up_from: Some(_), looked_up_to: None, .. } => Phase::Lookup,
            Self { connecting: Some(_), .. } => Phase::Connecting,
            _ => Phase::Waiting,
        }
    }

    /// Splits the time from the start of a hop to the first byte of its answer; the download is added later.
    pub(crate) fn timings(&self, started: Instant, answered: Instant) -> Timings {
        let between = |from: Instant, to: Instant| to.saturating_duration_since(from).as_secs_f64() * 1000.0;
        let Some(connected) = self.connected else {
            return Timings { wait: between(started, answered), ..Timings::default() };
        };
        let looked_up = self.looked_up_from.zip(self.looked_up_to);
        let from = looked_up.map(|(_, to)| to).or(self.connecting).unwrap_or(started);
        Timings {
            dns: looked_up.map(|(from, to)| between(from, to)),
            connect: Some(between(from, self.securing.unwrap_or(connected))),
            tls: self.securing.map(|securing| between(securing, connected)),
            wait: between(connected, answered),
            download: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_new_connection_has_every_phase_and_a_reused_one_only_the_wait() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let fresh = Noted {
            looked_up_from: Some(at(1)),
            looked_up_to: Some(at(4)),
            connecting: Some(at(0)),
            securing: Some(at(9)),
            connected: Some(at(20)),
            tls: None,
        };
        let timings = fresh.timings(start, at(50));
        assert_eq!((timings.dns, timings.connect, timings.tls), (Some(3.0), Some(5.0), Some(11.0)));
        assert!((timings.wait - 30.0).abs() < 1e-9);

        // A connection that was begun and not used leaves marks without an end.
        let reused = Noted { connected: None, ..fresh }.timings(start, at(50));
        assert_eq!((reused.dns, reused.connect, reused.tls), (None, None, None));
        assert!((reused.wait - 50.0).abs() < 1e-9);
    }
}
