//! The sandbox's own time, which a test can hold still or shift.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Tells the time to a sandbox; every clone tells the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    standing: Option<Duration>,
    shift_milliseconds: AtomicI64,
}

impl Clock {
    /// Follows the system's clock.
    pub fn system() -> Self {
        Self::with(None)
    }

    /// Stands still at a time since the Unix epoch, until it is moved.
    pub fn standing_at(since_epoch: Duration) -> Self {
        Self::with(Some(since_epoch))
    }

    /// Moves the time on.
    pub fn advance(&self, by: Duration) {
        self.shift(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
    }

    /// Moves the time by milliseconds, back where they are negative.
    pub fn shift(&self, milliseconds: i64) {
        self.0.shift_milliseconds.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Reads the time since the Unix epoch.
    pub fn now(&self) -> Duration {
        let base = self.0.standing.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default());
        let shift = self.0.shift_milliseconds.load(Ordering::SeqCst);
        let distance = Duration::from_millis(shift.unsigned_abs());
        if shift < 0 { base.saturating_sub(distance) } else { base.saturating_add(distance) }
    }

    /// Writes the time as an HTTP `Date` (RFC 9110 §5.6.7).
    pub(crate) fn http_date(&self) -> String {
        httpdate::fmt_http_date(UNIX_EPOCH + self.now())
    }

    fn with(standing: Option<Duration>) -> Self {
        Self(Arc::new(Inner { standing, shift_milliseconds: AtomicI64::new(0) }))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_when_it_is_moved() {
        let clock = Clock::standing_at(Duration::from_secs(1_000));
        let other = clock.clone();

        other.advance(Duration::from_mins(1));
        other.shift(-1_500);

        assert_eq!(clock.now(), Duration::from_millis(1_058_500));
    }

    #[test]
    fn a_date_is_written_as_http_wants_it() {
        let clock = Clock::standing_at(Duration::from_secs(784_111_777));

        assert_eq!(clock.http_date(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
