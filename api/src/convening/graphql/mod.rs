//! Convenings in the schema.

mod inputs;
mod object;
mod parts;
mod quantity;
mod query;
mod rule;

pub(crate) use inputs::{ConveningBy, ConveningFilter, ConveningKind, ConveningOrder, ConveningOrderField};
pub(crate) use object::Convening;
pub(crate) use parts::{SessionBlock, Strand};
pub(crate) use quantity::Quantity;
pub(crate) use query::ConveningQuery;
pub(crate) use rule::{CompositionRule, RequiredSeat};
