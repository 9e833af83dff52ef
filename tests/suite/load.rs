//! Many who write, read and follow at once, whatever happens meanwhile: what each was answered, and an account of what was
//! acknowledged that is held against the database in the end.

use crate::following::follow;
use crate::http::JSON;
use crate::instances::{Instances, Way};
use reqwest::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;
use tests::Node;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Nobody waits for an answer for longer than this, whatever happens: a request may wait for a turn, then for a connection, and
/// then takes as long as a statement may, more than once.
const BOUND: Duration = Duration::from_mins(1);
/// What does not happen by then never will.
const NEVER: Duration = Duration::from_mins(5);

const COUNT: &str = "{ organizations(first: 1) { totalCount } }";
const CREATE: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { id } userErrors { message } } }";
const DESCRIBE: &str =
    "mutation ($id: ID!) { updateOrganization(id: $id, version: 1, input: {description: \"Made up.\"}) {
    organization { version } userErrors { message } } }";
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
    is_over: bool,
}

/// How a request ended.
pub(crate) enum Outcome {
    Answered(Value),
    /// Refused for now, in so many words.
    Refused,
    /// Without an answer: the instance has gone away.
    Broken,
}

/// Those who ask.
pub(crate) struct Load {
    asking: Asking,
    writers: JoinSet<()>,
    others: JoinSet<()>,
}

/// What each of them knows.
#[derive(Clone)]
pub(crate) struct Asking {
    pub(crate) http: Client,
    instances: watch::Receiver<Vec<Way>>,
    token: watch::Receiver<String>,
    pub(crate) seen: watch::Sender<Seen>,
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

impl Asking {
    pub(crate) fn of(instances: &Instances) -> Self {
        // It is built with what TLS would need, though nothing here is under TLS; another test may have been first.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = Client::builder().read_timeout(BOUND).build().expect("a client");
        let (instances, token) = (instances.open(), instances.token());
        Self { http, instances, token, seen: watch::Sender::default() }
    }

    /// An instance, once there is one: each time another.
    pub(crate) async fn instance(&mut self, turn: usize) -> Way {
        let instances = self.instances.wait_for(|instances| !instances.is_empty()).await.expect("instances");
        instances[turn % instances.len()].clone()
    }

    pub(crate) fn is_over(&self) -> bool {
        self.seen.borrow().is_over
    }

    /// Sends a document once. Whatever is answered that is neither an answer nor a refusal for now is wrong.
    pub(crate) async fn send(&self, to: &Way, key: Option<&str>, body: &Value) -> Outcome {
        let mut request = self.http.post(format!("http://{}/graphql", to.address)).header("content-type", JSON);
        if let Some(key) = key {
            request = request.header("idempotency-key", key).bearer_auth(&*self.token.borrow());
        }
        let answered = async {
            let answer = request.body(body.to_string()).send().await?;
            let again = answer.headers().contains_key("retry-after");
            let status = answer.status().as_u16();
            Ok::<_, reqwest::Error>((status, again, answer.text().await?))
        };
        let (status, again, text) = match answered.await {
            Ok(answer) => answer,
            Err(error) => {
                assert!(!error.is_timeout(), "nobody answers in time");
                self.seen.send_modify(|seen| seen.broken += 1);
                return Outcome::Broken;
            }
        };
        let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: {text}"));
        let Some(error) = answer["errors"].as_array().and_then(|errors| errors.first()) else {
            assert_eq!(status, 200, "{text}");
            return Outcome::Answered(answer["data"].clone());
        };
        let code = error["extensions"]["code"].as_str().unwrap_or_default();
        // Whoever sends a key is never left in doubt, and whoever is to come again is told when.
        assert!(matches!((code, again), ("UNAVAILABLE", true) | ("TIMEOUT", false)), "{status}: {text}");
        self.seen.send_modify(|seen| *seen.refused.entry(format!("{status} {code}")).or_default() += 1);
        Outcome::Refused
    }

    /// Creates an organization under a key of its own, however often it has to be sent.
    pub(crate) async fn create(&mut self, key: &str, name: &str, mut turn: usize) -> Acknowledged {
        let body = json!({ "query": CREATE, "variables": { "name": name } });
        loop {
            let to = self.instance(turn).await;
            if let Outcome::Answered(data) = self.send(&to, Some(key), &body).await {
                let id = data.pointer("/createOrganization/organization/id").cloned();
                let id = id.unwrap_or_else(|| panic!("{data}"));
                return Acknowledged { key: key.to_owned(), name: name.to_owned(), id };
            }
            turn += 1;
        }
    }

    /// Changes one that was created, under a key of its own, however often it has to be sent: done twice, it would be refused.
    pub(crate) async fn describe(&mut self, made: &Acknowledged, mut turn: usize) {
        let body = json!({ "query": DESCRIBE, "variables": { "id": made.id } });
        loop {
            let to = self.instance(turn).await;
            if let Outcome::Answered(data) = self.send(&to, Some(&format!("{}-described", made.key)), &body).await {
                assert_eq!(data.pointer("/updateOrganization/organization/version"), Some(&json!(2)), "{data}");
                return self.seen.send_modify(|seen| seen.changed += 1);
            }
            turn += 1;
        }
    }

    async fn write(mut self, writer: usize) {
        for number in 0.. {
            if self.is_over() {
                return;
            }
            self.add(writer, number).await;
        }
    }

    /// Adds one organization to the account.
    pub(crate) async fn add(&mut self, writer: usize, number: usize) -> Acknowledged {
        let made = self.create(&format!("{writer}-{number}"), &format!("Example {writer} {number}"), number).await;
        self.seen.send_modify(|seen| seen.acknowledged.push(made.clone()));
        made
    }

    async fn read(mut self, number: usize) {
        while !self.is_over() {
            self.ask(COUNT, number).await;
        }
    }

    /// Asks as anybody may.
    pub(crate) async fn ask(&mut self, document: &str, turn: usize) {
        let to = self.instance(turn).await;
        if let Outcome::Answered(data) = self.send(&to, None, &json!({ "query": document })).await {
            assert!(data.as_object().is_some_and(|data| data.values().all(|value| !value.is_null())), "{data}");
            self.seen.send_modify(|seen| seen.read += 1);
        }
    }

    /// Looks whether each instance lives, which it says at all times, and whether it can answer.
    pub(crate) async fn look(mut self) {
        for turn in 0.. {
            if self.is_over() {
                return;
            }
            let at = self.instance(turn).await;
            let Ok(ready) = self.health(&at, "ready").await else { continue };
            if let Ok(live) = self.health(&at, "live").await {
                assert_eq!(live, "200 ok");
            }
            self.seen.send_modify(|seen| drop(seen.ready.insert(at.address, ready)));
        }
    }

    /// The status of what an instance says of itself, and the word for it.
    pub(crate) async fn health(&self, at: &Way, path: &str) -> Result<String, reqwest::Error> {
        let answer = self.http.get(format!("http://{}/health/{path}", at.address)).send().await?;
        let status = answer.status().as_u16();
        let told: Value = serde_json::from_str(&answer.text().await?).unwrap_or_default();
        Ok(format!("{status} {}", told["status"].as_str().unwrap_or_default()))
    }

    /// Sends again all that was acknowledged, under the same keys: each gets the answer that it got.
    pub(crate) async fn send_again(&mut self, acknowledged: &[Acknowledged]) {
        for Acknowledged { key, name, id } in acknowledged {
            assert_eq!(&self.create(key, name, 0).await.id, id, "{key} was done twice");
        }
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
