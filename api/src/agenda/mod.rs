//! A convening's agenda as a whole: its releases, what changed between two of them, and what is wrong with it.
//!
//! Sessions, slots, rooms and speakers are worked on one by one, and everybody reads the agenda as it was last released.
//! A release is made of all of it at once and never changes; publishing the agenda makes the first. Which edition a
//! statement reads is decided in one place, by [`Viewer::reads`](crate::auth::Viewer::reads).

mod access;
pub mod check;
mod diff;
pub(crate) mod events;
pub(crate) mod file;
mod graphql;
mod loader;
pub(crate) mod service;
mod warnings;

pub use diff::{Difference, Part, differences};
pub(crate) use graphql::{AgendaDiff, AgendaMutation, AgendaRelease};
pub(crate) use loader::{changed_since_release, changes_since_release, releases_of};
pub(crate) use warnings::{AgendaWarning, warnings_of};
