use std::fmt;

use gatepass_vault::Secret;
use url::Url;

use super::answer::Reading;
use crate::UserPool;

/// Tells the answer to one attempt from the answers to others that come back to the same callback: by its state.
#[derive(Clone)]
pub struct AnswerMark {
    pool: UserPool,
    state: Secret,
}

impl AnswerMark {
    pub(super) fn new(pool: UserPool, state: Secret) -> Self {
        Self { pool, state }
    }

    /// Tells whether an address is the attempt's callback and carries its state.
    pub fn is_on(&self, url: &Url) -> bool {
        self.pool.is_callback(url) && Reading::of(url).is_ok_and(|reading| reading.state() == Some(&self.state))
    }
}

impl fmt::Debug for AnswerMark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AnswerMark").field("pool", &self.pool).finish_non_exhaustive()
    }
}
