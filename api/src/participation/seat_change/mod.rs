//! People who came back in another seat, or with another district.

mod graphql;
mod loader;

pub(crate) use graphql::SeatChangeQuery;
