//! People, how to reach them, and who they were where and when.
//!
//! A person is public only as a speaker, or where marked public. Sitting in a team makes nobody visible. Team leads and
//! organizers see and change those whom they have entered themselves; nobody learns from an answer to a change that
//! somebody hidden is there.

mod access;
mod affiliation;
mod contact;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;
mod validate;

pub(crate) use affiliation::{Affiliation, AffiliationMutation, NewAffiliation, affiliate};
pub(crate) use contact::ContactPatch;
pub(crate) use graphql::{Person, PersonMutation, PersonQuery};
pub(crate) use loader::{affiliations_of, in_force};
pub(crate) use service::NewPerson;
