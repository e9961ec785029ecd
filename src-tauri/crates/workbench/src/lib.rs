//! The use cases: everything that the window, a command line or a journey can ask of Gatepass.

pub mod failure;
mod scaffold;
pub mod views;

pub use gatepass_collection::model;

/// The use cases' common ground.
#[derive(Debug, Default)]
pub struct Workbench;
