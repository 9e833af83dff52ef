//! What the writes of every concept share: finding a row for an act, changing part of it, and saving it so that nobody
//! overwrites what they did not see.
//!
//! A service function reads like what it does: [`find_for`] looks the row up and asks the policy in one step, a
//! [`Patch`] for each field changes a copy of it, the concept's `validate` looks at the whole, and [`save()`] stores what
//! differs, counts the version up and asks the policy again about the row as it has become. Who did it and why is told
//! to the database once for each transaction ([`attribute()`]); the tables themselves write the history.

mod attribute;
mod find;
mod force;
mod hold;
mod patch;
mod places;
mod save;
mod slug;

pub(crate) use attribute::{attribute, because};
pub(crate) use find::{find_for, missing, permit, refer};
pub(crate) use force::Force;
pub(crate) use hold::hold;
pub(crate) use patch::Patch;
pub(crate) use places::{next_place, reorder};
pub(crate) use save::{at_version, at_version_of, in_use, insert, key_of, remove, save, touch};
pub(crate) use slug::free_slug;
