//! Rosters: who sits in a team, and for what.
//!
//! A team lead fills the own team until rosters freeze; those who run the convening may change it afterwards, too. Whoever
//! seats somebody comes to see how to reach that person; therefore only those are seated whom the viewer may reach
//! already, or who belong to the district.

mod graphql;
mod service;

pub(crate) use graphql::RosterMutation;
