//! The journeys: the app in its real window, driven as a person does. `cargo xtask journeys` plays them.

mod bad_input;
mod bodies;
mod browser;
mod files;
mod forged;
mod grants;
mod hostile;
mod identities;
mod inheritance;
mod inspector;
mod kept;
mod keyboard;
mod refusals;
mod renewal;
mod servers;
mod sign_in;
mod sign_out;
mod whole_job;

use std::error::Error;

/// What a journey ends with.
type Journey = Result<(), Box<dyn Error>>;
