//! Sessions: what is on a convening's agenda.
//!
//! Content and time are apart: a breakout that is offered twice is one session with two slots, a role-alike meeting
//! one session with a slot for each seat.

mod access;
pub(crate) mod agenda;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;
mod validate;

pub(crate) use graphql::{Session, SessionFilter, SessionMutation, SessionQuery};
pub(crate) use loader::{by_date, keys_through, of_block, of_convening, of_convening_by_slug};
pub(crate) use service::NewSession;
