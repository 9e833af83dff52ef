//! How many teams applied to a convening, for those who choose among them: by county, region, kind of district, by
//! whether the district comes for the first time, and by where the team stands.

mod graphql;
mod loader;

pub(crate) use graphql::ApplicationQuery;
