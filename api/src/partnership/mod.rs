//! Partnerships: a district and a union that work together.

mod access;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;
mod validate;

pub(crate) use graphql::{Partnership, PartnershipMutation};
pub(crate) use loader::of_district;
pub(crate) use service::NewPartnership;
