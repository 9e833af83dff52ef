//! Resources in the schema.

mod mutation;
mod object;

pub(crate) use mutation::ResourceMutation;
pub(crate) use object::Resource;
