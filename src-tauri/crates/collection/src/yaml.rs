//! YAML as a tree that knows where its nodes stand, and edits of it that leave the rest of the text alone.
//!
//! A deserialiser would lose what an edit needs: how a scalar was written and where a block ends. So the events of the
//! parser are kept as a tree, the model is read from it, and a save goes back through it: [`merge`] finds what differs,
//! [`edit`] writes only that, and the result is parsed again before it may replace the file.

pub mod edit;
pub mod merge;
pub mod node;
pub mod parse;
pub mod render;
pub mod scalar;
pub mod source;
pub mod value;
