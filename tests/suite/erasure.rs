//! A person who asks for it is erased: no row, no merge and no history tells the name or anything private any more, and
//! what is counted stays.

use crate::merging::{ask_to_merge, key, known_everywhere, merge, read, sql, two, undo};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::fixtures::{Fixture, global_id};
use tests::{Answer, Service, contents, texts, with_fixture};

/// Everything that only this person is known by.
const WORDS: [&str; 12] = [
    "zebulon",
    "quixwood",
    "zeb@",
    "555 0199",
    "zebbie",
    "marrow",
    "5550188",
    "grand steward",
    "vice gardener",
    "old sexton",
    "born in a barn",
    "the venerable",
];

/// Somebody of whom everything is known, and who was entered twice: everywhere that a name can be.
async fn known_everywhere_by_name(service: &Service, fixture: &Fixture) {
    known_everywhere(service).await;
    let staff = service.as_role(Role::Staff);
    let (south, north) = (fixture.find("Organization", "south").key, fixture.find("Organization", "north").key);
    sql(
        service,
        &format!(
            "INSERT INTO person (id, slug, name, honorific, biography, is_public, sources, entered_by)
               VALUES (#50, 'zebulon-quixwood', 'Zebulon Quixwood', 'The Venerable', 'Born in a barn.', true,
               '[{{\"document\": \"Letter of Zebulon\"}}]', '00000000-0000-0000-0000-00000000acc0'),
               (#51, 'zebbie-marrow', 'Zebbie Marrow', NULL, NULL, false, '[]', NULL);
             INSERT INTO person_contact VALUES (#50, 'zeb@example.org', '555 0199'), (#51, 'zebbie@example.org', '209 5550188');
             INSERT INTO affiliation (id, person_id, organization_id, title, starts_on, ends_on) VALUES
               (#52, #50, '{south}', 'Grand Steward', '2014-07-01', NULL), (#53, #50, #1, 'Grand Steward', '2014-07-01', '2016-06-30'),
               (#54, #51, '{north}', 'Vice Gardener', NULL, NULL);
             INSERT INTO affiliation (id, person_id, district_id, title, ends_on) VALUES
               (#55, #50, #3, 'Grand Steward', '2020-06-30'), (#56, #51, #3, 'Vice Gardener', '2021-06-30');
             INSERT INTO speaker (id, session_id, role, position, person_id, organization_id, name_as_shown, title_as_shown)
               VALUES (#57, #17, 'moderator', 1, #50, #1, 'Zebulon Quixwood', 'Grand Steward');
             SELECT release_agenda(#92, #90, 'Welcome, Zebulon Quixwood!', now());
             INSERT INTO team_member (id, team_id, convening_id, person_id, seat)
               VALUES (#58, #15, #90, #50, 'superintendent');
             SELECT attribute_changes('service', NULL, 'Zebulon Quixwood told us.');
             BEGIN; SELECT attribute_changes('service', NULL, 'As ZEBULON QUIXWOOD told us.');
             UPDATE organization SET description = 'A body.' WHERE id = #2; COMMIT;
             UPDATE person SET name = 'Zebulon Quixwood II', slug = 'zebulon-quixwood-ii' WHERE id = #50;
             INSERT INTO affiliation (id, person_id, organization_id, title) VALUES (#59, #50, '{north}', 'Old Sexton');
             DELETE FROM affiliation WHERE id = #59"
        ),
    )
    .await;
    // One merge drops an affiliation, the other makes one person of two.
    merge(&staff, "Organization", "south", "example-union").await;
    merge(&staff, "Person", "zebulon-quixwood-ii", "zebbie-marrow").await;
}

/// Which of the words stand anywhere in the database.
async fn told(service: &Service) -> Vec<String> {
    let everything = contents(&service.db).await;
    let mut told = Vec::new();
    for (table, rows) in everything {
        for row in rows {
            let row = row.to_lowercase();
            told.extend(
                WORDS.iter().filter(|word| row.contains(*word)).map(|word| format!("{word} in {table}: {row}")),
            );
        }
    }
    told
}

async fn ask_to_erase(service: &Service, (id, version): (String, i64), reason: &str) -> Answer {
    let document = "mutation ($id: ID!, $version: Int!, $reason: String!) { erasePerson(id: $id, version: $version, \
                    reason: $reason) { person { id slug name honorific biography sources { document } contact { email } \
                    appearances { totalCount nodes { nameAsShown titleAsShown } } affiliations { nodes { title } } } \
                    userErrors { field code message } } }";
    service.ask_with(document, &json!({ "id": id, "version": version, "reason": reason })).await
}

fn refusals(answer: &Answer) -> Vec<String> {
    answer.lines("/erasePerson/userErrors", &["/field", "/code"])
}

/// Erases the person: what is left.
async fn erase(service: &Service) -> Value {
    let person = read(service, "Person", "zebulon-quixwood-ii").await;
    let answer = ask_to_erase(&service.as_role(Role::Admin), person, "Request 17 of May 8.").await;
    assert_eq!(refusals(&answer), [""; 0], "{}", answer.text);
    answer.at("/erasePerson/person")
}

#[test]
fn nothing_tells_the_name_or_anything_private_any_more() {
    with_fixture(async |service, fixture| {
        known_everywhere_by_name(&service, &fixture).await;
        let before = told(&service).await;
        for word in WORDS {
            let stands = before.iter().any(|line| line.starts_with(word));
            assert!(stands, "`{word}` stands nowhere: looking for it proves nothing");
        }
        let left = erase(&service).await;
        assert_eq!(told(&service).await, [""; 0]);
        let shown = json!([{ "nameAsShown": "Name withheld", "titleAsShown": null }]);
        assert_eq!(left["appearances"], json!({ "totalCount": 1, "nodes": shown }), "that somebody spoke stays");
        assert_eq!(
            (&left["name"], &left["biography"], &left["honorific"]),
            (&json!("Name withheld"), &Value::Null, &Value::Null)
        );
        assert_eq!((&left["sources"], &left["contact"]), (&json!([]), &Value::Null));
        assert_eq!(left["affiliations"]["nodes"], json!([{ "title": null }, { "title": null }, { "title": null }]));
    });
}

#[test]
fn nothing_of_rows_that_are_older_than_the_history_is_told_either() {
    with_fixture(async |service, fixture| {
        known_everywhere_by_name(&service, &fixture).await;
        let forget =
            "ALTER TABLE change DISABLE TRIGGER USER; DELETE FROM change; ALTER TABLE change ENABLE TRIGGER USER";
        service.db.execute_unprepared(forget).await.expect("a database from before there was a history");
        erase(&service).await;
        assert_eq!(told(&service).await, [""; 0]);
    });
}

/// What is counted of the fixture, and whether the team is ready.
async fn counts(service: &Service) -> [Value; 2] {
    let document = "query($team: ID!, $session: ID!) { participation(groupBy: [CONVENING, YEAR]) { teams districts }
        people { totalCount } team(id: $team) { memberCount readiness { isReady missingSeats problems } }
        session(id: $session) { speakers { role position organization { slug } } } }";
    let ids = json!({ "team": global_id("Team", key(15).parse().expect("a key")),
        "session": global_id("Session", key(17).parse().expect("a key")) });
    let staff = service.as_role(Role::Staff).ask_with(document, &ids).await.data();
    [staff, service.ask("{ participation(groupBy: []) { teams districts } people { totalCount } }").await.data()]
}

#[test]
fn what_is_counted_stays() {
    with_fixture(async |service, fixture| {
        known_everywhere_by_name(&service, &fixture).await;
        // Not by being marked, but by nothing else than by what stays is the person counted.
        sql(&service, "UPDATE person SET is_public = false WHERE id = #50").await;
        let rule = fixture.find("Convening", "draft").key;
        sql(
            &service,
            &format!(
                "UPDATE convening SET composition_rule_id = (SELECT composition_rule_id FROM convening WHERE id = '{rule}') WHERE id = #90"
            ),
        )
        .await;
        let before = counts(&service).await;
        let problem = "Held by somebody whose affiliation has ended: superintendent.";
        assert_eq!(before[0]["team"]["readiness"]["problems"], json!([problem]), "the fixture has something to lose");
        erase(&service).await;
        assert_eq!(counts(&service).await, before);
    });
}

#[test]
fn history_says_who_erased_when_and_why_and_keeps_its_entries() {
    with_fixture(async |service, fixture| {
        known_everywhere_by_name(&service, &fixture).await;
        let entries = "SELECT concat_ws(' ', id, number, recorded_at, action, table_name, row_id, origin) AS text FROM change ORDER BY 1";
        let before = texts(&service.db, entries).await;
        let left = erase(&service).await;
        let after = texts(&service.db, entries).await;
        assert!(before.iter().all(|entry| after.contains(entry)), "no entry is lost");
        let document =
            "query($id: ID!) { node(id: $id) { ... on Person { merges { nodes { goneName goneSlug reason } } history {
            nodes { action part origin reason changes { field before after } } } } } }";
        let node = service.as_role(Role::Auditor).ask_with(document, &json!({ "id": left["id"] })).await.at("/node");
        let erased = json!({ "action": "ERASED", "part": "person", "origin": "ACCOUNT", "reason": "Request 17 of May 8.", "changes": [] });
        let nodes = node["history"]["nodes"].as_array().expect("entries");
        assert_eq!(nodes[0], erased);
        assert!(nodes[1..].iter().all(|entry| entry["reason"].is_null() && entry["changes"] == json!([])));
        let merges = json!([{ "goneName": "Name withheld", "goneSlug": null, "reason": null }]);
        assert_eq!(node["merges"]["nodes"], merges);
        // History is closed again, in this and in every transaction.
        let rewriting =
            sea_orm::ConnectionTrait::execute_unprepared(&service.db, "UPDATE change SET reason = NULL").await;
        assert!(rewriting.is_err());
    });
}

#[test]
fn whoever_asks_by_what_the_person_was_known_by_finds_nothing_of_it() {
    with_fixture(async |service, fixture| {
        known_everywhere_by_name(&service, &fixture).await;
        let left = erase(&service).await;
        let admin = service.as_role(Role::Admin);
        for slug in ["zebulon-quixwood", "zebulon-quixwood-ii", "zebbie-marrow"] {
            let document =
                "query($slug: String!) { person(by: {slug: $slug}) { id } search(query: $slug) { totalCount } }";
            let answer = admin.ask_with(document, &json!({ "slug": slug })).await;
            assert_eq!(answer.data(), json!({ "person": null, "search": { "totalCount": 0 } }));
        }
        // Old ids, which tell nothing, lead to what is left.
        let old = global_id("Person", key(51).parse().expect("a key"));
        let answer = admin
            .ask_with("query($id: ID!) { node(id: $id) { ... on Person { id name } } }", &json!({ "id": old }))
            .await;
        assert_eq!(answer.at("/node"), json!({ "id": left["id"], "name": "Name withheld" }));
        let seen = service.ask_with("query($id: ID!) { node(id: $id) { id } }", &json!({ "id": left["id"] })).await;
        assert_eq!(seen.at("/node"), Value::Null, "marked public no more");
    });
}

#[test]
fn no_undone_merge_brings_anything_back() {
    with_fixture(async |service, fixture| {
        known_everywhere_by_name(&service, &fixture).await;
        let staff = service.as_role(Role::Staff);
        let merges = async |typename: &str, slug: &str| {
            let (id, _) = read(&service, typename, slug).await;
            let document = format!(
                "query($id: ID!) {{ node(id: $id) {{ ... on {typename} {{ merges {{ nodes {{ id }} }} }} }} }}"
            );
            staff.ask_with(&document, &json!({ "id": id })).await.at("/node/merges/nodes/0/id")
        };
        let people = merges("Person", "zebulon-quixwood-ii").await;
        let organizations = merges("Organization", "south").await;
        erase(&service).await;
        assert_eq!(undo(&staff, &people).await, ["[\"id\"] | CONFLICT"]);
        assert_eq!(undo(&staff, &organizations).await, [""; 0]);
        assert_eq!(told(&service).await, [""; 0]);
    });
}

#[test]
fn a_merge_that_was_undone_keeps_nothing_to_erase() {
    with_fixture(async |service, fixture| {
        known_everywhere_by_name(&service, &fixture).await;
        let staff = service.as_role(Role::Staff);
        let merged = merge(&staff, "Person", "marked", "zebulon-quixwood-ii").await;
        assert_eq!(undo(&staff, &merged["merges"]["nodes"][0]["id"]).await, [""; 0]);
        erase(&service).await;
        assert_eq!(told(&service).await, [""; 0]);
    });
}

#[test]
fn a_reason_that_names_the_person_is_refused() {
    with_fixture(async |service, fixture| {
        known_everywhere_by_name(&service, &fixture).await;
        let admin = service.as_role(Role::Admin);
        let before = contents(&service.db).await;
        let person = || read(&service, "Person", "zebulon-quixwood-ii");
        for reason in [
            "Mail from Zebulon Quixwood II.",
            "zebulon-quixwood",
            "as ZEBBIE  MARROW asks",
            "Mail from zeb@example.org",
            "called: 555 0199",
        ] {
            let answer = ask_to_erase(&admin, person().await, reason).await;
            assert_eq!(refusals(&answer), ["[\"reason\"] | INVALID"], "{reason}");
        }
        assert_eq!(refusals(&ask_to_erase(&admin, person().await, " ").await), ["[\"reason\"] | REQUIRED"]);
        let (id, _) = person().await;
        assert_eq!(refusals(&ask_to_erase(&admin, (id, 1), "Request 17.").await), ["[\"version\"] | STALE_VERSION"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn only_administrators_erase() {
    with_fixture(async |service, fixture| {
        known_everywhere_by_name(&service, &fixture).await;
        let person = read(&service, "Person", "zebulon-quixwood-ii").await;
        let before = contents(&service.db).await;
        let refused = async |service: &Service| ask_to_erase(service, person.clone(), "Request 17.").await.codes();
        assert_eq!(refused(&service).await, ["UNAUTHENTICATED"]);
        for role in [Role::Partner, Role::TeamLead, Role::Organizer, Role::Evaluator, Role::Staff, Role::Auditor] {
            assert_eq!(refused(&service.as_role(role)).await, ["FORBIDDEN"], "{role:?}");
        }
        let scope = Scope::Organization(fixture.key("Organization", "south"));
        let admin_of_one = service.as_grants(vec![Grant::new(Role::Admin, scope)]);
        assert_eq!(refused(&admin_of_one).await, ["FORBIDDEN"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn an_erasure_and_a_merge_at_once_leave_nothing_behind() {
    with_fixture(async |service, fixture| {
        known_everywhere_by_name(&service, &fixture).await;
        let (admin, staff) = (service.as_role(Role::Admin), service.as_role(Role::Staff));
        let person = read(&service, "Person", "zebulon-quixwood-ii").await;
        let input = two(&service, "Person", "zebulon-quixwood-ii", "chair").await;
        let (erased, merged) =
            tokio::join!(ask_to_erase(&admin, person, "Request 17."), ask_to_merge(&staff, "Person", &input));
        let merged = crate::merging::refusals(&merged, "Person");
        // Whoever comes second has read what is no longer so.
        if refusals(&erased).is_empty() {
            assert_eq!(merged, ["[\"keepVersion\"] | STALE_VERSION"]);
        } else {
            assert_eq!((refusals(&erased), merged), (vec!["[\"version\"] | STALE_VERSION".to_owned()], Vec::new()));
            erase(&service).await;
        }
        assert_eq!(told(&service).await, [""; 0]);
    });
}

#[test]
fn every_table_that_refers_to_a_person_is_decided_on() {
    with_fixture(async |service, _| {
        let referring = "SELECT from_table || '.' || from_column AS text FROM references_to('person') ORDER BY 1";
        // A new one here must be looked at in `withhold_rows`, and its column be called so for history to find it.
        let decided = [
            "affiliation.person_id",
            "person_contact.person_id",
            "released_speaker.person_id",
            "speaker.person_id",
            "team_member.person_id",
        ];
        assert_eq!(texts(&service.db, referring).await, decided);
    });
}
