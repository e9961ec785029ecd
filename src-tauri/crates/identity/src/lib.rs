//! User pools, sign-in attempts, token verification, sessions.
//!
//! ```text
//! PoolFacts ──▶ UserPool ──start──▶ Attempt ──navigation──▶ CallbackTokens ──verify──▶ Session ──save──▶ vault
//!     PoolError          StartError        Refusal, BlockReason        TokenRefusal        VaultError, LoadError
//! ```
//!
//! A [`Session`] cannot be made but by [`verify`] or from what [`verify`] has let into the vault. Tokens are
//! [`gatepass_vault::Secret`]s from the moment at which the redirect is read.

mod address;
mod attempt;
mod claims;
mod keys;
mod loopback;
mod pool;
mod preflight;
mod session;
mod token;
mod verify;

pub use address::{AddressError, PoolDraft, read_hosted_ui_address};
pub use attempt::{
    Attempt, AttemptId, BlockReason, CallbackTokens, LIFETIME, Navigation, Refusal, RefusalCode, StartError,
};
pub use claims::ClaimView;
pub use keys::{KeyError, KeySource};
pub use loopback::{LoopbackError, LoopbackReceiver, Received, Reply};
pub use pool::{Callback, CallbackError, Issuer, IssuerError, IssuerKind, PoolError, PoolFacts, UserPool};
pub use preflight::{PreflightError, preflight};
pub use session::{CheckView, LoadError, Session, SessionView};
pub use token::{FormError, Inspection, TokenUse, inspect};
pub use verify::{ClockOff, LEEWAY, TokenRefusal, verify};
