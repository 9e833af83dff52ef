//! One search over people, organizations, districts, convenings and sessions.

mod graphql;
mod loader;

pub(crate) use graphql::SearchQuery;
