//! The feed as a subscription, over a real connection.

use crate::changes::{self, beginning, end, since};
use crate::feed_mirror::act;
use crate::live_service::{Events, Instance};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::{Service, line, with_empty, with_fixture};

const FOLLOW: &str = "subscription ($after: String, $from: ChangesFrom! = NOW, $first: Int, $types: [String!]) {
    changes(after: $after, from: $from, first: $first, types: $types) {
      id cursor action typename nodeId node { id ... on Organization { name } } } }";
const CREATE: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { id } userErrors { message } } }";

async fn follow(service: &Service, variables: Value, token: Option<&str>) -> Events {
    Events::of(&Instance::of(service).await, token, FOLLOW, &variables).await
}

/// The next change.
async fn next(events: &mut Events) -> Value {
    let (name, event) = events.next().await;
    assert_eq!((name.as_str(), event.get("errors")), ("next", None), "{event}");
    event["data"]["changes"].clone()
}

async fn create(service: &Service, name: &str) {
    service
        .as_role(Role::Staff)
        .ask_with(CREATE, &json!({ "name": name }))
        .await
        .at("/createOrganization/organization/id");
}

fn told(change: &Value) -> String {
    line(change, &["/action", "/typename", "/node/name"])
}

#[test]
fn changes_are_sent_as_they_come_and_a_cursor_goes_on_where_it_ended() {
    with_empty(async |service| {
        // What is behind a cursor is sent first, so that it is known when the rest is waited for.
        let start = end(&service).await;
        create(&service, "First").await;
        let mut events = follow(&service, json!({ "after": start }), None).await;
        let first = next(&mut events).await;
        assert_eq!(told(&first), "CREATED | Organization | First");
        for name in ["Second", "Third"] {
            create(&service, name).await;
            assert_eq!(told(&next(&mut events).await), format!("CREATED | Organization | {name}"));
        }
        drop(events);
        create(&service, "Fourth").await;
        let mut events = follow(&service, json!({ "after": first["cursor"], "first": 3 }), None).await;
        for name in ["Second", "Third", "Fourth"] {
            assert_eq!(told(&next(&mut events).await), format!("CREATED | Organization | {name}"));
        }
        assert_eq!(events.next().await, ("complete".to_owned(), Value::Null), "it ends where it was told to");
        let polled = since(&service, &first["cursor"]).await.0;
        assert_eq!(polled.len(), 3, "the same as by a query");
    });
}

#[test]
fn the_beginning_is_sent_first_and_then_what_comes() {
    with_fixture(async |service, _| {
        let (all, _) = beginning(&service).await;
        let mut events = follow(&service, json!({ "from": "BEGINNING" }), None).await;
        for change in &all {
            let sent = next(&mut events).await;
            assert_eq!((&sent["id"], &sent["cursor"]), (&change["id"], &change["cursor"]));
        }
        create(&service, "Made Up Alliance").await;
        assert_eq!(told(&next(&mut events).await), "CREATED | Organization | Made Up Alliance");
    });
}

#[test]
fn what_cannot_be_followed_is_refused_at_once() {
    with_empty(async |service| {
        for variables in [json!({ "after": "x" }), json!({ "types": ["Nothing"] }), json!({ "first": -1 })] {
            let mut events = follow(&service, variables, None).await;
            let (_, refused) = events.next().await;
            assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{refused}");
            assert_eq!(events.next().await.0, "complete");
        }
        let mut none = follow(&service, json!({ "first": 0 }), None).await;
        assert_eq!(none.next().await.0, "complete");
    });
}

#[test]
fn an_announcement_that_is_taken_back_is_carried_no_further() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let draft = fixture.find("Convening", "draft").id.as_str();
        let start = end(&service).await;
        let mut events = follow(&service, json!({ "after": start }), None).await;
        assert!(act(&staff, "announceConvening(id: $id, version: $version)", draft, "").await);
        assert_eq!(told(&next(&mut events).await), "CREATED | Convening | –");
        assert!(act(&staff, "retractConvening(id: $id, version: $version)", draft, "").await);
        let mut is_back = false;
        loop {
            let change = next(&mut events).await;
            is_back |= change["action"] == "DELETED";
            assert!(!is_back || change["action"] == "DELETED", "{change}");
            assert_eq!(change["node"].is_null(), change["action"] == "DELETED", "{change}");
            if change["nodeId"] == draft && is_back {
                break;
            }
        }
    });
}

#[test]
fn whoever_loses_a_grant_is_told_so_and_sent_nothing_more() {
    with_fixture(async |service, _| {
        let account = service.make_account("goes@example.org", &[]).await;
        let grant = service.make_grant(account, Grant::new(Role::Staff, Scope::Everything), None).await;
        let access = service.sign_in("goes@example.org").await.access;
        let start = end(&service.bearing(&access)).await;
        create(&service, "Made Up Alliance").await;
        let mut events = follow(&service, json!({ "after": start }), Some(&access)).await;
        assert_eq!(told(&next(&mut events).await), "CREATED | Organization | Made Up Alliance");
        let revoked = format!("UPDATE role_grant SET revoked_at = granted_at WHERE id = '{}'", grant.0);
        service.db.execute_unprepared(&revoked).await.expect("a grant that is revoked");
        let (_, last) = events.next().await;
        assert_eq!(last["errors"][0]["extensions"]["code"], "FORBIDDEN", "{last}");
        assert_eq!(events.next().await.0, "complete");
        assert_eq!(events.try_next().await, None);

        // An account that is shut out is not told even that.
        let mut events = follow(&service, json!({ "from": "BEGINNING", "types": ["Region"] }), Some(&access)).await;
        for _ in 0..fixture_regions(&service).await {
            next(&mut events).await;
        }
        let disabled = format!("UPDATE account SET disabled_at = created_at WHERE id = '{}'", account.0);
        service.db.execute_unprepared(&disabled).await.expect("an account that is disabled");
        let (_, last) = events.next().await;
        assert_eq!(last["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{last}");
        assert_eq!(events.next().await.0, "complete");
        assert_eq!(events.try_next().await, None);
    });
}

async fn fixture_regions(service: &Service) -> usize {
    let answer = changes::page(service, &json!({ "from": "BEGINNING", "first": 100, "types": ["Region"] })).await;
    answer.at("/changes/edges").as_array().map_or(0, Vec::len)
}
