//! A token that was pasted, taken apart and held against a pool.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::ClaimView;

/// A token, taken apart; nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InspectedToken {
    /// The fields of its header.
    pub header: Vec<ClaimView>,
    /// Its claims, in its own order.
    pub claims: Vec<ClaimView>,
    /// The end of its life in seconds since 1970 UTC, as it says itself.
    pub expires_at: Option<f64>,
    /// The checks, where a pool was named, in their order.
    pub checks: Vec<ExaminedCheck>,
}

/// One check of an examination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExaminedCheck {
    /// What is checked, for example `Signature`.
    pub name: String,
    /// How it came out.
    pub outcome: CheckOutcome,
    /// What was found, and where it failed what was expected.
    pub detail: String,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CheckOutcome {
    /// The token passed.
    Passed,
    /// The token failed.
    Failed,
    /// It could not be checked, or does not apply.
    Skipped,
}

/// A claim that is different from the one of an earlier token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClaimChange {
    /// The claim.
    pub name: String,
    /// Its value before; absent where it is new.
    pub before: Option<String>,
    /// Its value now; absent where it is gone.
    pub after: Option<String>,
}
