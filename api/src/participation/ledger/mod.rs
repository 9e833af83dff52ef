//! The ledger: which districts took part, how often, and from when until when.

mod graphql;
mod loader;

pub(crate) use graphql::DistrictParticipationQuery;
