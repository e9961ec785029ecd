//! Keychain Services and Credential Manager, which need no connection and answer for certain.

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
