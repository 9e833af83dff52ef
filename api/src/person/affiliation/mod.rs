//! Affiliations: who held which title at which organization or district, and when. They are seen, and changed, with
//! their person.

mod graphql;
mod service;
mod validate;

pub(crate) use graphql::{Affiliation, AffiliationMutation};
pub(crate) use service::{NewAffiliation, affiliate};
