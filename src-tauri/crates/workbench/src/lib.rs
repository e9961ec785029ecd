//! The use cases: everything that the window, a command line or a journey can ask of Gatepass.
//!
//! [`Workbench`] has them all. It knows the desktop only through [`shell::Shell`].

mod answers;
mod desk;
pub mod failure;
mod freshness;
mod grants;
mod hosted_ui;
mod identities;
mod inspection;
mod pools;
mod prepare;
mod preview;
mod renewal;
mod requests;
mod roster;
mod sandbox;
mod secrets;
mod sending;
mod sessions;
mod shelf;
pub mod shell;
mod sign_in;
mod sign_out;
mod store;
pub mod views;
mod workbench;

pub use gatepass_collection::model;
pub use gatepass_vault::Secret;
pub use workbench::{Patience, Places, Workbench};
