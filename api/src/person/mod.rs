//! People, how to reach them, and who they were where and when.
//!
//! A person is public only as a speaker, or where marked public. Sitting in a team makes nobody visible.

mod access;
mod affiliation;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;
mod validate;

pub(crate) use affiliation::Affiliation;
pub(crate) use graphql::{Person, PersonQuery};
pub(crate) use loader::{affiliations_of, in_force};
pub(crate) use service::{NewAffiliation, NewPerson};
