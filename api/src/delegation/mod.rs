//! Delegations: an organization that was represented at a convening, with or without named people.

mod access;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;

pub(crate) use graphql::{Delegation, DelegationMutation};
pub(crate) use loader::of_convening;
pub(crate) use service::NewDelegation;
