//! Sponsorships in the schema.

mod mutation;
mod object;

pub(crate) use mutation::SponsorshipMutation;
pub(crate) use object::{Sponsorship, SponsorshipRole};
