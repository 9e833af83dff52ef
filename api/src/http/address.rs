//! The network address that a request comes from.

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The header in which each proxy adds whom it was asked by.
const FORWARDED: &str = "x-forwarded-for";

/// Who sent it: whoever is connected, or whom the proxies say that they stand in front of. Only proxies that are trusted
/// are believed: anybody can write the header.
pub(super) fn of(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
    let mut forwarded = Vec::new();
    for value in headers.get_all(FORWARDED) {
        forwarded.extend(value.to_str().unwrap_or_default().split(',').map(str::trim));
    }
    Some(client(peer, &forwarded, trusted))
}

/// Whether it is one of a proxy that is trusted.
pub(super) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address.to_canonical()))
}

/// The last address, from the nearest on, that is none of a trusted proxy.
fn client(peer: IpAddr, forwarded: &[&str], trusted: &[IpNet]) -> IpAddr {
    let mut address = peer;
    for &before in forwarded.iter().rev() {
        match before.parse() {
            Ok(before) if is_trusted(address, trusted) => address = before,
            _ => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() -> Result<(), Box<dyn std::error::Error>> {
        let (peer, other): (IpAddr, IpAddr) = ("192.0.2.1".parse()?, "198.51.100.7".parse()?);
        let proxies: Vec<IpNet> = vec!["192.0.2.0/24".parse()?, "2001:db8::/32".parse()?];
        let forged = ["203.0.113.9", "198.51.100.7"];
        assert_eq!(client(peer, &forged, &[]), peer, "nobody is trusted");
        assert_eq!(client(other, &forged, &proxies), other, "it comes from elsewhere");
        assert_eq!(client(peer, &forged, &proxies), other, "what stands in front is the client's own invention");
        assert_eq!(client(peer, &["198.51.100.7", "2001:db8::1", "192.0.2.9"], &proxies), other, "through several");
        assert_eq!(client(peer, &["192.0.2.5"], &proxies), "192.0.2.5".parse::<IpAddr>()?, "a proxy that asks itself");
        assert_eq!(client(peer, &["somebody"], &proxies), peer);
        assert_eq!(client(peer, &[], &proxies), peer);
        assert_eq!(client("::ffff:192.0.2.1".parse()?, &forged, &proxies), other, "an old address in the new form");
        Ok(())
    }
}
