//! School districts and county offices of education.
//!
//! The state's directory knows a district by its code. One that a source names without fitting the directory is
//! unresolved: it has no code, no kind and no county, but candidates, until a person decides. A name that the record or
//! a person gave stays through imports; whoever leads a district's team writes its profile and not its registration.

mod access;
mod graphql;
pub mod import;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;
mod validate;

pub(crate) use graphql::{District, DistrictKind, DistrictMutation, DistrictQuery};
pub(crate) use loader::{in_counties, named_county, of_county};
pub(crate) use service::{NewCandidate, NewDistrict, Profile, Registration};
