//! What keeps a measurement from being taken.

use std::io;
use std::path::PathBuf;

use gatepass_exchange::SendError;
use gatepass_journeys::DeskError;
use gatepass_sandbox::StartError;

/// A measurement that was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The command line is not one of ours.
    #[error("measure with `cargo xtask bench start`, `send` or `renewal`, which build everything first")]
    Words,
    /// A program did not start.
    #[error("{} did not start; build it with `cargo xtask bench start`", program.display())]
    Program {
        /// Which one.
        program: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program did not reach a point of its start.
    #[error("{} did not come to \"{point}\" within 30 s; run it by hand to see why", program.display())]
    Late {
        /// Which one.
        program: PathBuf,
        /// How far it should have come.
        point: &'static str,
    },
    /// A file or socket of the measurement failed.
    #[error("{what} failed; check the disk's space and the loopback interface")]
    Own {
        /// Which.
        what: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The window could not be driven.
    #[error("the window could not be measured")]
    Desk(#[from] DeskError),
    /// reqwest failed against the loopback server.
    #[error("bare reqwest failed against the loopback server")]
    Bare(#[source] reqwest::Error),
    /// The engine failed against the loopback server.
    #[error("the engine failed against the loopback server")]
    Engine(#[source] Box<SendError>),
    /// There is no pool to sign in at.
    #[error("the sandbox did not start")]
    Sandbox(#[source] StartError),
    /// A send did not go the way that is measured.
    #[error("a round went another way than the one that is measured: {0}")]
    Round(String),
    /// A request of the measurement is not valid.
    #[error("the measurement's own request is not valid: {0}")]
    Request(String),
}
