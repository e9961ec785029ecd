//! A value behind a lock that outlives a panicking holder.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Guards state that several requests change.
#[derive(Debug, Default)]
pub struct Shared<T>(Mutex<T>);

impl<T> Shared<T> {
    pub fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Holds the value alone; no guard may live across an await.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
