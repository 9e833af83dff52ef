//! What the concepts' GraphQL files share: errors, ids, scalars, pages, and how a selection is read as one tree.

mod connection;
mod context;
pub(crate) mod cursor;
mod error;
mod force;
mod id;
mod order_direction;
mod page;
mod scalars;
mod source;
pub(crate) mod tree;
mod walk;
mod words;
mod write;

pub(crate) use connection::{Connection, Edge, PageInfo, Rows};
pub(crate) use context::{Afterwards, ContextExt, Link};
pub(crate) use error::{
    FieldError, FieldResult, IN_DOUBT, Nullable, REASON, REQUEST_ID, RETRY_AFTER, SOON, code, set_code,
};
pub(crate) use force::ForceInput;
pub(crate) use id::{GlobalId, NodeType};
pub(crate) use order_direction::OrderDirection;
pub(crate) use page::{DEFAULT_ROWS, MAX_ROWS, Page};
pub(crate) use scalars::{Date, Time, Url};
pub(crate) use source::{Source, SourceInput};
pub(crate) use walk::{Found, One, Walk};
pub(crate) use words::{camel, words};
pub(crate) use write::{Payload, UserError, act_whole, changed, payload, take_away, write, write_and};
