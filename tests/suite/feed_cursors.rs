//! Places in a feed: what is no cursor, what is none any more, and for how long changes are kept.

use crate::changes::{NEVER_TOLD, beginning, end, page, since, told};
use chrono::{DateTime, TimeDelta, Utc};
use lmi::auth::{Grant, Role, Scope};
use lmi::clock::Clock;
use lmi::http::put_away;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::{Service, texts, with_empty, with_fixture};

pub(crate) async fn found(service: &Service, name: &str) -> Value {
    let document = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
        organization { id } userErrors { message } } }";
    let answer = service.as_role(Role::Staff).ask_with(document, &json!({ "name": name })).await;
    answer.at("/createOrganization/organization/id")
}

#[test]
fn what_is_no_cursor_is_refused_and_says_what_is() {
    with_empty(async |service| {
        let cursor = end(&service).await;
        let cursor = cursor.as_str().expect("a cursor");
        let other = if cursor.ends_with('A') { "B" } else { "A" };
        let tampered = format!("{}{other}{}", &cursor[..20], &cursor[21..]);
        for given in ["", "x", "bm90IGEgY3Vyc29y", tampered.as_str(), &cursor[1..], &cursor[..cursor.len() - 4]] {
            let answer = page(&service, &json!({ "after": given })).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{given}: {}", answer.text);
            assert!(answer.messages().contains("from: BEGINNING"), "{}", answer.text);
        }
        for first in [-1, 101] {
            assert_eq!(page(&service, &json!({ "first": first })).await.codes(), ["BAD_USER_INPUT"]);
        }
    });
}

#[test]
fn a_cursor_goes_before_where_it_is_begun() {
    with_empty(async |service| {
        let cursor = end(&service).await;
        found(&service, "Made Up Alliance").await;
        let answer = page(&service, &json!({ "after": cursor, "from": "BEGINNING" })).await;
        assert_eq!(answer.each("/changes/edges", "/node/typename"), ["Organization"]);
        assert_eq!(answer.at("/changes/totalCount"), 1);
        assert_eq!(answer.at("/changes/pageInfo/hasPreviousPage"), true);
        let none = page(&service, &json!({ "after": cursor, "first": 0 })).await;
        assert_eq!(none.at("/changes/edges"), json!([]));
        assert_eq!(none.at("/changes/pageInfo/hasNextPage"), true);
        assert_eq!(none.at("/changes/pageInfo/endCursor"), cursor);
    });
}

#[test]
fn only_types_that_are_asked_for_are_told() {
    with_fixture(async |service, _| {
        let answer =
            page(&service, &json!({ "from": "BEGINNING", "first": 100, "types": ["Region", "Offering"] })).await;
        let types = answer.each("/changes/edges", "/node/typename");
        assert!(types.iter().all(|of| of == "Region" || of == "Offering"), "{types:?}");
        assert_eq!(answer.at("/changes/totalCount"), types.len());
        let refused = page(&service, &json!({ "types": ["Region", "Answer"] })).await;
        assert_eq!(refused.codes(), ["BAD_USER_INPUT"]);
        assert!(refused.messages().contains("Session"), "{}", refused.text);
        for hidden in NEVER_TOLD {
            assert_eq!(page(&service, &json!({ "types": [hidden] })).await.codes(), ["BAD_USER_INPUT"]);
        }
    });
}

/// The service on a day so many days after the database's own.
pub(crate) async fn days_later(service: &Service, days: i64) -> Service {
    let now = texts(&service.db, "SELECT now()::text AS text").await.remove(0);
    let now = DateTime::parse_from_str(&now, "%Y-%m-%d %H:%M:%S%.f%#z").expect("a moment").with_timezone(&Utc);
    service.at(Clock::Fixed(now + TimeDelta::days(days)))
}

#[test]
fn changes_are_kept_for_thirty_days_and_an_older_cursor_says_how_to_begin_again() {
    with_empty(async |service| {
        let start = end(&service).await;
        found(&service, "Made Up Alliance").await;
        let (_, middle) = since(&service, &start).await;
        put_away(&days_later(&service, 29).await.app()).await.expect("a house kept");
        assert_eq!(told(&since(&service, &start).await.0), ["CREATED | Organization"]);

        // What is read goes on to be kept; its changes do not.
        let used = "UPDATE audience SET used_at = used_at + interval '31 days'";
        service.db.execute_unprepared(used).await.expect("a feed that is read");
        put_away(&days_later(&service, 31).await.app()).await.expect("a house kept");
        let answer = page(&service, &json!({ "after": start })).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
        assert_eq!(answer.json()["errors"][0]["extensions"]["reason"], "CURSOR_EXPIRED");
        assert!(answer.messages().contains("from: BEGINNING") && answer.messages().contains("30 days"));
        found(&service, "Another Alliance").await;
        assert_eq!(told(&since(&service, &middle).await.0), ["CREATED | Organization"], "what is not older is good");
        let (changes, _) = beginning(&service).await;
        let organizations = changes.iter().filter(|change| change["typename"] == "Organization");
        assert_eq!(organizations.count(), 2, "and what there is, is told from the beginning");
    });
}

#[test]
fn whoever_asks_for_some_types_alone_keeps_a_cursor_that_is_good() {
    with_empty(async |service| {
        let of_regions = async |after: &Value| {
            let answer = page(&service, &json!({ "after": after, "types": ["Region"] })).await;
            assert_eq!(answer.at("/changes/edges"), json!([]));
            answer.at("/changes/pageInfo/endCursor")
        };
        let start = end(&service).await;
        found(&service, "Made Up Alliance").await;
        let reached = of_regions(&start).await;
        assert_ne!(reached, start, "what is of other types lies behind");
        assert!(since(&service, &reached).await.0.is_empty());
        assert_eq!(told(&since(&service, &start).await.0), ["CREATED | Organization"], "for whoever asks for it");
        let used = "UPDATE audience SET used_at = used_at + interval '31 days'";
        service.db.execute_unprepared(used).await.expect("a feed that is read");
        put_away(&days_later(&service, 31).await.app()).await.expect("a house kept");
        let reached = of_regions(&reached).await;
        found(&service, "Another Alliance").await;
        assert_eq!(told(&since(&service, &reached).await.0), ["CREATED | Organization"], "nothing is passed over");

        // Where there is more of the page than was asked for, it ends with what was given.
        let (_, all) = beginning(&service).await;
        let half = page(&service, &json!({ "from": "BEGINNING", "types": ["Region"], "first": 1 })).await;
        assert_eq!(half.at("/changes/pageInfo/endCursor"), half.at("/changes/edges/0/cursor"));
        let whole = page(&service, &json!({ "from": "BEGINNING", "types": ["Region"], "first": 100 })).await;
        assert_eq!(whole.at("/changes/pageInfo/endCursor"), all);
    });
}

#[test]
fn the_cursor_of_one_of_what_there_was_leads_to_the_rest_of_it() {
    with_empty(async |service| {
        let answer = page(&service, &json!({ "from": "BEGINNING", "first": 3 })).await;
        let ids = |changes: &[Value]| changes.iter().map(|change| change["nodeId"].clone()).collect::<Vec<_>>();
        let second = answer.at("/changes/edges/1");
        let read = "query ($id: ID!) { node(id: $id) { ... on Change { cursor } } }";
        let cursor = async || service.ask_with(read, &json!({ "id": second["node"]["id"] })).await.at("/node/cursor");
        let rest = since(&service, &second["cursor"]).await.0;
        assert!(rest.len() > 50, "{rest:?}");
        assert_eq!(ids(&since(&service, &cursor().await).await.0), ids(&rest));
        // Also once more was told, and that is kept.
        found(&service, "Made Up Alliance").await;
        let rest = since(&service, &second["cursor"]).await.0;
        assert_eq!(ids(&since(&service, &cursor().await).await.0), ids(&rest));
    });
}

#[test]
fn a_feed_that_nobody_reads_is_put_away() {
    with_empty(async |service| {
        let start = end(&service).await;
        put_away(&days_later(&service, 31).await.app()).await.expect("a house kept");
        assert_eq!(texts(&service.db, "SELECT id::text AS text FROM audience_row").await, Vec::<String>::new());
        let answer = page(&service, &json!({ "after": start })).await;
        assert_eq!(answer.json()["errors"][0]["extensions"]["reason"], "CURSOR_EXPIRED");
    });
}

#[test]
fn a_grant_that_is_taken_back_ends_the_feed_that_it_gave() {
    with_fixture(async |service, _| {
        let account = service.make_account("leaves@example.org", &[]).await;
        let grant = service.make_grant(account, Grant::new(Role::Staff, Scope::Everything), None).await;
        let viewer = service.bearing(&service.sign_in("leaves@example.org").await.access);
        let place = end(&viewer).await;
        assert!(since(&viewer, &place).await.0.is_empty());
        let revoked = format!("UPDATE role_grant SET revoked_at = granted_at WHERE id = '{}'", grant.0);
        service.db.execute_unprepared(&revoked).await.expect("a grant that is revoked");
        let answer = page(&viewer, &json!({ "after": place })).await;
        assert_eq!(answer.json()["errors"][0]["extensions"]["reason"], "CURSOR_EXPIRED", "{}", answer.text);
        let (changes, _) = beginning(&viewer).await;
        assert!(changes.iter().all(|change| change["typename"] != "TeamMember"), "what is left is the public's");
    });
}
