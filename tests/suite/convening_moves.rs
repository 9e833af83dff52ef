//! How convenings move from state to state, what becomes public by it, and who may move them.

use crate::expectations::viewers;
use lmi::auth::Role;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::fixtures::GATHERINGS;
use tests::{Answer, Service, contents, texts, with_empty, with_fixture};

/// The mutations, each with its word in `can`.
const MOVES: [(&str, &str); 9] = [
    ("announceConvening", "announce"),
    ("retractConvening", "retract"),
    ("openApplications", "open_applications"),
    ("closeApplications", "close_applications"),
    ("publishDecisions", "publish_decisions"),
    ("publishAgenda", "publish_agenda"),
    ("startConvening", "start"),
    ("completeConvening", "complete"),
    ("cancelConvening", "cancel"),
];

/// The gatherings of the fixture, none of which takes applications: the moves that each can make, and the states that
/// these lead to.
#[rustfmt::skip]
const LEGAL: [(&str, &[&str], &[&str]); 11] = [
    ("draft",     &["announce", "cancel"],                  &["ANNOUNCED", "CANCELLED"]),
    ("announced", &["retract", "publish_agenda", "cancel"], &["DRAFT", "AGENDA_PUBLISHED", "CANCELLED"]),
    ("applying",  &["close_applications", "cancel"],        &["APPLICATIONS_CLOSED", "CANCELLED"]),
    ("closed",    &["publish_decisions", "cancel"],         &["TEAMS_SELECTED", "CANCELLED"]),
    ("selected",  &["publish_decisions", "publish_agenda", "cancel"], &["AGENDA_PUBLISHED", "CANCELLED"]),
    ("decided",   &["publish_agenda", "cancel"],            &["AGENDA_PUBLISHED", "CANCELLED"]),
    ("programme", &["start", "cancel"],                     &["IN_PROGRESS", "CANCELLED"]),
    ("running",   &["publish_decisions", "complete", "cancel"], &["COMPLETED", "CANCELLED"]),
    ("completed", &[],                                      &[]),
    ("dropped",   &[],                                      &[]),
    ("cancelled", &[],                                      &[]),
];

async fn make(service: &Service, mutation: &str, id: &Value, version: i32) -> Answer {
    let reason = match mutation {
        "cancelConvening" => ", reason: \"The hall burnt down.\"",
        "publishDecisions" => ", answerDueAt: \"2027-01-01T00:00:00Z\"",
        _ => "",
    };
    let document = format!(
        "mutation ($id: ID!, $version: Int!) {{ {mutation}(id: $id, version: $version{reason}) {{
           convening {{ status version }} userErrors {{ field code allowed message }} }} }}"
    );
    service.ask_with(&document, &json!({ "id": id, "version": version })).await
}

/// The state after a move that was made.
async fn moved(service: &Service, mutation: &str, id: &Value, version: i32) -> String {
    let answer = make(service, mutation, id, version).await;
    assert_eq!(answer.at(&format!("/{mutation}/userErrors")), json!([]), "{mutation}");
    answer.at(&format!("/{mutation}/convening/status")).as_str().unwrap_or_default().to_owned()
}

fn refusals(answer: &Answer, mutation: &str) -> Vec<String> {
    answer.lines(&format!("/{mutation}/userErrors"), &["/field", "/code"])
}

async fn create(service: &Service, more: Value) -> Value {
    let mut input =
        json!({ "title": "Redwood Summit", "kind": "SUMMIT", "startsOn": "2027-03-01", "endsOn": "2027-03-02" });
    for (name, value) in more.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
    let document = "mutation ($input: CreateConveningInput!) { createConvening(input: $input) {
        convening { id } userErrors { field code message } } }";
    service.ask_with(document, &json!({ "input": input })).await.at("/createConvening/convening/id")
}

#[test]
fn a_convening_goes_its_whole_way_and_shows_as_much_as_it_has_come_to() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let window = json!({ "applicationsOpenAt": "2026-07-01T00:00:00-07:00", "applicationsCloseAt": "2026-08-01T00:00:00-07:00" });
        let id = create(&staff, window).await;
        let public = async || {
            let flags = texts(
                &service.db,
                "SELECT concat_ws(' ', announced, agenda_published, decisions_published) AS text FROM convening",
            )
            .await;
            let answer = service
                .ask_with("query ($id: ID!) { convening(by: {id: $id}) { status } }", &json!({ "id": id }))
                .await;
            format!(
                "{} | {}",
                answer.at("/convening").pointer("/status").and_then(Value::as_str).unwrap_or("hidden"),
                flags[0]
            )
        };
        assert_eq!(public().await, "hidden | f f f");
        let way = [
            ("announceConvening", "ANNOUNCED | t f f"),
            ("openApplications", "APPLICATIONS_OPEN | t f f"),
            ("closeApplications", "APPLICATIONS_CLOSED | t f f"),
        ];
        for (version, (mutation, expected)) in (1..).zip(way) {
            moved(&staff, mutation, &id, version).await;
            assert_eq!(public().await, expected, "{mutation}");
        }
        let select = "UPDATE convening SET status = 'teams_selected'";
        service.db.execute_unprepared(select).await.expect("teams selected");
        let way = [
            ("publishAgenda", "AGENDA_PUBLISHED | t t f"),
            ("startConvening", "IN_PROGRESS | t t f"),
            ("completeConvening", "COMPLETED | t t f"),
        ];
        for (version, (mutation, expected)) in (4..).zip(way) {
            moved(&staff, mutation, &id, version).await;
            assert_eq!(public().await, expected, "{mutation}");
        }
    });
}

#[test]
fn one_that_takes_no_applications_goes_from_its_announcement_to_its_agenda_and_back_to_a_draft() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let id = create(&staff, json!({})).await;
        assert_eq!(moved(&staff, "announceConvening", &id, 1).await, "ANNOUNCED");
        assert_eq!(moved(&staff, "retractConvening", &id, 2).await, "DRAFT");
        let seen =
            service.ask_with("query ($id: ID!) { convening(by: {id: $id}) { status } }", &json!({ "id": id })).await;
        assert_eq!(seen.at("/convening"), Value::Null, "a draft is nobody's to see");
        assert_eq!(moved(&staff, "announceConvening", &id, 3).await, "ANNOUNCED");
        assert_eq!(moved(&staff, "publishAgenda", &id, 4).await, "AGENDA_PUBLISHED");
    });
}

#[test]
fn every_other_move_is_refused_and_names_the_states_that_can_be_reached() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let before = contents(&service.db).await;
        for (gathering, legal, states) in LEGAL {
            let id = json!(fixture.find("Convening", gathering).id);
            for (mutation, word) in MOVES {
                // Without a window, opening applications asks for one.
                if legal.contains(&word) || (gathering, word) == ("announced", "open_applications") {
                    continue;
                }
                let answer = make(&staff, mutation, &id, 1).await;
                let errors = answer.at(&format!("/{mutation}/userErrors"));
                assert_eq!(errors[0]["code"], "ILLEGAL_TRANSITION", "{gathering} {mutation}");
                assert_eq!(errors[0]["allowed"], json!(states), "{gathering} {mutation}");
                assert_eq!(answer.at(&format!("/{mutation}/convening")), Value::Null);
            }
        }
        assert!(contents(&service.db).await == before, "a move that is refused writes nothing");
    });
}

#[test]
fn what_can_be_done_names_the_moves_that_can_be_made() {
    with_fixture(async |service, fixture| {
        let can = async |service: &Service, gathering: &str| {
            let id = &fixture.find("Convening", gathering).id;
            let answer =
                service.ask_with("query ($id: ID!) { convening(by: {id: $id}) { can } }", &json!({ "id": id })).await;
            answer.at("/convening/can")
        };
        let staff = service.as_role(Role::Staff);
        for (gathering, legal, _) in LEGAL {
            let words: Vec<&str> = ["update", "delete"].iter().chain(legal).copied().collect();
            assert_eq!(can(&staff, gathering).await, json!(words), "{gathering}");
        }
        for role in [Role::Auditor, Role::Evaluator, Role::Partner] {
            assert_eq!(can(&service.as_role(role), "announced").await, json!([]), "{role:?}");
        }
        assert_eq!(can(&service, "announced").await, json!([]));
    });
}

/// The code of a refusal before the input was looked at, or of the first fault in it.
fn outcome(answer: &Answer, mutation: &str) -> String {
    match answer.codes().into_iter().next() {
        Some(code) => code,
        None => refusals(answer, mutation).into_iter().next().unwrap_or_default(),
    }
}

#[test]
fn only_those_whose_convening_it_is_can_move_it() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        for viewer in viewers(&fixture) {
            for gathering in GATHERINGS {
                let row = fixture.find("Convening", gathering.name);
                // A version that never was, so that nothing is moved; nobody is told so who may not change it.
                let expected = match (viewer.changes(gathering.name), viewer.sees(&row.parts)) {
                    (true, _) => "[\"version\"] | STALE_VERSION",
                    (false, true) => "FORBIDDEN",
                    (false, false) => "NOT_FOUND",
                };
                for (mutation, _) in MOVES {
                    let answer = make(&viewer.service(&service), mutation, &json!(row.id), 0).await;
                    assert_eq!(outcome(&answer, mutation), expected, "{}: {mutation} {}", viewer.name, gathering.name);
                }
            }
        }
        let announced = json!(fixture.find("Convening", "announced").id);
        let nobody = make(&service, "retractConvening", &announced, 0).await;
        assert_eq!(nobody.codes(), ["UNAUTHENTICATED"]);
        assert!(contents(&service.db).await == before, "nothing is written");
        let organizer = viewers(&fixture).into_iter().find(|viewer| viewer.name == "an organizer at an organization");
        let organizer = organizer.expect("an organizer").service(&service);
        let draft = json!(fixture.find("Convening", "draft").id);
        assert_eq!(moved(&organizer, "announceConvening", &draft, 1).await, "ANNOUNCED");
    });
}

/// Since when applications were to be taken.
const OPEN: (&str, &str) = ("applicationsOpenAt", "2026-05-01T00:00:00Z");
/// What is known of the time of applications, and what stands in the way of opening them.
type Window = (&'static [(&'static str, &'static str)], &'static [&'static str]);

#[test]
fn applications_are_opened_for_a_time_that_is_known_and_to_come() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let can = async |id: &Value| {
            let answer =
                staff.ask_with("query ($id: ID!) { convening(by: {id: $id}) { can } }", &json!({ "id": id })).await;
            answer.at("/convening/can").as_array().is_some_and(|can| can.contains(&json!("open_applications")))
        };
        // It is noon of the first of June.
        let cases: [Window; 4] = [
            (&[], &["[\"applicationsOpenAt\"] | REQUIRED", "[\"applicationsCloseAt\"] | REQUIRED"]),
            (&[OPEN], &["[\"applicationsCloseAt\"] | REQUIRED"]),
            (&[OPEN, ("applicationsCloseAt", "2026-06-01T12:00:00Z")], &["[\"applicationsCloseAt\"] | INVALID"]),
            (&[OPEN, ("applicationsCloseAt", "2026-06-01T12:00:01Z")], &[]),
        ];
        for (window, expected) in cases {
            let window: serde_json::Map<_, _> =
                window.iter().map(|(name, at)| ((*name).to_owned(), json!(at))).collect();
            let id = create(&staff, Value::Object(window)).await;
            moved(&staff, "announceConvening", &id, 1).await;
            assert_eq!(can(&id).await, expected.is_empty());
            assert_eq!(refusals(&make(&staff, "openApplications", &id, 2).await, "openApplications"), expected);
        }
    });
}

#[test]
fn a_cancellation_has_its_reason_in_the_history_and_shows_no_more_than_was_public() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        for (gathering, shown) in
            [("draft", Value::Null), ("programme", json!({ "status": "CANCELLED", "sessions": { "totalCount": 3 } }))]
        {
            let id = json!(fixture.find("Convening", gathering).id);
            let blank = "mutation ($id: ID!) { cancelConvening(id: $id, version: 1, reason: \" \") { userErrors { field code } } }";
            let blank = staff.ask_with(blank, &json!({ "id": id })).await;
            assert_eq!(refusals(&blank, "cancelConvening"), ["[\"reason\"] | REQUIRED"]);
            assert_eq!(moved(&staff, "cancelConvening", &id, 1).await, "CANCELLED");
            let document = "query ($id: ID!) { convening(by: {id: $id}) { status sessions { totalCount } } }";
            assert_eq!(service.ask_with(document, &json!({ "id": id })).await.at("/convening"), shown, "{gathering}");
            let history = "query ($id: ID!) { convening(by: {id: $id}) { history(first: 1) { nodes { reason changes { field before after } } } } }";
            let entry = staff.ask_with(history, &json!({ "id": id })).await.at("/convening/history/nodes/0");
            assert_eq!(entry["reason"], "The hall burnt down.");
            assert_eq!(entry["changes"][0]["after"], "cancelled");
            assert_eq!(entry["changes"].as_array().map(Vec::len), Some(1), "{entry}");
        }
    });
}

#[test]
fn of_many_moves_at_once_one_is_made() {
    with_fixture(async |service, fixture| {
        let (staff, id) = (service.as_role(Role::Staff), json!(fixture.find("Convening", "draft").id));
        let announce = |_| {
            let (staff, id) = (staff.clone(), id.clone());
            tokio::spawn(async move { make(&staff, "announceConvening", &id, 1).await })
        };
        let moves: Vec<_> = (0..20).map(announce).collect();
        let mut made = Vec::new();
        for each in moves {
            made.extend(refusals(&each.await.expect("an answer"), "announceConvening"));
        }
        assert_eq!(made, vec!["[\"version\"] | STALE_VERSION"; 19]);
        let announced =
            "SELECT count(*)::text AS text FROM change WHERE table_name = 'convening' AND action = 'updated'";
        assert_eq!(texts(&service.db, announced).await, ["1"]);
    });
}
