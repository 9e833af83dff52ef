//! The history of rows: who changed what, when and why. The tables write it themselves; here it is only read.

mod access;
mod graphql;
mod loader;

pub(crate) use graphql::{FieldChange, HistoryEntry};
pub(crate) use loader::of_row;
