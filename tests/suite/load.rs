//! Many who write, read and follow at once, whatever happens meanwhile: what each was answered, and an account of what was
//! acknowledged that is held against the database in the end.

use crate::asking::Asking;
use crate::following::follow;
use crate::instances::{Instances, Way};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;
use tests::Node;
use tokio::task::JoinSet;

/// What does not happen by then never will.
const NEVER: Duration = Duration::from_mins(5);

const HELD: &str = "SELECT name AS text FROM organization WHERE name LIKE 'Example %' ORDER BY name COLLATE \"C\"";
const WRITTEN_DOWN: &str =
    "SELECT count(*)::text AS text FROM change WHERE table_name = 'organization' AND action = 'created'
    AND after ->> 'name' LIKE 'Example %'";

/// The name that is given last: whoever has heard of it has heard of all.
pub(crate) const LAST: &str = "Example to end with";

/// What was acknowledged: the key, the name, and the answer.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledged {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) id: Value,
}

/// What was seen so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) acknowledged: Vec<Acknowledged>,
    /// How many of these were changed afterwards.
    pub(crate) changed: usize,
    /// How many answers to reads.
    pub(crate) read: usize,
    /// How often each refusal was told.
    pub(crate) refused: BTreeMap<String, usize>,
    /// How many requests ended without an answer.
    pub(crate) broken: usize,
    /// What the instances last said of themselves, and whether they could be asked.
    pub(crate) ready: BTreeMap<SocketAddr, String>,
    pub(crate) is_over: bool,
}

/// Those who ask.
pub(crate) struct Load {
    asking: Asking,
    writers: JoinSet<()>,
    others: JoinSet<()>,
}

impl Load {
    /// Nobody yet.
    pub(crate) fn of(instances: &Instances) -> Self {
        Self { asking: Asking::of(instances), writers: JoinSet::new(), others: JoinSet::new() }
    }

    /// One more of those who write, as long as it is not over.
    pub(crate) fn writes<T: Future<Output = ()> + Send + 'static>(&mut self, writes: impl FnOnce(Asking) -> T) {
        self.writers.spawn(writes(self.asking.clone()));
    }

    /// One more of those who do anything else.
    pub(crate) fn asks<T: Future<Output = ()> + Send + 'static>(&mut self, asks: impl FnOnce(Asking) -> T) {
        self.others.spawn(asks(self.asking.clone()));
    }

    /// So many who write, each through whichever instance has its turn; one for each instance who reads; one who looks whether they are
    /// well, and one who keeps a copy by the feed.
    pub(crate) fn start(instances: &Instances, writers: usize) -> Self {
        let mut load = Self::of(instances);
        for writer in 0..writers {
            load.writes(|asking| asking.write(writer));
        }
        for number in 0..instances.number() {
            load.asks(|asking| asking.read(number));
        }
        load.asks(Asking::look);
        load.asks(follow);
        load
    }

    /// Waits until something was seen.
    pub(crate) async fn until(&mut self, happened: impl FnMut(&Seen) -> bool) {
        let mut told = self.asking.seen.subscribe();
        tokio::select! {
            told = tokio::time::timeout(NEVER, told.wait_for(happened)) => {
                let is_told = told.is_ok();
                drop(told);
                assert!(is_told, "it never happens: {:?}", self.seen().refused);
            }
            Some(ended) = self.writers.join_next() => panic!("one of those who write has ended: {ended:?}"),
            Some(ended) = self.others.join_next() => panic!("one of those who ask has ended: {ended:?}"),
        }
    }

    /// Waits until so many more writes were acknowledged than there are now, and every instance says that it can answer.
    pub(crate) async fn goes_on(&mut self, more: usize) {
        let enough = self.seen().acknowledged.len() + more;
        let instances = self.asking.instances.clone();
        self.until(|seen| {
            let is_ready = |way: &Way| seen.ready.get(&way.address).is_some_and(|told| told == "200 ok");
            seen.acknowledged.len() >= enough && instances.borrow().iter().all(is_ready)
        })
        .await;
    }

    /// Waits until something is refused that was not before, and every instance says that it cannot answer.
    pub(crate) async fn is_refused(&mut self) {
        let before: usize = self.seen().refused.values().sum();
        let instances = self.asking.instances.clone();
        self.until(|seen| {
            let is_away = |way: &Way| seen.ready.get(&way.address).is_some_and(|told| told.starts_with("503 "));
            seen.refused.values().sum::<usize>() > before && instances.borrow().iter().all(is_away)
        })
        .await;
    }

    /// How many writes were acknowledged so far.
    pub(crate) fn acknowledged(&self) -> usize {
        self.asking.seen.borrow().acknowledged.len()
    }

    /// What was seen so far.
    pub(crate) fn seen(&self) -> Seen {
        self.asking.seen.borrow().clone()
    }

    /// Lets nobody begin anything more, and waits until all is acknowledged that was begun and those who follow have heard of it.
    pub(crate) async fn end(mut self) -> (Asking, Seen) {
        self.asking.seen.send_modify(|seen| seen.is_over = true);
        all(self.writers).await;
        let last = self.asking.create("last", LAST, 0).await;
        self.asking.seen.send_modify(|seen| seen.acknowledged.push(last));
        all(self.others).await;
        let seen = self.asking.seen.borrow().clone();
        (self.asking, seen)
    }
}

async fn all(mut clients: JoinSet<()>) {
    while let Some(ended) = tokio::time::timeout(NEVER, clients.join_next()).await.expect("an end") {
        ended.expect("somebody who found nothing wrong");
    }
}

impl Seen {
    /// What there was, in a line.
    pub(crate) fn report(&self, fault: &str) -> String {
        let refused: Vec<_> = self.refused.iter().map(|(told, times)| format!("{times} × {told}")).collect();
        format!(
            "{fault}: {} writes acknowledged, {} reads answered, refused for now: {}; ended without an answer: {}; lost 0, doubled 0",
            self.acknowledged.len(),
            self.read,
            if refused.is_empty() { "none".to_owned() } else { refused.join(", ") },
            self.broken
        )
    }
}

/// What a database holds is what was acknowledged, each once, and so is what was written down of it.
pub(crate) async fn assert_is_held(node: &Node, acknowledged: &[Acknowledged]) {
    let mut names: Vec<_> = acknowledged.iter().map(|made| made.name.clone()).collect();
    names.sort();
    assert_eq!(node.texts(HELD).await, names, "everything that was acknowledged, once each");
    assert_eq!(node.texts(WRITTEN_DOWN).await, [names.len().to_string()]);
}
