//! Offerings in the schema.

mod convene;
mod mutation;
mod object;

pub(crate) use convene::ConveneMutation;
pub(crate) use mutation::OfferingMutation;
pub(crate) use object::{Offering, OfferingQuery, OfferingStatus};
