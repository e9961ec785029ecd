//! Values that are good for a while.

use std::{collections::HashMap, time::Duration};

/// Keeps values by a key until their time has passed; the time is told by the caller.
#[derive(Debug)]
pub struct Expiring<T>(HashMap<String, (T, Duration)>);

impl<T> Expiring<T> {
    /// Keeps a value, and forgets those whose time has passed.
    pub fn insert(&mut self, key: String, value: T, until: Duration, now: Duration) {
        self.0.retain(|_, (_, until)| *until > now);
        self.0.insert(key, (value, until));
    }

    /// Looks a value up.
    pub fn get(&self, key: &str, now: Duration) -> Option<&T> {
        self.0.get(key).filter(|(_, until)| *until > now).map(|(value, _)| value)
    }

    /// Keeps a value no longer than to a time.
    pub fn shorten(&mut self, key: &str, latest: Duration) {
        if let Some((_, until)) = self.0.get_mut(key) {
            *until = latest.min(*until);
        }
    }

    /// Forgets the values that are not to be kept.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.0.retain(|_, (value, _)| keep(value));
    }

    /// Takes a value out, so that it can be used once.
    pub fn take(&mut self, key: &str, now: Duration) -> Option<T> {
        self.0.remove(key).filter(|(_, until)| *until > now).map(|(value, _)| value)
    }
}

impl<T> Default for Expiring<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}
