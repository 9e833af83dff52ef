//! One who asks instances of the program, through whichever has its turn, and takes nothing but an answer or a refusal for now.

use crate::http::JSON;
use crate::instances::{Instances, Way};
use crate::load::{Acknowledged, Seen};
use reqwest::Client;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::watch;

/// Nobody waits for an answer for longer than this, whatever happens: a request may wait for a turn, then for a connection, and
/// then takes as long as a statement may, more than once.
const BOUND: Duration = Duration::from_mins(1);
const COUNT: &str = "{ organizations(first: 1) { totalCount } }";
const CREATE: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { id } userErrors { message } } }";
const DESCRIBE: &str =
    "mutation ($id: ID!) { updateOrganization(id: $id, version: 1, input: {description: \"Made up.\"}) {
    organization { version } userErrors { message } } }";

/// How a request ended.
pub(crate) enum Outcome {
    Answered(Value),
    /// Refused for now, in so many words.
    Refused,
    /// Without an answer: the instance has gone away.
    Broken,
}

/// One who asks.
#[derive(Clone)]
pub(crate) struct Asking {
    pub(crate) http: Client,
    pub(crate) instances: watch::Receiver<Vec<Way>>,
    token: watch::Receiver<String>,
    pub(crate) seen: watch::Sender<Seen>,
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

    pub(crate) async fn write(mut self, writer: usize) {
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

    pub(crate) async fn read(mut self, number: usize) {
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
