//! Merges: two organizations, districts or people that turned out to be one become one row, and can become two again.
//!
//! The database does it (`migration/sql/0012_merge.up.sql`), from its own catalog, so that a table which is added later
//! is covered by itself. What a merge did stands in one row, and what was known by an old id or slug goes on leading to
//! what it has become ([`crate::database::former`]).

mod access;
mod graphql;
mod loader;
mod service;

pub(crate) use graphql::{Merge, MergeMutation};
pub(crate) use loader::of_row;
