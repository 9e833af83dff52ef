//! What an endpoint's input must be.

use super::address::Network;
use super::event;
use crate::error::ViolationCode;
use crate::feed;
use crate::validation::Violations;
use entity::webhook_endpoint::Model;
use std::net::IpAddr;
use url::{Host, Url};

/// Letters in an address at most.
const MAX_URL: usize = 2000;
/// Letters in a description at most.
const MAX_DESCRIPTION: usize = 300;
/// Hours for which the secret before may go on at most.
const MAX_OVERLAP: i32 = 7 * 24;

pub(super) fn endpoint(violations: &mut Violations, row: &Model, network: Network) {
    url(violations, &row.url, network);
    let fits = |text: &String| !text.trim().is_empty() && text.chars().count() <= MAX_DESCRIPTION;
    let fits = row.description.as_ref().is_none_or(fits);
    violations.check(fits, "description", "Write 1 to 300 letters, or leave it out.");
    violations.items("types", &row.types);
    let told: Vec<String> = feed::names().into_iter().filter(|name| *name != event::NEVER.name()).collect();
    if !row.types.iter().all(|name| told.contains(name)) {
        let message = format!("Give names of types that have changes: {}.", told.join(", "));
        violations.add("types", ViolationCode::Invalid, message);
    }
}

fn url(violations: &mut Violations, text: &str, network: Network) {
    violations.check(text.chars().count() <= MAX_URL, "url", "Use at most 2,000 letters.");
    let Some(url) = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
        violations.check(false, "url", "An address starts with http:// or https:// and names a host.");
        return;
    };
    violations.check(url.fragment().is_none(), "url", "Leave out what follows the #: it is never sent.");
    if network == Network::Public {
        violations.check(url.scheme() == "https", "url", "Give an address that starts with https://.");
    }
    let literal: Option<IpAddr> = match url.host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        Some(Host::Domain(_)) | None => None,
    };
    let message = "This address is not of the public internet. Give one that everybody can reach.";
    violations.check(literal.is_none_or(|address| network.allows(address)), "url", message);
}

pub(super) fn overlap(violations: &mut Violations, hours: i32) {
    violations.check((0..=MAX_OVERLAP).contains(&hours), "overlapHours", "Give 0 to 168 hours.");
}
