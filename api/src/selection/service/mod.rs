//! What can be done with selections, decisions and the places of teams.

mod answer;
mod candidates;
mod decide;
mod held;
mod letters;
mod offer;
mod publish;
mod select;

pub(crate) use answer::answer;
pub(crate) use decide::{Decided, decide, decide_all, reorder_waitlist};
pub(crate) use letters::{Letters, News};
pub(crate) use offer::{keep, offer_free_places, offer_what_is_free};
pub(crate) use publish::{NewPublication, publish};
pub(crate) use select::{NewSelection, Selected, select};
