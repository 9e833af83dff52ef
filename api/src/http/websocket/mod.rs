//! GraphQL over web sockets: the protocol `graphql-transport-ws`, and no other.
//!
//! A socket is one task that reads and writes, and one more for each operation that is under way. An operation waits
//! until there is room for its answer, so that whoever does not read costs no memory; when the reader's patience is over
//! the socket is closed.

mod close;
mod conversation;
mod handshake;
mod message;
mod operation;

pub(super) use handshake::{is_wanted, upgrade};
