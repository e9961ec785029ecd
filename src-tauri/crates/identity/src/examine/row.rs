use serde::Serialize;
use specta::Type;

use super::causes;
use crate::TokenRefusal;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The token is as it must be.
    Passed,
    /// It is not.
    Failed,
    /// It could not be checked, or does not apply.
    LeftOut,
}

/// A check of a token, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Examined {
    /// What was checked.
    pub name: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// What was found; of a failure, what was expected as well, in the words of [`TokenRefusal`]; or why it was left out.
    pub detail: String,
    /// What is behind a failure, such as a host that does not answer.
    pub cause: Option<String>,
}

#[derive(Default)]
pub(super) struct Rows(Vec<Examined>);

impl Rows {
    pub(super) fn passed(&mut self, name: &'static str, detail: &str) {
        self.push(name, Outcome::Passed, detail.to_owned(), None);
    }

    pub(super) fn failed(&mut self, name: &'static str, refusal: &TokenRefusal) {
        self.push(name, Outcome::Failed, refusal.to_string(), causes(refusal));
    }

    pub(super) fn left_out(&mut self, name: &'static str, why: &str) {
        self.push(name, Outcome::LeftOut, why.to_owned(), None);
    }

    pub(super) fn judged(
        &mut self,
        name: &'static str,
        outcome: Result<(), TokenRefusal>,
        found: impl FnOnce() -> String,
    ) {
        match outcome {
            Ok(()) => self.push(name, Outcome::Passed, found(), None),
            Err(refusal) => self.failed(name, &refusal),
        }
    }

    pub(super) fn finish(self) -> Vec<Examined> {
        self.0
    }

    fn push(&mut self, name: &'static str, outcome: Outcome, detail: String, cause: Option<String>) {
        self.0.push(Examined { name, outcome, detail, cause });
    }
}
