//! Erasing a person, as California's privacy law gives everybody the right to: the name and private data go out of every
//! row, of what merges keep and of all history, and what is counted stays.
//!
//! One function of the database does it (`migration/sql/0014_erasure.up.sql`); `docs/decisions/0011-erasure.md` says what
//! goes and what stays.

mod graphql;
mod service;

pub(crate) use graphql::ErasureMutation;
