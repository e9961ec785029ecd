//! What becomes of tokens once somebody has signed in: kept, renewed, looked into.

pub(crate) mod freshness;
mod inspection;
pub(crate) mod renewal;
pub(crate) mod sessions;
mod waiting;
