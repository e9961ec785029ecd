//! OpenCollection: model, reading, editing in place, saving, watching, variables.

pub mod errors;
mod file_name;
pub mod folder;
pub mod inherit;
pub mod model;
mod path;
mod sequence;
mod store;
mod stored;
pub mod variables;
pub mod watch;
mod yaml;

pub use errors::{ArrangeError, OpenError, ReadError, SaveError};
pub use folder::{CollectionFolder, Deleted, SaveReport, Saved};
pub use inherit::{Effective, effective};
pub use path::PathError;
pub use store::Version;
pub use stored::{Flow, PoolFacts};
pub use watch::{Watch, WatchError};
