//! Sign-ins against a user pool of the tests' own, true and forged.
#![expect(clippy::unwrap_used, reason = "the steps that tests share")]

mod any_bytes;
mod any_url;
mod codes;
mod discovery;
mod examine;
mod first_token;
mod forged;
mod hostile;
mod keys;
mod loopback;
mod machines;
mod offers;
mod pool;
mod preflight;
mod redirects;
mod refreshes;
mod refusals;
mod sessions;
mod token_errors;
