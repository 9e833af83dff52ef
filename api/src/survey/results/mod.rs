//! What was answered, counted, and what of it may be shown. Pure: rows and requests are others' business.
//!
//! [`tally`] counts, [`mod@hide`] decides which cells of a table stay hidden so that no sum or difference of what is shown is a
//! count below [`FEW`], [`numbers`] and [`words`] do the same for means and word clouds, and [`disclose`] puts a result
//! together: one that comes in while the survey is open, or the final one.

mod disclose;
mod hide;
mod numbers;
mod table;
mod tally;
mod words;

pub use disclose::{finish, next_frame, whole};
pub use hide::{FEW, hide};
pub use table::{Cell, ItemTable, Word};
pub use tally::{Count, Question};
