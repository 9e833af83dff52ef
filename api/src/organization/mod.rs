//! Organizations: agencies, unions, associations, foundations, schools, universities and the initiative's own bodies.

mod access;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;
mod validate;

pub(crate) use graphql::{Organization, OrganizationMutation, OrganizationQuery};
pub(crate) use service::NewOrganization;
