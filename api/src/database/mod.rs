//! The way to PostgreSQL: connections, names in statements, and searching text.

mod alias;
mod begin;
mod bounded;
mod commit;
mod connect;
mod edition;
mod executor;
pub(crate) mod former;
mod notices;
mod pool;
pub mod private;
mod pulse;
pub mod roles;
pub mod search;
mod servers;

pub use alias::{Alias, always, any_of, never, one_of};
pub(crate) use begin::{begin, begin_as, begin_reading};
pub(crate) use bounded::Bounded;
pub(crate) use commit::{Writer, Writers};
pub use connect::{Purpose, connect, connect_as_public, why_unreachable};
pub(crate) use connect::{Way, connect_near, connect_to};
pub(crate) use edition::{Edition, Own};
pub(crate) use executor::Executor;
pub(crate) use notices::{Channel, Notice, Notices, Waiting};
pub(crate) use pool::Pool;
pub(crate) use pulse::{Epoch, Pulse};
pub use servers::{Addresses, Reads, Servers};
pub(crate) use servers::{Farthest, Near, ReplicaStanding, Switch, environment, options, unavailable};
