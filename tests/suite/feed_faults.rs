//! What becomes of a copy when the service or its database is killed: it goes on by its cursor and has everything once.

use crate::live_service::Events;
use crate::program::{DataFolder, Serving, ask, kill};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;

const FOLLOW: &str = "subscription ($after: String, $from: ChangesFrom!) {
    changes(after: $after, from: $from, types: [\"Organization\"]) {
      cursor action nodeId node { id ... on Organization { name } } } }";
const ALL: &str = "{ organizations(first: 100) { nodes { id name } } }";

/// A copy of all organizations, kept by a subscription.
#[derive(Default)]
pub(crate) struct Copy {
    cursor: Value,
    holds: BTreeMap<String, String>,
    /// In which order they came.
    pub(crate) came: Vec<String>,
}

impl Copy {
    /// Takes what comes until it has this organization, or the stream breaks off; nothing may come twice.
    pub(crate) async fn follow_until(&mut self, address: SocketAddr, name: &str) {
        let mut events = self.follow(address).await;
        self.take_until(&mut events, name).await.expect("another event");
    }

    /// What follows what it has, as whoever answers at an address tells it.
    pub(crate) async fn follow(&self, address: SocketAddr) -> Events {
        Events::at(address, None, FOLLOW, &json!({ "after": self.cursor, "from": "BEGINNING" })).await
    }

    /// Takes what comes until it has this organization; nothing where it broke off before.
    pub(crate) async fn take_until(&mut self, events: &mut Events, name: &str) -> Option<()> {
        while !self.holds.values().any(|known| known == name) {
            let (event, data) = events.try_next().await?;
            if data["errors"][0]["extensions"]["code"] == "UNAVAILABLE" {
                return None;
            }
            assert_eq!((event.as_str(), data.get("errors")), ("next", None), "{data}");
            let change = &data["data"]["changes"];
            let text = |pointer: &str| change.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            self.cursor = change["cursor"].clone();
            assert_eq!(change["action"], "CREATED");
            self.came.push(text("/node/name").expect("a name"));
            let before = self.holds.insert(text("/nodeId").expect("an id"), text("/node/name").expect("a name"));
            assert_eq!(before, None, "told twice: {change}");
        }
        Some(())
    }

    pub(crate) fn assert_is_whole(&self, address: SocketAddr) {
        let answer = ask(address, ALL).expect("an answer");
        let nodes = answer["data"]["organizations"]["nodes"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let all: BTreeMap<_, _> = nodes.iter().map(|node| (text(&node["id"]), text(&node["name"]))).collect();
        assert_eq!(self.holds, all);
    }
}

/// Enters an organization, whether or not the program serves.
fn enter(folder: &DataFolder, name: &str) {
    let file = folder.path().join(format!("{name}.toml"));
    let slug = name.to_lowercase();
    let record =
        format!("format = 1\n[[organization]]\nslug = \"example-{slug}\"\nname = \"{name}\"\nkind = \"local_union\"\n");
    std::fs::write(&file, record).expect("a file");
    folder.run(&["load".as_ref(), file.as_os_str()]).done();
}

#[test]
fn a_copy_outlives_a_killed_program_and_a_killed_database() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = DataFolder::new();
    let (serving, address) = Serving::started(&folder);
    let mut copy = Copy::default();
    enter(&folder, "First");
    runtime.block_on(copy.follow_until(address, "First"));
    copy.assert_is_whole(address);

    serving.signal("-KILL");
    serving.ended();
    enter(&folder, "Second");
    let (mut serving, address) = Serving::started(&folder);
    runtime.block_on(copy.follow_until(address, "Second"));
    copy.assert_is_whole(address);

    let (process, _) = folder.server().expect("a server");
    let mut broken = runtime.block_on(Events::at(address, None, FOLLOW, &json!({ "from": "NOW" })));
    kill("-KILL", &process);
    serving.logs("the private database server had died and was started again");
    enter(&folder, "Third");
    // Whoever was waiting goes on to be told, or is told that it broke.
    let told = runtime.block_on(broken.try_next());
    let told = told.map(|(_, data)| data["data"]["changes"]["node"]["name"].clone());
    assert!(told.is_none_or(|name| name.is_null() || name == "Third"));
    // Connections that broke show with the next statement on each; there are at most 16.
    for _ in 0..=16 {
        let _ = ask(address, ALL);
    }
    runtime.block_on(copy.follow_until(address, "Third"));
    copy.assert_is_whole(address);
    serving.signal("-INT");
    serving.ended();
}
