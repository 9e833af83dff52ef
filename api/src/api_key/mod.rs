//! API keys: what the sites of partners and dashboards show to say who they are. A key is shown once; only the hash of
//! its secret is kept. One without a role reads what everybody may read, and is told apart from others.

mod access;
mod graphql;
mod loader;
mod service;
mod validate;

pub(crate) use graphql::{ApiKey, ApiKeyMutation, ApiKeyQuery};
pub(crate) use service::{NewApiKey, create, find_by_prefix, list, revoke};
