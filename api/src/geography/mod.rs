//! Counties and the regions that they work in. They ship with the product and nobody edits them.

mod access;
mod graphql;
pub(crate) mod known;
mod loader;

pub(crate) use graphql::{County, GeographyQuery, Region};
