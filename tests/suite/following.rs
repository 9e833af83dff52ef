//! Somebody who follows the feed through whatever happens: a stream ends with a reason or breaks off, goes on by its cursor, and in
//! the end everything has come that was acknowledged, each once.

use crate::asking::Asking;
use crate::http::JSON;
use crate::load::LAST;
use reqwest::Response;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const FOLLOW: &str = "subscription ($after: String, $from: ChangesFrom!) {
    changes(after: $after, from: $from, types: [\"Organization\"]) {
      cursor action node { ... on Organization { name } } } }";

/// What has come.
#[derive(Default)]
struct Copy {
    cursor: Value,
    names: BTreeSet<String>,
}

/// Follows until the last has come, and everything that was acknowledged.
pub(crate) async fn follow(mut asking: Asking) {
    let mut copy = Copy::default();
    for turn in 0.. {
        // Nobody waits for the end of a stream before an instance is told to stop.
        let to = asking.instance(turn).await.address;
        let body = json!({ "query": FOLLOW, "variables": { "after": copy.cursor, "from": "BEGINNING" } });
        let request = asking.http.post(format!("http://{to}/graphql")).header("content-type", JSON);
        let answer = request.header("accept", "text/event-stream").body(body.to_string()).send().await;
        // Whoever has just gone away may not have been missed yet.
        let Ok(answer) = answer else { continue };
        if answer.status() == 503 {
            continue;
        }
        assert_eq!(answer.status(), 200);
        copy.take(answer).await;
        if copy.names.contains(LAST) {
            break;
        }
    }
    let acknowledged: BTreeSet<_> = asking.seen.borrow().acknowledged.iter().map(|made| made.name.clone()).collect();
    assert_eq!(copy.names, acknowledged, "what the feed told is what was acknowledged");
}

impl Copy {
    /// Takes what comes until the last has come or the stream ends.
    async fn take(&mut self, mut answer: Response) {
        let mut unread = String::new();
        while let Ok(Some(bytes)) = answer.chunk().await {
            unread += std::str::from_utf8(&bytes).expect("a text");
            while let Some((line, rest)) = unread.split_once('\n') {
                if let Some(data) = line.strip_prefix("data:").map(str::trim).filter(|data| !data.is_empty()) {
                    self.hear(&serde_json::from_str(data).expect("an event in JSON"));
                }
                unread = rest.to_owned();
            }
            if self.names.contains(LAST) {
                return;
            }
        }
    }

    fn hear(&mut self, event: &Value) {
        if let Some(error) = event["errors"].as_array().and_then(|errors| errors.first()) {
            let code = error["extensions"]["code"].as_str().unwrap_or_default();
            assert!(["UNAVAILABLE", "TIMEOUT"].contains(&code), "{event}");
            return;
        }
        let change = &event["data"]["changes"];
        self.cursor = change["cursor"].clone();
        let name = change["node"]["name"].as_str().expect("a name");
        // What was there before it all began is of no interest.
        if !name.starts_with("Example ") {
            return;
        }
        match change["action"].as_str() {
            Some("CREATED") => assert!(self.names.insert(name.to_owned()), "told twice: {name}"),
            Some("UPDATED") => assert!(self.names.contains(name), "changed before it was there: {name}"),
            _ => panic!("{event}"),
        }
    }
}
