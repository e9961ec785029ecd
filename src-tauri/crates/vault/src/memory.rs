use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::Secret;
use crate::backend::{Backend, Refusal};

/// Secrets that are gone when the process ends.
#[derive(Default)]
pub(crate) struct Memory {
    values: Mutex<HashMap<String, Secret>>,
}

impl Backend for Memory {
    fn get(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(values.get(name).cloned())
    }

    fn set(&self, name: &str, value: &str) -> Result<(), Refusal> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.insert(name.to_owned(), Secret::new(value));
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), Refusal> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.remove(name);
        Ok(())
    }

    fn limit(&self) -> usize {
        usize::MAX
    }
}
