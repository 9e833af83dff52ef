//! The feed of changes as a query: what it tells, from where, and whom.

use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Answer, Service, line, with_empty, with_fixture};

const PAGE: &str = "query ($after: String, $from: ChangesFrom! = NOW, $first: Int, $types: [String!]) {
    changes(after: $after, from: $from, first: $first, types: $types) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id cursor action typename nodeId recordedAt node { id __typename } } } } }";

/// Types of which no feed tells: answers, whose moment would tell whose they are, and feeds and their deliveries themselves.
pub(crate) const NEVER_TOLD: [&str; 4] = ["Change", "WebhookDelivery", "WebhookEndpoint", "WrittenAnswer"];

/// The answer to a request for a page of the feed.
pub(crate) async fn page(service: &Service, variables: &Value) -> Answer {
    service.ask_with(PAGE, variables).await
}

/// The cursor of the end of a feed at this moment.
pub(crate) async fn end(service: &Service) -> Value {
    page(service, &json!({})).await.at("/changes/pageInfo/endCursor")
}

/// Everything behind a cursor, page by page, and the cursor behind that.
pub(crate) async fn since(service: &Service, cursor: &Value) -> (Vec<Value>, Value) {
    walk(service, json!({ "after": cursor, "first": 7 })).await
}

/// Everything that there is.
pub(crate) async fn beginning(service: &Service) -> (Vec<Value>, Value) {
    walk(service, json!({ "from": "BEGINNING", "first": 100 })).await
}

async fn walk(service: &Service, mut variables: Value) -> (Vec<Value>, Value) {
    let mut changes = Vec::new();
    loop {
        let answer = page(service, &variables).await;
        let edges = answer.at("/changes/edges");
        changes.extend(edges.as_array().expect("edges").iter().map(|edge| edge["node"].clone()));
        let info = answer.at("/changes/pageInfo");
        variables["after"] = info["endCursor"].clone();
        if info["hasNextPage"] == false {
            return (changes, info["endCursor"].clone());
        }
    }
}

/// What happened to what, a line for each.
pub(crate) fn told(changes: &[Value]) -> Vec<String> {
    changes.iter().map(|change| line(change, &["/action", "/typename"])).collect()
}

const CREATE: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { id version } userErrors { message } } }";
const RENAME: &str = "mutation ($id: ID!, $version: Int!, $name: String!) {
    updateOrganization(id: $id, version: $version, input: {name: $name}) { organization { id version } userErrors { message } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) {
    deleteOrganization(id: $id, version: $version) { userErrors { message } } }";

#[test]
fn what_is_made_changed_and_taken_away_is_told_in_this_order() {
    with_fixture(async |service, _| {
        let staff = service.as_role(Role::Staff);
        let start = end(&service).await;
        let made = staff.ask_with(CREATE, &json!({ "name": "Made Up Alliance" })).await;
        let id = made.at("/createOrganization/organization/id");
        let (changes, cursor) = since(&service, &start).await;
        assert_eq!(told(&changes), ["CREATED | Organization"]);
        assert_eq!((&changes[0]["nodeId"], &changes[0]["node"]["id"]), (&id, &id));
        for version in [1, 2] {
            let name = format!("Made Up Alliance {version}");
            staff.ask_with(RENAME, &json!({ "id": id, "version": version, "name": name })).await.data();
        }
        let (changes, cursor) = since(&service, &cursor).await;
        assert_eq!(told(&changes), ["UPDATED | Organization"; 2], "each change of a row is one");
        let deleted = staff.ask_with(DELETE, &json!({ "id": id, "version": 3 })).await;
        assert_eq!(deleted.at("/deleteOrganization/userErrors"), json!([]));
        let (changes, cursor) = since(&service, &cursor).await;
        assert_eq!(told(&changes), ["DELETED | Organization"]);
        assert_eq!((&changes[0]["nodeId"], &changes[0]["node"]), (&id, &Value::Null));
        let (changes, again) = since(&service, &cursor).await;
        assert!(changes.is_empty(), "nothing is told twice: {changes:?}");
        assert_eq!(again, cursor, "the same place has the same cursor");
        let (changes, _) = since(&service, &start).await;
        assert_eq!(told(&changes), ["DELETED | Organization"], "what is gone is not told as if it were there");
    });
}

#[test]
fn the_beginning_tells_everything_that_there_is_once() {
    with_fixture(async |service, fixture| {
        for viewer in [service.clone(), service.as_role(Role::Staff)] {
            let (changes, cursor) = beginning(&viewer).await;
            assert!(
                changes.iter().all(|change| change["action"] == "CREATED" && change["node"]["id"] == change["nodeId"])
            );
            let mut ids: Vec<&str> = changes.iter().filter_map(|change| change["nodeId"].as_str()).collect();
            let count = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), count, "nothing is told twice");
            let all: Vec<&str> = fixture.rows.iter().map(|row| row.id.as_str()).collect();
            let seen = crate::walk::nodes(&viewer, &all, "id").await;
            let seen: Vec<&str> = seen.iter().filter_map(|node| node["id"].as_str()).collect();
            let missing: Vec<_> = fixture
                .rows
                .iter()
                .filter(|row| {
                    row.typename != "WrittenAnswer"
                        && seen.contains(&row.id.as_str())
                        && ids.binary_search(&row.id.as_str()).is_err()
                })
                .map(|row| (row.typename, &row.name))
                .collect();
            assert!(missing.is_empty(), "{missing:?}");
            assert!(since(&viewer, &cursor).await.0.is_empty());
        }
    });
}

#[test]
fn every_type_that_has_an_id_is_told_of_but_these() {
    with_empty(async |service| {
        let document = "{ __type(name: \"Node\") { possibleTypes { name } } }";
        let types = service.ask(document).await.each("/__type/possibleTypes", "/name");
        let told = |name: &Value| !NEVER_TOLD.contains(&name.as_str().unwrap_or_default());
        let types: Vec<Value> = types.into_iter().filter(told).collect();
        let answer = page(&service, &json!({ "types": types })).await;
        assert_eq!(answer.codes(), Vec::<String>::new(), "give each type a line in feed/told.rs: {}", answer.text);
    });
}
