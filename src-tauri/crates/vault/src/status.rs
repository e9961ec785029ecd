use serde::Serialize;
use specta::Type;

/// Where the secrets are kept at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum VaultStatus {
    /// In the system's keychain: they are there after a restart.
    Keychain,
    /// In memory: they are gone when the app is closed.
    SessionOnly {
        /// Why there is no keychain, and what would mend it.
        reason: String,
    },
    /// In a keychain that nobody has unlocked yet: neither read nor overwritten until then.
    Locked,
}
