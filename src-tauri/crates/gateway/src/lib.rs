//! Reading an API gateway's answer: which check refused, why, and what mends it.
//!
//! ```text
//! Facts ──reply──▶ which check refused ──reading──▶ Verdict{track, refusal, remarks}
//! ```
//! A reading rests on what the client can see for itself, and says where it is not certain.

mod clock;
mod facts;
mod reading;
mod reply;
mod token;
pub mod verdict;

pub use clock::clock_skew_seconds;
pub use facts::{ApiKeyFacts, Expected, Facts, TokenFacts};
pub use reading::read;
pub use token::{Damage, cleaned, inspect};
