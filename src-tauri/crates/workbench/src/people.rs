//! Who signs in, and where: identities and their user pools.

mod grants;
pub(crate) mod identities;
pub(crate) mod pools;
pub(crate) mod roster;
