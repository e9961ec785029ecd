//! The use cases: everything that the window, a command line or a journey can ask of Gatepass.
//!
//! [`Workbench`] has them all. It knows the desktop only through [`shell::Shell`].

mod answers;
mod desk;
pub mod failure;
mod people;
mod prepare;
mod preview;
mod requests;
mod sandbox;
mod secrets;
mod sending;
mod shelf;
pub mod shell;
mod sign_in;
mod store;
mod tokens;
pub mod views;
mod workbench;

pub use gatepass_collection::model;
pub use gatepass_vault::Secret;
pub use workbench::{Patience, Places, Workbench};
