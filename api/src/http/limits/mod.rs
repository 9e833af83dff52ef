//! What a request, a connection and everybody together may ask for at most: each bound once, under the name by which it is
//! set and told.

mod page;
mod table;

pub use page::limits_to_markdown;

use super::front::Bounds;
use std::str::FromStr;
use std::time::Duration;
use table::TABLE;

/// The bounds that an operator may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Those of a document.
    pub(super) document: Bounds,
    /// Bytes of an address.
    pub(super) address: usize,
    /// Bytes of all headers.
    pub(super) headers: usize,
    /// Seconds in which the head of a request must come.
    pub(super) head_seconds: usize,
    /// Bytes of a body.
    pub(super) body: usize,
    /// Seconds in which a body must come.
    pub(super) body_seconds: usize,
    /// Connections at once.
    pub(super) connections: usize,
    /// Connections at once of one network.
    pub(super) connections_of_network: usize,
    /// Requests at once on a connection.
    pub(super) streams: usize,
    /// Seconds for which nothing of an answer may be taken.
    pub(super) stalled_seconds: usize,
    /// Bytes of a socket's message.
    pub(super) message: usize,
    /// Operations at once on a socket.
    pub(super) operations: usize,
    /// Seconds in which a socket must say who it is.
    pub(super) introduction_seconds: usize,
    /// Seconds for which a reader of what is open may keep others waiting.
    pub(super) reader_seconds: usize,
    /// Sockets at once.
    pub(super) sockets: usize,
    /// Sockets at once of one network.
    pub(super) sockets_of_network: usize,
    /// Subscriptions at once.
    pub(super) subscriptions: usize,
    /// Subscriptions at once of one network.
    pub(super) subscriptions_of_network: usize,
    /// Root fields that ask the database at once.
    pub(super) at_once: usize,
    /// The same, of one viewer or network.
    pub(super) at_once_of_one: usize,
    /// Requests that wait for their turn.
    pub(super) waiting: usize,
    /// The same, of one viewer or network.
    pub(super) waiting_of_one: usize,
    /// Seconds for which they wait.
    pub(super) waiting_seconds: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document: Bounds::default(),
            address: 16 * 1024,
            headers: 64 * 1024,
            head_seconds: 5,
            body: 1024 * 1024,
            body_seconds: 10,
            connections: 10_000,
            connections_of_network: 1_000,
            streams: 100,
            stalled_seconds: 30,
            message: 1024 * 1024,
            operations: 100,
            introduction_seconds: 5,
            reader_seconds: 10,
            sockets: 5_000,
            sockets_of_network: 250,
            subscriptions: 5_000,
            subscriptions_of_network: 500,
            at_once: 10,
            at_once_of_one: 6,
            waiting: 512,
            waiting_of_one: 128,
            waiting_seconds: 2,
        }
    }
}

impl FromStr for Limits {
    type Err = String;

    /// `name=value`, separated by commas. What is not named stays as it is.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut limits = Self::default();
        let mut set: Vec<&str> = Vec::new();
        for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let Some((name, value)) = item.split_once('=').map(|(name, value)| (name.trim(), value.trim())) else {
                return Err(format!("`{item}` is no `name=number`, as in depth=15"));
            };
            let Some(limit) = TABLE.iter().find(|limit| limit.name == name) else {
                let names: Vec<_> = TABLE.iter().map(|limit| limit.name).collect();
                return Err(format!("there is no limit `{name}`; there are {}", names.join(", ")));
            };
            if set.contains(&limit.name) {
                return Err(format!("`{name}` is set twice"));
            }
            set.push(limit.name);
            let (least, most) = limit.range;
            let value = value.parse().ok().filter(|value| (least..=most).contains(value));
            *(limit.of)(&mut limits) = value.ok_or_else(|| format!("`{name}` is a number from {least} to {most}"))?;
        }
        Ok(limits)
    }
}

/// So many seconds.
pub(super) fn seconds(count: usize) -> Duration {
    Duration::from_secs(count as u64)
}

/// A number of bytes as people say it.
pub(super) fn bytes(count: usize) -> String {
    const KILO: usize = 1024;
    match count {
        count if count >= KILO * KILO && count.is_multiple_of(KILO * KILO) => format!("{} MB", count / KILO / KILO),
        count if count >= KILO && count.is_multiple_of(KILO) => format!("{} kB", count / KILO),
        count => format!("{count} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_stays_as_it_is() {
        assert_eq!("".parse(), Ok(Limits::default()));
        let mut fewer = Limits { body: 2048, ..Limits::default() };
        fewer.document.depth = 3;
        assert_eq!(" depth = 3, body=2048,".parse(), Ok(fewer));
    }

    #[test]
    fn whatever_is_no_limit_is_refused_with_what_would_be() {
        let refused = |text: &str| text.parse::<Limits>().err().unwrap_or_default();
        assert!(refused("depth").contains("name=number"));
        assert!(refused("dept=3").starts_with("there is no limit `dept`; there are "));
        assert!(refused("depth=3,depth=4").contains("twice"));
        for wrong in ["depth=0", "depth=-1", "depth=x", "depth=", "depth=1.5", "depth=1000000"] {
            assert!(refused(wrong).starts_with("`depth` is a number from 1 to "), "{wrong}");
        }
    }

    #[test]
    fn each_limit_has_a_name_and_a_place_of_its_own() {
        for limit in TABLE {
            let mut limits = Limits::default();
            let (least, most) = limit.range;
            let default = *(limit.of)(&mut limits);
            assert!((least..=most).contains(&default), "{}", limit.name);
            let other = if default == least { most } else { least };
            let set: Result<Limits, _> = format!("{}={other}", limit.name).parse();
            *(limit.of)(&mut limits) = other;
            assert_eq!(set, Ok(limits), "{}", limit.name);
            assert_ne!(limits, Limits::default(), "{}", limit.name);
        }
    }

    #[test]
    fn bytes_are_said_as_people_say_them() {
        assert_eq!([1, 1024, 1536, 16 * 1024, 1 << 20].map(bytes), ["1 bytes", "1 kB", "1536 bytes", "16 kB", "1 MB"]);
    }
}
