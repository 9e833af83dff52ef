//! How a selection is read: planned whole, then loaded, then walked in memory.
//!
//! A root field looks at everything selected beneath it ([`field`]) and plans it ([`level`]): relations to one row
//! are joined into their parent's statement, and every list is one statement for all its parents, so the number of
//! statements follows from the document and never from the data. Rows come back as nodes that hold their children
//! ([`node`]); the executor walks them without asking the database again. A concept says once what its edges are
//! ([`Branch`], [`edge`]) and gets pages, counts and policy with them: no row is read but through
//! [`Viewer::visible`](crate::auth::Viewer::visible).

mod columns;
mod derived;
mod edge;
mod edited;
mod field;
mod groups;
mod level;
mod listing;
mod node;
mod order;
mod read;
mod root;
mod statement;

pub(crate) use columns::place;
pub(crate) use derived::Derived;
pub(crate) use edge::Edge;
pub(crate) use edited::Edited;
pub(crate) use field::Field;
pub(crate) use groups::{Grouping, Groups};
pub(crate) use listing::Listing;
pub(crate) use node::{Branch, Erased, Node};
pub(crate) use order::{Key, KeyKind, KeyValue, Order};
pub(crate) use read::Reading;
pub(crate) use root::{by_keys, connection, find, find_by_key, find_by_key_as, find_ever, list, list_as, read_keys};
