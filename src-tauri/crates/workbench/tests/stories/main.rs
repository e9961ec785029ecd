//! The use cases, told as stories: without a window, on a desktop whose hosted UI is played over HTTP.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a story ends where its ground is missing")]

mod accounts;
mod answers;
mod browser;
mod browser_sign_ins;
mod collections;
mod desk;
mod desktop;
mod expiry;
mod freshness;
mod grants;
mod hostile_pools;
mod keychain;
mod keychains;
mod pools;
mod previews;
mod renewals;
mod sandboxes;
mod secrets;
mod sending;
mod sign_ins;
mod waiting;
mod world;
