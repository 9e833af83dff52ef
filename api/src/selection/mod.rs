//! Selections: which teams take part when more apply than fit, decided by hand or by a stated method, and what becomes of
//! their places.
//!
//! What is decided stays hidden until decisions are published: whoever leads a team cannot tell from anything that
//! something was decided. From then on places are confirmed or given back, and one that is free is offered to the team
//! that waits longest. Whoever changes a place holds the row of the convening first, so that no more places are held than
//! there are. A selection is never changed; what it was told is kept with it, so that it can be drawn again.

mod access;
mod choose;
mod feasible;
mod graphql;
pub(crate) mod letters;
mod loader;
mod lottery;
mod method;
pub(crate) mod service;
mod validate;
mod words;

pub use choose::select;
pub(crate) use graphql::{DecisionMutation, Selection, SelectionMutation, SelectionOutcome, TeamAnswerMutation, post};
pub(crate) use loader::{of_convening, of_team, published_of_convening};
pub use lottery::draw;
pub use method::{Candidate, Decision, Drawn, Group, METHOD, Method, Outcome, Quota, Reason, Refusal, Shortfall};
