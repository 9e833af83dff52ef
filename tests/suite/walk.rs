//! What the tests of the policy find in answers.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::Service;
use tests::fixtures::{Fixture, Row};

/// Ids, each once.
pub(crate) type Ids = BTreeSet<String>;

/// The ids of those rows of the fixture.
pub(crate) fn ids_of(fixture: &Fixture, wanted: impl Fn(&Row) -> bool) -> Ids {
    fixture.rows.iter().filter(|row| wanted(row)).map(|row| row.id.clone()).collect()
}

/// Every id in an answer.
pub(crate) fn ids_in(value: &Value) -> Ids {
    let mut ids = Ids::new();
    each_object(value, &mut |object| ids.extend(object.get("id").and_then(Value::as_str).map(str::to_owned)));
    ids
}

/// Every list in an answer that was counted has as many rows as its count says.
pub(crate) fn assert_counts(value: &Value, message: &str) {
    each_object(value, &mut |object| {
        if let (Some(count), Some(nodes)) = (object.get("totalCount"), object.get("nodes").and_then(Value::as_array)) {
            assert_eq!(count, nodes.len(), "{message}: a count is not that of its list");
        }
    });
}

fn each_object(value: &Value, visit: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            visit(object);
            object.values().for_each(|value| each_object(value, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| each_object(item, visit)),
        _ => {}
    }
}

/// What is selected of each row, for any number of rows by their ids.
pub(crate) async fn nodes(service: &Service, ids: &[&str], selection: &str) -> Vec<Value> {
    let document = format!("query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {selection} }} }}");
    let mut nodes = Vec::with_capacity(ids.len());
    for ids in ids.chunks(100) {
        let answer = service.ask_with(&document, &json!({ "ids": ids })).await;
        nodes.extend(answer.at("/nodes").as_array().cloned().unwrap_or_default());
    }
    nodes
}

/// The ids of a whole root list, page by page, each row once and as many as the count says. `call` is the field with
/// arguments of its own in front of the page's, as in `people(` or `search(query: "x",`.
pub(crate) async fn whole_list(service: &Service, call: &str, id: &str) -> Ids {
    let document = format!(
        "query($after: String) {{ list: {call} first: 40, after: $after) \
         {{ totalCount nodes {{ {id} }} edges {{ cursor }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let (mut ids, mut rows, mut after) = (Ids::new(), 0, Value::Null);
    loop {
        let answer = service.ask_with(&document, &json!({ "after": after })).await;
        ids.extend(ids_in(&answer.at("/list/nodes")));
        rows += answer.each("/list/edges", "/cursor").len();
        if answer.at("/list/pageInfo/hasNextPage") == false {
            assert_eq!(answer.at("/list/totalCount"), rows, "{call}: counted and listed");
            assert_eq!(ids.len(), rows, "{call}: each row once");
            return ids;
        }
        after = answer.at("/list/pageInfo/endCursor");
    }
}

/// Fails with the names of the rows that are missing and of those that are too many.
pub(crate) fn assert_rows(fixture: &Fixture, seen: &Ids, expected: &Ids, message: &str) {
    let names = |ids: Vec<&String>| -> Vec<String> {
        let name = |id: &String| {
            let row = fixture.rows.iter().find(|row| row.id == *id);
            row.map_or_else(|| format!("unknown {id}"), |row| format!("{} {}", row.typename, row.name))
        };
        ids.into_iter().map(name).collect()
    };
    let missing = names(expected.difference(seen).collect());
    let leaked = names(seen.difference(expected).collect());
    assert!(missing.is_empty() && leaked.is_empty(), "{message}\n  missing: {missing:?}\n  leaked: {leaked:?}");
}
