//! What the journeys and the tour share: a sandbox to play against, and the steps that a person takes.
#![expect(clippy::missing_errors_doc, reason = "every journey ends with what a step could not do")]

mod collections;
mod echo;
mod identities;
mod pools;
mod requests;
mod sandbox;
mod sign_in;

pub use collections::Collections;
pub use echo::Echo;
pub use identities::Identities;
pub use pools::{Pools, Way};
pub use requests::{Requests, answered, response_tab};
pub use sandbox::Stage;
pub use sign_in::SignIn;
