//! Sessions in the schema.

mod mutation;
mod object;
mod query;

pub(crate) use mutation::SessionMutation;
pub(crate) use object::Session;
pub(crate) use query::{SessionFilter, SessionQuery};
