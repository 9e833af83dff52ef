//! Where a request comes from.

use std::net::IpAddr;

/// The machine that sends a request, which is not who sends it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Its network address, where it is known.
    pub address: Option<IpAddr>,
}
