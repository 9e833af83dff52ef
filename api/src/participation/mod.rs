//! Participation for dashboards: how many teams and districts took part, by anything that matters.

mod graphql;
mod loader;

pub(crate) use graphql::ParticipationQuery;
