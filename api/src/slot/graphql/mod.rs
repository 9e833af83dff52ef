//! Slots in the schema.

mod mutation;
mod object;

pub(crate) use mutation::SlotMutation;
pub(crate) use object::Slot;
