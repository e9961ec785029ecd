//! The journeys: the app in its real window, driven as a person does. `cargo xtask journeys` plays them.

mod api;
mod bad_input;
mod bodies;
mod browser;
mod files;
mod forged;
mod grants;
mod hostile;
mod inheritance;
mod kept;
mod keyboard;
mod refusals;
mod renewal;
mod sends;
mod served;
mod sign_in;
mod sign_out;
mod token_endpoint;
mod two_users;
mod whole_job;

use std::error::Error;

/// What a journey ends with.
type Journey = Result<(), Box<dyn Error>>;
