//! Sign-ins against a user pool of the tests' own, true and forged.
#![expect(clippy::unwrap_used, reason = "the steps that tests share")]

mod any_bytes;
mod any_url;
mod authorities;
mod discovery;
mod examine;
mod first_token;
mod forged;
mod grants;
mod hostile;
mod keys;
mod loopback;
mod offers;
mod pool;
mod preflight;
mod redirects;
mod refusals;
mod sessions;
