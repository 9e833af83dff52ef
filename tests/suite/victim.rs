//! A service on a port of its own that is attacked: it answers the simplest of questions all the while.

use crate::http::JSON;
use crate::http_connections::served;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tests::Service;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long the simplest of questions may take while the service is attacked. What was not optimized, on a machine that runs other
/// tests, is given more.
const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 2 });

/// An answer over the network.
pub(crate) type Answered = (u16, Value);

/// The service that is attacked.
pub(crate) struct Victim {
    pub(crate) address: SocketAddr,
    client: reqwest::Client,
    _stop: oneshot::Sender<()>,
    _serving: JoinHandle<()>,
}

impl Victim {
    /// As it is set by itself, and public.
    pub(crate) async fn of(service: &Service) -> Self {
        // It is built with what TLS would need, though nothing here is under TLS; another test may have been first.
        drop(rustls::crypto::ring::default_provider().install_default());
        let usual = service.set_up(|setup| {
            setup.rate_limit = lmi::http::POINTS;
            setup.limits = lmi::http::Limits::default();
            setup.kept_answers = 1 << 20;
        });
        let (address, stop, serving) = served(&usual).await;
        let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().expect("a client");
        Self { address, client, _stop: stop, _serving: serving }
    }

    /// The answer to a document.
    pub(crate) async fn ask(&self, document: &str) -> Answered {
        self.ask_with(document, &Value::Null).await
    }

    /// The answer to a document with variables.
    pub(crate) async fn ask_with(&self, document: &str, variables: &Value) -> Answered {
        self.post(&[("content-type", JSON)], json!({ "query": document, "variables": variables }).to_string()).await
    }

    /// The answer to a body with some headers.
    pub(crate) async fn post(&self, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Answered {
        let mut request = self.client.post(format!("http://{}/graphql", self.address)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        told(request).await
    }

    /// The answer to `GET` of a path.
    pub(crate) async fn get(&self, path: &str) -> Answered {
        told(self.client.get(format!("http://{}{path}", self.address)).header("accept", JSON)).await
    }

    /// Does something to it, which it outlives: it answers meanwhile and afterwards.
    pub(crate) async fn outlives<T>(&self, attack: impl Future<Output = T>) -> T {
        let mut attack = std::pin::pin!(attack);
        loop {
            let done = tokio::select! {
                done = &mut attack => Some(done),
                () = self.lives() => None,
            };
            if let Some(done) = done {
                self.lives().await;
                return done;
            }
        }
    }

    async fn lives(&self) {
        let asked = tokio::time::timeout(PATIENCE, self.ask("{ __typename }")).await;
        assert_eq!(asked.expect("an answer in time"), (200, json!({ "data": { "__typename": "Query" } })));
    }
}

async fn told(request: reqwest::RequestBuilder) -> Answered {
    // One that is cut off while it is still being sent has no answer that a client could read.
    let Ok(answer) = request.send().await else { return (0, Value::Null) };
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap_or_default();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// The code of an answer's first error.
pub(crate) fn code(answered: &Answered) -> &str {
    answered.1["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}
