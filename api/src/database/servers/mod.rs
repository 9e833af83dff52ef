//! Several servers of one database: one takes writes, others follow it and can be read from.

mod address;
mod farthest;
mod libpq;
mod pooler;
mod position;
mod primary;
mod reads;
mod replica;
mod standing;
mod switch;

pub use address::Servers;
pub(crate) use address::{Login, NO_ADDRESS, options, options_of, unavailable};
pub(crate) use farthest::Farthest;
pub(crate) use libpq::environment;
pub use reads::{Addresses, Reads};
pub(crate) use reads::{Near, ReplicaStanding};
pub(crate) use switch::Switch;
