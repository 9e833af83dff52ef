//! Participation: how many teams and districts took part, by anything that matters, and the ledger of who did.
//!
//! A team counts that attended, as far as the viewer may know of it. What the record said by a day is told by the day of
//! the document or the check-in that states the attendance.

mod attendance;
mod graphql;
mod ledger;
mod loader;
pub(crate) mod map;
mod seat_change;

pub(crate) use graphql::ParticipationQuery;
pub(crate) use ledger::DistrictParticipationQuery;
pub(crate) use seat_change::SeatChangeQuery;
