//! User pools, sign-in attempts, token verification, sessions.
//!
//! ```text
//! PoolFacts ──▶ UserPool ──start──▶ Attempt ──navigation──▶ Granted::Tokens ──────▶ CallbackTokens ──verify──▶ Session
//!     PoolError          StartError        Refusal, BlockReason  └▶ Granted::Code ──redeem──▶ ▲      TokenRefusal   │ save
//!                                                                                GrantError   │                    ▼
//!                              UserPool ──client_credentials / Session ──refresh──────────────┘                  vault
//!
//! issuer ──discover──▶ Discovered      UserPool ──offered_grants──▶ GrantOffers ──▶ Grant
//!     DiscoveryError                   any token, UserPool ──examine──▶ Examination
//! ```
//!
//! A [`Session`] cannot be made but by [`verify`] or from what [`verify`] has let into the vault. Tokens are
//! [`gatepass_vault::Secret`]s from the moment at which the redirect is read.

mod address;
mod attempt;
mod claims;
mod discovery;
mod examine;
mod http;
mod keys;
mod loopback;
mod network;
mod offers;
mod options;
mod pool;
mod preflight;
mod random;
mod session;
mod token;
mod token_endpoint;
mod verify;

pub use address::{AddressError, PoolDraft, read_hosted_ui_address};
pub use attempt::{
    AnswerMark, Attempt, AttemptId, AuthorizationCode, BlockReason, CallbackTokens, Granted, LIFETIME, Navigation,
    Refusal, RefusalCode, StartError,
};
pub use claims::{ClaimChange, ClaimView, differences};
pub use discovery::{Discovered, DiscoveryError, discover, offered_scopes};
pub use examine::{Examination, Examined, Outcome, examine};
pub use http::HttpError;
pub use keys::KeyError;
pub use loopback::{Door, LoopbackError, LoopbackReceiver, Received, Reply};
pub use network::Network;
pub use offers::{GrantOffers, Offer, offered_grants};
pub use options::{OptionsError, SignInOptions};
pub use pool::{
    Callback, CallbackError, Endpoint, EndpointError, Endpoints, Grant, Issuer, IssuerError, IssuerKind, PoolError,
    PoolFacts, Provider, UserPool,
};
pub use preflight::{PreflightError, preflight};
pub use session::{CheckView, LoadError, Session, SessionView};
pub use token::{FormError, Inspection, TokenUse, inspect};
pub use token_endpoint::{GrantError, client_credentials, redeem, refresh, revoke};
pub use verify::{ClockOff, LEEWAY, TokenRefusal, verify};
