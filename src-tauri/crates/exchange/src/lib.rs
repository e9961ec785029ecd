//! A request's life: draft, prepared, exchange.
//!
//! A [`Prepared`] request holds its secrets; what comes back of it, an [`exchange::Exchange`], holds none.

mod body;
mod content;
mod engine;
mod error;
pub mod exchange;
mod mask;
mod prepared;

pub use body::{Form, LONGEST_LINE, Matches, SaveError, StoredBody};
pub use content::{Content, ContentError, Multipart, Part, PartValue};
pub use engine::{Engine, EngineOptions, Finished};
pub use error::{Cause, Phase, SendError, TlsFault};
pub use mask::{MASK, Mask};
pub use prepared::{HeaderError, MethodError, Prepared, PreparedHeader};
