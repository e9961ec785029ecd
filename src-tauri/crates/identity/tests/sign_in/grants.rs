//! Every grant but the implicit one, against the token endpoint.

mod codes;
mod machines;
mod other_providers;
mod refreshes;
mod token_errors;
