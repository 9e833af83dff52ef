//! Rooms of a convening's venue.

mod graphql;
mod loader;
mod service;
mod validate;

pub(crate) use graphql::{Room, RoomMutation};
