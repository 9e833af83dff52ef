//! Where a request comes from.

use std::net::IpAddr;

/// The machine that sends a request, which is not who sends it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Its network address, where it is known.
    pub address: Option<IpAddr>,
}

/// The network of an address: of IPv6, whoever has one address has 2⁶⁴ of them.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}
