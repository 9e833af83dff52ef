//! Slots: the times and places at which a session happens, as far as they are decided or known.
//!
//! A slot lies within the days of its convening, holds no more than its room, and has the room for itself. Times that
//! touch do not overlap: one session ends at ten, the next begins at ten.

mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;
mod validate;

pub(crate) use graphql::{Slot, SlotMutation};
pub(crate) use loader::of_session;
pub(crate) use service::NewSlot;
