//! OpenCollection: model, reading, editing in place, saving, watching, variables.

pub mod model;
