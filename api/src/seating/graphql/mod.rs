//! Seats in the schema.

mod mutation;
mod object;
mod plan;

pub(crate) use mutation::SeatingMutation;
pub(crate) use object::SeatAssignment;
pub(crate) use plan::SeatingQuery;
