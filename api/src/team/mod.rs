//! Teams: a district's team at one convening, its members and the seats that they hold.
//!
//! That a team takes part is public once decisions are; who sits in it is not.

mod access;
mod application;
mod depends;
mod graphql;
mod loader;
mod member;
pub(crate) mod moves;
mod readiness;
mod roster;
pub(crate) mod service;
mod shown;
pub(crate) mod spreadsheet;
pub(crate) mod standing;
mod tally;

pub(crate) use application::TeamApplicationMutation;
pub(crate) use depends::shown_of;
pub(crate) use graphql::{Team, TeamFilter, TeamQuery, TeamStatus};
pub(crate) use loader::{
    attended, checked_in_at, first_time, of_attending_team, of_convening, of_district, participations_of_district,
};
pub(crate) use member::{Seat, TeamMember};
pub(crate) use moves::HOLDS_A_PLACE;
pub use readiness::{Member, Readiness, Requirement, assess};
pub(crate) use roster::RosterMutation;
pub(crate) use service::{NewMember, NewTeam, decides, hold_convening};
pub(crate) use shown::status;
pub(crate) use tally::ApplicationQuery;
