//! Some edges are read without asking the policy about the row they lead to, because whoever sees the one row sees the
//! other by the policy's own rules. Here is the proof, for every such edge, viewer and row.

use crate::expectations::viewers;
use crate::walk::{Ids, assert_rows, ids_in, nodes};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tests::with_fixture;

/// Every implied edge: its type, its field, and what tells the row at the edge.
const EDGES: [(&str, &str, &str); 20] = [
    ("Affiliation", "person", "id"),
    ("AgendaRelease", "convening", "id"),
    ("Delegation", "convening", "id"),
    ("Room", "convening", "id"),
    ("SeatAssignment", "member", "id"),
    ("Session", "convening", "id"),
    ("Session", "speakers", "id"),
    ("Session", "strand", "title"),
    ("Slot", "room", "id"),
    ("Slot", "session", "id"),
    ("Speaker", "person", "id"),
    ("Speaker", "session", "id"),
    ("Sponsorship", "convening", "id"),
    ("PublishedResult", "survey", "id"),
    ("SurveyItem", "survey", "id"),
    ("Team", "convening", "id"),
    ("Team", "members", "nodes { id }"),
    ("TeamMember", "person", "id"),
    ("TeamMember", "team", "id"),
    ("WebhookDelivery", "endpoint", "id"),
];

#[test]
fn whoever_sees_a_row_sees_the_row_at_its_implied_edge() {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            let service = viewer.service(&service);
            for (typename, field, tell) in EDGES.into_iter().filter(|(.., tell)| tell.contains("id")) {
                let rows = fixture.rows.iter().filter(|row| row.typename == typename);
                let rows: Vec<&str> = rows.map(|row| row.id.as_str()).collect();
                let selection = format!("... on {typename} {{ edge: {field} {{ {tell} }} }}");
                let at_edge = ids_in(&Value::Array(nodes(&service, &rows, &selection).await));
                let targets: Vec<&str> = at_edge.iter().map(String::as_str).collect();
                let by_id: Ids = ids_in(&Value::Array(nodes(&service, &targets, "id").await));
                assert_rows(&fixture, &at_edge, &by_id, &format!("{}: {typename}.{field}", viewer.name));
            }
        }
    });
}

#[test]
fn whoever_sees_a_session_sees_its_strand_among_those_of_the_convening() {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            let rows = fixture.rows.iter().filter(|row| row.typename == "Session");
            let rows: Vec<&str> = rows.map(|row| row.id.as_str()).collect();
            let selection = "... on Session { strand { position title } convening { strands { position title } } }";
            for session in nodes(&viewer.service(&service), &rows, selection).await {
                if !session.is_null() {
                    let strands = session["convening"]["strands"].as_array().expect("strands");
                    assert!(strands.contains(&session["strand"]), "{}: {session}", viewer.name);
                }
            }
        }
    });
}

#[test]
fn no_edge_is_implied_that_is_not_proved_here() {
    let mut sources = Vec::new();
    sources_in(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../api/src")), &mut sources);
    let implied: usize = sources
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a source file").matches(".implied()").count())
        .sum();
    assert_eq!(implied, EDGES.len(), "give every `.implied()` its line in EDGES");
}

fn sources_in(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources_in(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}
