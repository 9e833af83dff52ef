//! The program and its database, of which ten times as much is asked as they can do: what they can do is done, the rest is told so,
//! and whoever asks for little is answered as if nothing were.

use crate::http::JSON;
use crate::program::DataFolder;
use crate::webhook_survival::on_with;
use futures_util::future::join_all;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use tests::with_record;

/// Those who ask for as much as they get, and how often each asks.
const GREEDY: usize = 80;
const TIMES: usize = 10;
/// How often somebody else asks for little, one thing after the other.
const MODEST: usize = 20;

/// How requests ended.
#[derive(Debug, Default)]
struct Counts {
    answered: AtomicUsize,
    refused: AtomicUsize,
}

impl Counts {
    fn get(&self) -> (usize, usize) {
        (self.answered.load(Ordering::Relaxed), self.refused.load(Ordering::Relaxed))
    }
}

/// A client at some network, behind a proxy that is believed.
#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    address: SocketAddr,
    network: String,
}

impl Client {
    fn at(address: SocketAddr, network: &str) -> Self {
        // It is built with what TLS would need, though nothing here is under TLS; another test may have been first.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder().build().expect("a client");
        Self { http, address, network: network.to_owned() }
    }

    /// Asks, and counts how it ended; anything but an answer or a refusal that says when to come again is wrong.
    async fn ask(&self, document: &str, counts: &Counts) {
        let request = self.http.post(format!("http://{}/graphql", self.address)).header("content-type", JSON);
        let request = request.header("x-forwarded-for", &self.network).body(json!({ "query": document }).to_string());
        let answer = request.send().await.expect("an answer");
        let (status, again) = (answer.status().as_u16(), answer.headers().contains_key("retry-after"));
        let text = answer.text().await.expect("a text");
        match status {
            200 if !text.contains("\"errors\"") => counts.answered.fetch_add(1, Ordering::Relaxed),
            503 if again && text.contains("UNAVAILABLE") => counts.refused.fetch_add(1, Ordering::Relaxed),
            _ => panic!("{status}: {text:.300}"),
        };
    }

    async fn is_well(&self) -> bool {
        let asked =
            ["live", "ready"].map(|path| self.http.get(format!("http://{}/health/{path}", self.address)).send());
        join_all(asked).await.into_iter().all(|answer| answer.is_ok_and(|answer| answer.status() == 200))
    }
}

/// Each is another, so that none is answered from memory.
fn dear(number: usize) -> String {
    format!(
        "query Q{number} {{ districts(first: 20) {{ nodes {{ name county {{ name districts(first: 5) {{ nodes {{ name }} }} }} }} }} }}"
    )
}

#[test]
fn ten_times_too_much_is_asked_and_nobody_who_asks_for_little_is_left_out() {
    with_record(async |service| {
        let folder = DataFolder::new();
        let mut serving = on_with(&service.url, &folder, |program| {
            program.env("LMI_TRUSTED_PROXIES", "127.0.0.1").env("LMI_CACHE_MB", "0").env("LMI_RATE_LIMIT", "0");
            program.env("LMI_LIMITS", "at-once=4,at-once-of-one=3,waiting=8,waiting-of-one=4,waiting-seconds=60");
        });
        let address = serving.address();
        let (greedy, modest) = (Client::at(address, "192.0.2.1"), Client::at(address, "192.0.2.2"));
        let (too_much, little) = (Counts::default(), Counts::default());
        let asking = join_all((0..GREEDY).map(|who| {
            let (greedy, too_much) = (&greedy, &too_much);
            async move {
                for time in 0..TIMES {
                    greedy.ask(&dear(who * TIMES + time), too_much).await;
                }
            }
        }));
        let others = async {
            for _ in 0..MODEST {
                modest.ask("{ regions { number name } }", &little).await;
                assert!(modest.is_well().await, "whoever looks after it is answered");
            }
        };
        tokio::join!(asking, others);
        let (answered, refused) = too_much.get();
        assert_eq!(answered + refused, GREEDY * TIMES);
        assert!(answered >= 4 && refused > 0, "{answered} answered, {refused} refused");
        assert_eq!(little.get(), (MODEST, 0), "one who asks for one thing at a time finds room");
        // Nothing is left of it.
        greedy.ask(&dear(0), &little).await;
        assert_eq!(little.get(), (MODEST + 1, 0));
        drop(serving);
    });
}
