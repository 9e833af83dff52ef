//! Record files: what a document says, in a form that a person can read, review and correct. The initiative's own
//! record ships with the product in this format.

mod agenda;
mod entries;
mod format;
mod load;

pub(crate) use load::alone;
pub use load::{Loaded, Parsed, is_empty, load, parse};

/// The initiative's published record: its two documents, fact by fact.
pub const INITIATIVE: &str = include_str!("../../../record/initiative.toml");
