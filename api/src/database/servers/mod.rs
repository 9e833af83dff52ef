//! Several servers of one database: one takes writes, others follow it and can be read from.

mod address;
mod pooler;
mod position;
mod primary;
mod reads;
mod replica;
mod standing;

pub use address::Servers;
pub(crate) use address::{NO_ADDRESS, options, unavailable};
pub(crate) use primary::Switch;
pub use reads::{Addresses, Reads};
pub(crate) use reads::{Near, ReplicaStanding};
