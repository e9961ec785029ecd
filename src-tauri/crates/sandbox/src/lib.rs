//! A local user pool with its hosted UI and an API gateway with the PetStore, for the first run and for the tests.
//!
//! Everything is served on 127.0.0.1 from memory, answers as the real services do on the wire, and is gone when the
//! [`Sandbox`] is. What is only believed, and not recorded, of the real services is marked with the word *guess*.

mod callback;
mod clock;
mod description;
mod expiring;
mod gateway;
mod options;
mod page;
mod parameters;
mod pool;
mod provider;
mod random;
mod sandbox;
pub mod seed;
mod shared;
mod token;
mod wire;

pub use callback::loopback_callback;
pub use clock::Clock;
pub use description::{
    ApiKeyDescription, ClientDescription, Description, GatewayDescription, PoolDescription, UserDescription,
};
pub use options::{LoginPages, Options};
pub use pool::KeyError;
pub use sandbox::{Sandbox, StartError};
