//! The dataset for benchmarks and trials.

use crate::program::{run, run_on};
use lmi::auth::{Actor, Role, Viewer};
use lmi::clock::Clock;
use lmi::database::{Purpose, connect};
use lmi::generate::{Size, generate};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::{Service, contents, texts, with_empty, with_record};

/// A tenth of a state: enough for every kind of row.
const TENTH: Size =
    Size { districts: 102, convenings: 20, sessions: 240, people: 2_000, teams: 940, organizations: 30, skewed: false };

async fn fill(service: &Service, size: Size) {
    let db = connect(&service.url, Purpose::Command).await.expect("a connection");
    let viewer = Viewer::command_line();
    generate(&db, Actor::new(&viewer, Clock::System), size, |_| ()).await.expect("a dataset");
    db.close().await.expect("an end");
}

/// On a connection without the time limit of requests: whole tables are counted, however busy the machine is.
async fn number(service: &Service, sql: &str) -> i64 {
    let db = connect(&service.url, Purpose::Command).await.expect("a connection");
    let number = texts(&db, &format!("SELECT ({sql})::text AS text")).await;
    db.close().await.expect("an end");
    number[0].parse().expect("a number")
}

/// Every table by a hash of its rows, but for what says when something was done.
async fn hashes(service: &Service) -> BTreeMap<String, String> {
    let mut hashes = BTreeMap::new();
    for table in contents(&service.db).await.into_keys() {
        if !["change", "feed_seal", "seaql_migrations"].contains(&table.as_str()) {
            let hash = format!(
                "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS text FROM \"{table}\" AS t"
            );
            hashes.insert(table, texts(&service.db, &hash).await.remove(0));
        }
    }
    hashes
}

#[test]
fn the_same_size_makes_the_same_rows() {
    let mut once = BTreeMap::new();
    with_empty(async |service| {
        fill(&service, TENTH).await;
        once = hashes(&service).await;
    });
    assert_ne!(once["team_member"], "");
    with_empty(async |service| {
        fill(&service, TENTH).await;
        assert_eq!(hashes(&service).await, once);
    });
}

#[test]
fn a_generated_state_is_as_large_as_it_says_and_as_whole_as_what_was_entered() {
    with_empty(async |service| {
        let done = run_on(&service, &["generate", "--scale", "1"]).done();
        insta::assert_snapshot!(done);
        for (table, rows) in [
            ("district", 1_020),
            ("convening", 200),
            ("session", 2_400),
            ("person", 20_000),
            ("team", 9_400),
            ("team_member", 37_600),
            ("organization", 300),
            ("speaker", 7_200),
            ("required_seat", 4),
            ("agenda_release", 170),
            ("change WHERE origin <> 'command_line'", 0),
            ("change WHERE action <> 'created'", 0),
            ("released_session", 2_040),
            ("person_contact WHERE email NOT LIKE '%@example.org'", 0),
        ] {
            assert_eq!(number(&service, &format!("SELECT count(*) FROM {table}")).await, rows, "{table}");
        }
        is_whole(&service).await;
        answers(&service).await;
    });
}

#[test]
fn a_skewed_state_has_a_few_that_are_far_larger_than_most() {
    with_empty(async |service| {
        run_on(&service, &["generate", "--scale", "1", "--skew"]).done();
        for (table, rows, largest) in [("session", 2_400, 90), ("team", 9_400, 25)] {
            let of = |what: &str| {
                format!("SELECT {what} FROM (SELECT count(*) AS n FROM {table} GROUP BY convening_id) AS sizes")
            };
            assert_eq!(number(&service, &of("sum(n)")).await, rows);
            let most = number(&service, &of("percentile_disc(0.5) WITHIN GROUP (ORDER BY n)")).await;
            assert!(number(&service, &of("max(n)")).await >= largest * most, "{table}");
        }
        is_whole(&service).await;
        answers(&service).await;
    });
}

/// What the services would have seen to.
async fn is_whole(service: &Service) {
    for (what, sql) in [
        (
            "somebody speaks in two rooms at one time",
            "SELECT count(*) FROM speaker AS a JOIN slot AS s USING (session_id) JOIN speaker AS b USING (person_id)
             JOIN slot AS t ON t.session_id = b.session_id AND t.id > s.id
             WHERE t.convening_id = s.convening_id AND (s.starts_at, s.ends_at) OVERLAPS (t.starts_at, t.ends_at)",
        ),
        (
            "a slot lies outside of its convening",
            "SELECT count(*) FROM slot JOIN convening ON convening.id = convening_id
             WHERE (starts_at AT TIME ZONE time_zone)::date NOT BETWEEN starts_on AND ends_on",
        ),
        (
            "a slot holds more than its room",
            "SELECT count(*) FROM slot JOIN room ON room.id = room_id WHERE slot.capacity > room.capacity",
        ),
        (
            "a block has fewer rounds",
            "SELECT count(*) FROM slot JOIN session ON session.id = session_id JOIN session_block ON session_block.id = block_id WHERE round > rounds",
        ),
        (
            "a code is of another county",
            "SELECT count(*) FROM district JOIN county ON county.id = county_id WHERE left(cds_code, 2) <> cds_county_code",
        ),
        (
            "an agenda is not as released",
            "SELECT count(*) FROM convening WHERE agenda_published AND agenda_changed(id)",
        ),
        (
            "a team is further than its convening",
            "SELECT count(*) FROM team JOIN convening ON convening.id = convening_id
             WHERE team.status IN ('attended', 'no_show', 'confirmed') AND NOT decisions_published",
        ),
        (
            "a team is not whole",
            "SELECT count(*) FROM (SELECT FROM team JOIN team_member ON team_id = team.id GROUP BY team.id HAVING count(DISTINCT seat) <> 4) AS few",
        ),
        (
            "somebody sits in the team of another district",
            "SELECT count(*) FROM team_member JOIN team ON team.id = team_id JOIN affiliation USING (person_id)
             WHERE affiliation.district_id IS DISTINCT FROM team.district_id",
        ),
        (
            "a key is none of the service's",
            "SELECT count(*) FROM person WHERE substr(id::text, 15, 1) <> '7' OR substr(id::text, 20, 1) <> '8'",
        ),
    ] {
        assert_eq!(number(service, sql).await, 0, "{what}");
    }
}

/// What everybody and staff are answered.
async fn answers(service: &Service) {
    let convenings =
        service.ask("{ convenings(first: 1, orderBy: {field: STARTS_ON}) { totalCount nodes { id } } }").await;
    assert_eq!(convenings.at("/convenings/totalCount"), 200);
    let id = convenings.at("/convenings/nodes/0/id");
    let variables = json!({ "id": id });
    let agenda = "query ($id: ID!) { convening(by: {id: $id}) { sessions(first: 50) { totalCount nodes { \
                  slots { room { name } } speakers { person { name } organization { name } } } } \
                  teams { totalCount } agendaWarnings { kind severity } } }";
    let seen = service.as_role(Role::Staff).ask_with(agenda, &variables).await;
    assert!(seen.at("/convening/sessions/totalCount").as_i64() >= Some(5), "{seen:?}");
    assert_ne!(seen.at("/convening/teams/totalCount"), 0);
    let warnings = seen.at("/convening/agendaWarnings");
    let is_minor = |warning: &Value| warning["severity"] == "WARNING";
    assert!(warnings.as_array().is_some_and(|warnings| warnings.iter().all(is_minor)), "{warnings}");
    assert_ne!(seen.at("/convening/sessions/nodes/0/speakers"), json!([]));
    let people = "query ($typed: String!) { people(filter: {search: $typed}, first: 20) { nodes { name } } }";
    let found = service.ask_with(people, &json!({ "typed": "alder" })).await.at("/people/nodes");
    let is_alder = |person: &Value| person["name"].as_str().is_some_and(|name| name.contains("Alder"));
    let found = found.as_array().expect("people").clone();
    assert!(found.len() == 20 && found.iter().all(is_alder), "{found:?}");
    let participation =
        "query ($id: ID!) { participation(filter: {convening: $id}, groupBy: [COUNTY]) { county { name } teams } }";
    let counties = service.ask_with(participation, &variables).await.at("/participation");
    assert!(counties.as_array().is_some_and(|counties| counties.len() > 5), "{counties}");
}

#[test]
fn what_was_entered_is_never_mixed_with_what_was_made_up() {
    with_record(async |service| {
        let before = contents(&service.db).await;
        let refused = run_on(&service, &["generate", "--scale", "1"]).refused(1);
        insta::assert_snapshot!(refused);
        assert!(contents(&service.db).await == before, "a refusal changes nothing");
    });
    for arguments in [&["generate"][..], &["generate", "--scale", "0"], &["generate", "--scale", "101"]] {
        assert_eq!(run(arguments).status, Some(2));
    }
}
