//! Linked identities: who, at an organization's own identity provider, opens which account. One account has one identity
//! at each provider, and one identity opens one account. What was unlinked is kept, so that it is not linked by itself
//! again; nobody sees it.

mod access;
mod graphql;
mod loader;
pub(crate) mod service;

pub(crate) use graphql::{IdentityMutation, LinkedIdentity};
pub(crate) use loader::of_account;
