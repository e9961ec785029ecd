//! The journeys: the app in its real window, driven as a person does. `cargo xtask journeys` plays them.

mod whole_job;

use std::error::Error;

/// What a journey ends with.
type Journey = Result<(), Box<dyn Error>>;
