//! Interest in the schema.

mod mutation;
mod object;
mod query;

pub(crate) use mutation::InterestMutation;
pub(crate) use object::Interest;
pub(crate) use query::{InterestQuery, OfferingDemand, OfferingDemandDimension};
