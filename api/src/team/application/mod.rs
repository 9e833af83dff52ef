//! Statements of interest: a district's team applies for a convening.
//!
//! A team is a draft until its statement is in. It is written, sent and mended within the convening's window, by whoever
//! leads the team; those who run the convening may do the same for it until decisions are published, in the window or not.

mod graphql;
mod service;

pub(crate) use graphql::TeamApplicationMutation;
