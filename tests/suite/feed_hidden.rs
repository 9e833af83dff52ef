//! What is hidden from somebody is not in their feed, not by a number, and not any more once it is hidden again.

use crate::changes::{beginning, end, page, since, told};
use crate::feed_mirror::act;
use crate::leaks::assert_hides;
use crate::walk::nodes;
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{Service, with_fixture};

const CONVENE: &str =
    "mutation { createConvening(input: {title: \"Hidden forum\", kind: INSTITUTE, startsOn: \"2027-03-01\",
    endsOn: \"2027-03-02\"}) { convening { id } userErrors { message } } }";
const ADD_SESSION: &str =
    "mutation ($id: ID!, $title: String!) { createSession(input: {conveningId: $id, title: $title,
    format: PLENARY}) { session { id } userErrors { message } } }";
const ADD_SPEAKER: &str = "mutation ($id: ID!, $person: ID!) { addSpeaker(input: {sessionId: $id, role: SPEAKER,
    personId: $person}) { speaker { id } userErrors { message } } }";

/// Makes a convening with sessions and somebody who speaks, all of it a draft.
async fn draft(staff: &Service) -> Value {
    let convening = staff.ask(CONVENE).await.at("/createConvening/convening/id");
    let made = "mutation { createPerson(input: {name: \"Nobody Hidden\"}) { person { id } userErrors { message } } }";
    let person = staff.ask(made).await.at("/createPerson/person/id");
    for title in ["One", "Two", "Three"] {
        let session = staff.ask_with(ADD_SESSION, &json!({ "id": convening, "title": title })).await;
        let speaker = json!({ "id": session.at("/createSession/session/id"), "person": person });
        staff.ask_with(ADD_SPEAKER, &speaker).await.at("/addSpeaker/speaker/id");
    }
    convening
}

#[test]
fn a_draft_lives_and_goes_without_a_change_for_those_who_may_not_know_of_it() {
    with_fixture(async |service, _| {
        let staff = service.as_role(Role::Staff);
        let public_end = end(&service).await;
        let staff_end = end(&staff).await;
        let (all, _) = beginning(&service).await;
        let convening = draft(&staff).await;
        let id = convening.as_str().expect("an id");
        assert!(act(&staff, "updateConvening(id: $id, version: $version, input: {description: $text})", id, "x").await);
        assert!(act(&staff, "cancelConvening(id: $id, version: $version, reason: \"Rain.\")", id, "x").await);
        let (told_to_staff, _) = since(&staff, &staff_end).await;
        assert!(told_to_staff.len() >= 9, "{:?}", told(&told_to_staff));
        let (told_to_all, after) = since(&service, &public_end).await;
        assert!(told_to_all.is_empty(), "{:?}", told(&told_to_all));
        assert_eq!(after, public_end, "no cursor tells that there was something");
        let answer = page(&service, &json!({ "after": public_end })).await;
        assert_eq!(answer.at("/changes/totalCount"), 0);
        assert_eq!(beginning(&service).await.0, all, "nor does what there is");
    });
}

#[test]
fn what_is_announced_is_told_and_what_is_taken_back_is_told_to_be_gone() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let draft = fixture.find("Convening", "draft").id.as_str();
        let before = end(&service).await;
        assert!(act(&staff, "announceConvening(id: $id, version: $version)", draft, "").await);
        let (announced, after) = since(&service, &before).await;
        let lines = told(&announced);
        assert!(announced.iter().all(|change| change["action"] == "CREATED"), "{lines:?}");
        for expected in ["CREATED | Convening", "CREATED | Sponsorship", "CREATED | Delegation", "CREATED | Metric"] {
            assert!(lines.contains(&expected.to_owned()), "{expected}: {lines:?}");
        }
        assert_eq!(lines[0], "CREATED | Convening", "what is referred to comes first");
        assert!(!lines.contains(&"CREATED | Session".to_owned()), "its agenda is not published: {lines:?}");

        assert!(act(&staff, "retractConvening(id: $id, version: $version)", draft, "").await);
        // Whoever had not heard of it is not told of it any more.
        let (late, _) = since(&service, &before).await;
        assert!(late.iter().all(|change| change["action"] == "DELETED" && change["node"].is_null()), "{late:?}");
        let (gone, _) = since(&service, &after).await;
        let ids =
            |changes: &[Value]| changes.iter().map(|change| change["nodeId"].to_string()).collect::<BTreeSet<_>>();
        assert_eq!(ids(&gone), ids(&announced), "all of it is gone");
        assert_eq!(
            told(&gone).last().map(String::as_str),
            Some("DELETED | Convening"),
            "what is referred to goes last"
        );
        let id = announced[0]["id"].as_str().expect("an id");
        let change = nodes(&service, &[id], "... on Change { nodeId }").await;
        assert_eq!(change, [Value::Null], "nor by the change's own id");
    });
}

#[test]
fn each_is_told_what_they_see_and_nothing_else() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let viewers = crate::expectations::viewers(&fixture);
        let mut places = Vec::new();
        for viewer in &viewers {
            places.push(end(&viewer.service(&service)).await);
        }
        for row in &fixture.rows {
            let call = match row.typename {
                "Team" => "updateTeam(id: $id, version: $version, input: {statement: $text})",
                "Session" => "updateSession(id: $id, version: $version, input: {abstract: $text})",
                "TeamMember" => "checkInMember(id: $id)",
                "Person" => "updatePerson(id: $id, version: $version, input: {biography: $text})",
                _ => continue,
            };
            act(&staff, call, &row.id, "something else").await;
        }
        for (viewer, place) in viewers.iter().zip(places) {
            let asked = viewer.service(&service);
            let (changes, _) = since(&asked, &place).await;
            assert_hides(viewer, &fixture, &json!(changes).to_string(), "the feed of changes");
            let ids: Vec<&str> = changes.iter().filter_map(|change| change["nodeId"].as_str()).collect();
            assert!(nodes(&asked, &ids, "id").await.iter().all(|node| !node.is_null()), "{}", viewer.name);
        }
    });
}

#[test]
fn a_feed_is_its_audiences_alone() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let start = end(&staff).await;
        let draft = fixture.find("Session", "agenda-of-draft-1").id.as_str();
        end(&service).await;
        assert!(act(&staff, "updateSession(id: $id, version: $version, input: {abstract: $text})", draft, "x").await);
        let (changes, cursor) = since(&staff, &start).await;
        let id = changes[0]["id"].as_str().expect("an id");
        assert_eq!(nodes(&staff, &[id], "... on Change { nodeId node { id } }").await[0]["nodeId"], draft);
        let organizer = Grant::new(Role::Organizer, Scope::Convening(fixture.key("Convening", "draft")));
        for other in [service.clone(), service.as_grants(vec![organizer])] {
            end(&other).await;
            assert_eq!(nodes(&other, &[id], "id").await, [Value::Null], "a change is found in one's own feed only");
            let answer = page(&other, &json!({ "after": cursor })).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{}", answer.text);
            assert_eq!(answer.json()["errors"][0]["extensions"]["reason"], "CURSOR_EXPIRED");
            assert!(answer.messages().contains("from: BEGINNING"), "{}", answer.text);
        }
    });
}

#[test]
fn an_erased_person_is_told_to_be_changed_and_the_name_is_in_no_feed() {
    with_fixture(async |service, fixture| {
        let admin = service.as_role(Role::Admin);
        let person = fixture.find("Person", "agenda-of-completed-voice");
        let (start, of_admin) = (end(&service).await, end(&admin).await);
        let erase = "erasePerson(id: $id, version: $version, reason: \"They asked for it.\")";
        assert!(act(&admin, erase, &person.id, "").await);
        for (viewer, place) in [(&service, &start), (&admin, &of_admin)] {
            let (changes, _) = since(viewer, place).await;
            let about = changes.iter().filter(|change| change["nodeId"] == person.id.as_str());
            assert_eq!(about.count(), 1, "{:?}", told(&changes));
            assert!(!json!(changes).to_string().contains(&person.name));
        }
    });
}
