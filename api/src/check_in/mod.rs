//! Check-in: who was seen to be there, and which teams took part because of it.
//!
//! People are checked in while the convening is in progress, one by one or a team at a time, and again as often as anybody
//! likes: it is noted once. Which teams attended is said once, by closing attendance or by hand, and stands then.
//!
//! Whoever checks in holds the team before its members, and not the convening: at the door many do at once.

mod arrivals;
mod graphql;
mod loader;
mod service;

pub(crate) use graphql::{CheckInMutation, CheckInSubscription, CheckIns};
pub(crate) use loader::of_convening;
