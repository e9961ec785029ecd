//! The contents of answers, which the window reads line by line.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gatepass_exchange::{Form, StoredBody};

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::shelf::blocking;

/// The most bytes that one call gives.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The most lines that a search finds.
const MOST_FOUND: u32 = 1000;

/// Answers by number, until the window lets them go.
#[derive(Default)]
pub(crate) struct Answers {
    last: AtomicU32,
    bodies: Mutex<HashMap<u32, Arc<StoredBody>>>,
}

impl Answers {
    fn bodies(&self) -> MutexGuard<'_, HashMap<u32, Arc<StoredBody>>> {
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a body and numbers it.
    pub fn keep(&self, body: StoredBody) -> u32 {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.bodies().insert(number, Arc::new(body));
        number
    }

    fn body(&self, answer: u32) -> Result<Arc<StoredBody>, Failure> {
        self.bodies().get(&answer).cloned().ok_or_else(|| {
            Failure::new(Code::Unknown, "The content of this answer is not kept any more.", "Send the request again.")
        })
    }
}

impl Workbench {
    /// Gives lines of an answer's content as UTF-8: at most `count` from `from`, counted from 0.
    ///
    /// # Errors
    /// Fails where the answer was let go or its file is gone.
    pub async fn answer_lines(&self, answer: u32, pretty: bool, from: u32, count: u32) -> Result<Vec<u8>, Failure> {
        let body = self.answers.body(answer)?;
        blocking(move || body.lines(form(pretty), from, count, MOST_BYTES)).await?.map_err(|error| lost(&error))
    }

    /// Finds text in an answer; gives the numbers of the lines, from 0, at most 1,000.
    ///
    /// # Errors
    /// Fails where the answer was let go or its file is gone.
    pub async fn find_in_answer(&self, answer: u32, pretty: bool, text: String) -> Result<Vec<u32>, Failure> {
        let body = self.answers.body(answer)?;
        blocking(move || body.find(form(pretty), &text, MOST_FOUND))
            .await?
            .map(|matches| matches.lines)
            .map_err(|error| lost(&error))
    }

    /// Saves an answer's content, byte for byte as received after decompression.
    ///
    /// # Errors
    /// Fails where the file cannot be written.
    pub async fn save_answer(&self, answer: u32, path: String) -> Result<String, Failure> {
        let body = self.answers.body(answer)?;
        let target = PathBuf::from(&path);
        blocking(move || body.save_as(&target)).await?.map_err(|error| {
            Failure::from_error(Code::FileUnwritable, &error, format!("Choose another place than {path}."))
        })?;
        Ok(path)
    }

    /// Lets an answer go, with its file.
    ///
    /// # Errors
    /// Never fails today.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn forget_answer(&self, answer: u32) -> Result<(), Failure> {
        self.answers.bodies().remove(&answer);
        Ok(())
    }
}

fn form(pretty: bool) -> Form {
    if pretty { Form::Pretty } else { Form::Raw }
}

fn lost(error: &dyn std::error::Error) -> Failure {
    Failure::from_error(Code::FileGone, error, "Send the request again.")
}
