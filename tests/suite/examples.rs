//! What the examples ask is asked as it stands in their files, and answered.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tests::{root, with_record};

/// With which variables each document is asked, and where its answer must hold something.
fn asked_with() -> BTreeMap<&'static str, (Value, &'static str)> {
    let slug = json!({ "slug": "2015-symposium" });
    BTreeMap::from([
        ("grafana/convenings.graphql", (Value::Null, "/convenings/nodes")),
        ("grafana/participation.graphql", (Value::Null, "/participation")),
        ("mirror/changes.graphql", (Value::Null, "/changes/nodes")),
        ("python/participation.graphql", (Value::Null, "/participation")),
        ("rust/districts.graphql", (json!({ "county": "Sacramento" }), "/districts/nodes")),
        ("typescript/src/agenda.graphql", (slug.clone(), "/convening/sessions/nodes")),
        ("typescript/src/participants.graphql", (slug, "/convening/teams/nodes")),
    ])
}

/// The files of a folder with this ending, by their paths within the examples.
fn files(folder: &Path, ending: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir()
            && !["node_modules", "generated", "dist", "target"].map(Into::into).contains(&entry.file_name())
        {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            let within = path.strip_prefix(root().join("examples")).expect("an example");
            found.insert(within.display().to_string(), fs::read_to_string(&path).expect("a text"));
        }
    }
    found
}

#[test]
fn every_document_of_the_examples_is_answered() {
    with_record(async |service| {
        let documents = files(&root().join("examples"), "graphql");
        let expected = asked_with();
        assert_eq!(
            documents.keys().map(String::as_str).collect::<Vec<_>>(),
            expected.keys().copied().collect::<Vec<_>>()
        );
        for (path, (variables, pointer)) in expected {
            let answer = service.ask_with(&documents[path], &variables).await;
            let found = answer.at(pointer);
            assert!(found.as_array().is_some_and(|found| !found.is_empty()), "{path}: {}", answer.text);
        }
    });
}

#[test]
fn the_dashboard_asks_what_stands_beside_it() {
    let folder = root().join("examples/grafana");
    let documents = files(&folder, "graphql");
    let dashboard = fs::read_to_string(folder.join("dashboard.json")).expect("a dashboard");
    let dashboard: Value = serde_json::from_str(&dashboard).expect("JSON");
    let mut asked = Vec::new();
    for panel in dashboard["panels"].as_array().expect("panels") {
        for target in panel["targets"].as_array().expect("targets") {
            let query = target["url_options"]["body_graphql_query"].as_str().expect("a query");
            assert!(documents.values().any(|document| document == query), "{}: {query}", panel["title"]);
            asked.push(query.to_owned());
        }
    }
    assert!(documents.values().all(|document| asked.contains(document)), "every document is asked");
}
