//! Districts in the schema.

mod mutation;
mod object;
mod query;

pub(crate) use mutation::DistrictMutation;
pub(super) use object::DistrictCandidate;
pub(crate) use object::{District, DistrictKind};
pub(crate) use query::DistrictQuery;
pub(super) use query::{DistrictBy, DistrictFilter, DistrictOrder, DistrictOrderField};
