//! Rooms of a convening's venue.

mod graphql;
mod loader;
mod service;
pub(crate) mod spreadsheet;
mod validate;

pub(crate) use graphql::{Room, RoomMutation};
