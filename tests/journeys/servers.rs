//! Servers of the journeys' own.

pub mod api;
pub mod served;
pub mod token_endpoint;
