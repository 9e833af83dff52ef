//! What a viewer may do, and with which rows.
//!
//! [`table`] is the whole policy, a line for each rule; [`resource`] is how a concept states its facts; [`decide`]
//! turns the two and a viewer into a condition. The condition is SQL and nothing else: there is no second copy of a
//! rule in memory that could come to disagree with it.

mod decide;
mod reach;
mod resource;
mod table;

pub use decide::{authorize, authorize_some};
pub use reach::{Reach, Scopes};
pub use resource::Resource;
pub use table::{Action, Kind, RULES, Rule, to_markdown};
