//! What the operator sees of the service at work.
//!
//! Every request leaves a [`Trail`](trail::Trail): who asked in what role, what was asked for, which statements it took and what came
//! of it. A line in the log, the figures of [`metrics`], and what is told of a slow operation are all made of it. None of them holds
//! anything about people: no name, address, credential, value or network address.

pub(crate) mod kind;
pub(crate) mod line;
mod log;
pub(crate) mod metrics;
pub(crate) mod request_id;
pub(crate) mod security;
pub(crate) mod slow;
pub(crate) mod span;
pub(crate) mod statements;
pub(crate) mod traces;
pub(crate) mod trail;

pub use log::{Format, start as start_log};
pub use statements::{Told, ran};
pub use traces::Traces;
