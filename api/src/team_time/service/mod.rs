//! What can be done with team time: those who run a convening write its levels and questions, a team answers them.

pub(super) mod levels;
pub(super) mod notes;
pub(super) mod questions;
pub(super) mod teams;
