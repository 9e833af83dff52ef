//! Organizations in the schema.

mod mutation;
mod object;
mod query;

pub(crate) use mutation::OrganizationMutation;
pub(crate) use object::Organization;
pub(crate) use query::OrganizationQuery;
pub(super) use query::{OrganizationBy, OrganizationFilter, OrganizationOrder, OrganizationOrderField};
