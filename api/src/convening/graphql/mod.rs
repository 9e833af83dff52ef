//! Convenings in the schema.

mod block_mutation;
mod inputs;
mod move_mutation;
mod mutation;
mod object;
mod parts;
mod quantity;
mod query;
mod rule;
mod write_inputs;

pub(crate) use block_mutation::SessionBlockMutation;
pub(crate) use inputs::{ConveningBy, ConveningFilter, ConveningKind, ConveningOrder, ConveningOrderField};
pub(crate) use move_mutation::ConveningMoveMutation;
pub(crate) use mutation::ConveningMutation;
pub(crate) use object::Convening;
pub(crate) use parts::{SessionBlock, Strand};
pub(crate) use quantity::{Quantity, QuantityInput};
pub(crate) use query::ConveningQuery;
pub(crate) use rule::{CompositionRule, CompositionRuleMutation, CompositionRuleQuery, RequiredSeat};
pub(crate) use write_inputs::CreateConveningInput;
