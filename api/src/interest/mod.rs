//! Interest: which of the next offerings a district would like to take part in.
//!
//! A district says so once for each offering, for as long as that is proposed or offered. Who wants what is for the
//! district itself and for staff, in counts too.

mod access;
mod graphql;
mod loader;
mod service;
pub(crate) mod spreadsheet;

pub(crate) use graphql::{Interest, InterestMutation, InterestQuery};
pub(crate) use loader::{count_of_offering, of_district, of_offering};
