//! Keychain Services and Credential Manager, which need no connection and find what is there whether locked or not.
//!
//! On macOS a keychain that stays locked, or whose prompt is dismissed, is told as failed and not as locked: the store
//! passes these answers (-128, -25293, -25308) on as failures of the platform. This was never compiled on macOS.

use crate::backend::Refusal;
use crate::error::Cause;

pub(super) fn no_access(cause: Cause) -> Refusal {
    Refusal::Denied(cause)
}

pub(super) fn connect_anew() -> bool {
    false
}

#[expect(clippy::unnecessary_wraps, reason = "the Secret Service can refuse here")]
pub(super) fn had_to_be_unlocked() -> Result<bool, Refusal> {
    Ok(false)
}
