//! The sandbox as a client meets it: over the wire, on a port of its own in every test.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod browser;
mod code_grant;
mod gateway;
mod life;
mod pool;
mod program;
