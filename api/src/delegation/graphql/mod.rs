//! Delegations in the schema.

mod mutation;
mod object;

pub(crate) use mutation::DelegationMutation;
pub(crate) use object::Delegation;
