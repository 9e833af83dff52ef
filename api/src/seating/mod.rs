//! Seats: in which sessions the members of a team are, round by round.
//!
//! A member has one seat in a round of a block and is in no session twice; a slot holds no more than it and its room are said to.
//! Whoever gives a seat holds the convening first (see [`crate::session::agenda`]) and counts then, so that of many who
//! want the last seat one has it. [`plan`] seats all teams of a block at once. Who belongs to a role-alike meeting follows
//! from the seats in the teams: nothing is assigned there.

mod access;
mod graphql;
mod loader;
pub mod plan;
mod service;
pub(crate) mod spreadsheet;

pub(crate) use graphql::{SeatAssignment, SeatingMutation, SeatingQuery};
pub(crate) use loader::{
    covered_by_team, is_full, of_member, of_slot, places_lacking, role_alike_members, seats_left, seats_taken,
};
