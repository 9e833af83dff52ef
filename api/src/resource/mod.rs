//! Resources: pages, documents and recordings about convenings, sessions, districts and organizations.

mod access;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;

pub(crate) use graphql::{Resource, ResourceMutation};
pub(crate) use loader::of;
pub(crate) use service::{NewResource, Subject};
