//! People in the schema.

mod mutation;
mod object;
mod query;

pub(crate) use mutation::PersonMutation;
pub(super) use object::Contact;
pub(crate) use object::Person;
pub(crate) use query::PersonQuery;
pub(super) use query::{PersonBy, PersonFilter, PersonOrder, PersonOrderField};
