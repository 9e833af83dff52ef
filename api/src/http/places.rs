//! Places for what stays open: so many at once, and so many for one network, so that nobody takes them all.

use crate::auth::network;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::watch;

/// How many places there are.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// In all.
    pub in_all: usize,
    /// For one network.
    pub of_network: usize,
}

/// The places, of which some are taken.
#[derive(Debug)]
pub(super) struct Places {
    most: Most,
    taken: watch::Sender<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    in_all: usize,
    by_network: HashMap<IpAddr, usize>,
}

/// A place that is taken until this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    network: Option<IpAddr>,
}

impl Places {
    /// So many, all of them free.
    pub(super) fn new(most: Most) -> Arc<Self> {
        Arc::new(Self { most, taken: watch::Sender::default() })
    }

    /// Takes one for somebody at this address; none where too many are taken.
    pub(super) fn take(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Place> {
        let network = address.map(network);
        let took = self.taken.send_if_modified(|taken| taken.add(network, self.most));
        took.then(|| Place { places: Arc::clone(self), network })
    }

    /// How many are taken.
    pub(super) fn taken(&self) -> usize {
        self.taken.borrow().in_all
    }

    /// Waits until none is taken.
    pub(super) async fn all_free(&self) {
        // It cannot fail: whoever is asked is there.
        let _ = self.taken.subscribe().wait_for(|taken| taken.in_all == 0).await;
    }
}

impl Taken {
    fn add(&mut self, network: Option<IpAddr>, most: Most) -> bool {
        let of_network = network.and_then(|network| self.by_network.get(&network)).copied().unwrap_or(0);
        if self.in_all >= most.in_all || of_network >= most.of_network {
            return false;
        }
        self.in_all += 1;
        if let Some(network) = network {
            self.by_network.insert(network, of_network + 1);
        }
        true
    }

    fn remove(&mut self, network: Option<IpAddr>) {
        self.in_all -= 1;
        let Some(network) = network else { return };
        if let Some(count) = self.by_network.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                self.by_network.remove(&network);
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.taken.send_modify(|taken| taken.remove(self.network));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_cannot_take_all_places() -> Result<(), Box<dyn std::error::Error>> {
        let places = Places::new(Most { in_all: 3, of_network: 2 });
        let (here, there): (IpAddr, IpAddr) = ("2001:db8::1".parse()?, "192.0.2.1".parse()?);
        let (first, second) = (places.take(Some(here)), places.take(Some("2001:db8::2".parse()?)));
        assert!(first.is_some() && second.is_some());
        assert!(places.take(Some("2001:db8::3".parse()?)).is_none(), "another address of the same network");
        let third = places.take(Some(there));
        assert!(third.is_some() && places.take(None).is_none(), "none is left");
        drop(first);
        assert!(places.take(Some(here)).is_some());
        drop((second, third));
        assert_eq!(places.taken(), 0);
        assert!(places.taken.borrow().by_network.is_empty());
        Ok(())
    }
}
