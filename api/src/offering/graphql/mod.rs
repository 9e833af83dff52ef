//! Offerings in the schema.

mod mutation;
mod object;

pub(crate) use mutation::OfferingMutation;
pub(crate) use object::{Offering, OfferingQuery, OfferingStatus};
