//! What is wrong with an agenda, as those who work on it are told.

use crate::agenda::{Agendas, act, done, refusals};
use crate::expectations::viewers;
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Service, line, with_empty, with_fixture};

const DOCUMENT: &str = "{ convening(by: {slug: \"fair\"}) { agendaWarnings { kind severity message
    sessions { slug convening { slug } } slots { startsAt session { title } } room { name capacity } person { name } } } }";

async fn warnings(service: &Service) -> Vec<Value> {
    let warnings = service.ask(DOCUMENT).await.at("/convening/agendaWarnings");
    warnings.as_array().expect("warnings").clone()
}

#[test]
fn an_agenda_is_looked_at_as_it_is_worked_on_and_as_a_whole() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let told: Vec<String> = warnings(&agendas.staff)
            .await
            .iter()
            .map(|each| line(each, &["/kind", "/severity", "/sessions/0/slug"]))
            .collect();
        assert_eq!(told, ["SESSION_WITHOUT_TIME | WARNING | opening", "SESSION_WITHOUT_TIME | WARNING | workshop"]);
        agendas.panelist("fair/opening", "ada-example").await;
        agendas.panelist("fair/workshop", "ada-example").await;
        agendas.panelist("forum/talk", "ada-example").await;
        let hall = agendas.room("fair", "Hall", Some(30)).await;
        let (from, until) = ("2027-03-13T09:00:00-08:00", "2027-03-13T10:00:00-08:00");
        let first =
            json!({ "sessionId": agendas.id("fair/opening"), "roomId": hall["id"], "startsAt": from, "endsAt": until });
        done(&agendas.staff, "scheduleSession", &json!({ "input": first })).await;
        let force = json!({ "reason": "Only for the welcome." });
        for session in ["fair/workshop", "forum/talk"] {
            let input = json!({ "sessionId": agendas.id(session), "startsAt": from, "endsAt": until });
            let refused = act(&agendas.staff, "scheduleSession", &json!({ "input": input })).await;
            assert_eq!(refusals(&refused, "scheduleSession"), ["startsAt | CONFLICT"]);
            let mut input = input;
            input["force"] = force.clone();
            done(&agendas.staff, "scheduleSession", &json!({ "input": input })).await;
        }
        let told = warnings(&agendas.staff).await;
        let kinds: Vec<&str> = told.iter().filter_map(|each| each["kind"].as_str()).collect();
        assert_eq!(kinds, ["SPEAKER_TWICE", "SPEAKER_ELSEWHERE", "SPEAKER_ELSEWHERE", "SLOT_WITHOUT_ROOM"]);
        let twice = json!({ "kind": "SPEAKER_TWICE", "severity": "CONFLICT",
            "message": "Ada Example speaks in “Opening” and in “Workshop” at the same time. Move one of them, or ask somebody else.",
            "sessions": [{ "slug": "opening", "convening": { "slug": "fair" } }, { "slug": "workshop", "convening": { "slug": "fair" } }],
            "slots": [{ "startsAt": "2027-03-13T17:00:00+00:00", "session": { "title": "Opening" } },
            { "startsAt": "2027-03-13T17:00:00+00:00", "session": { "title": "Workshop" } }],
            "room": null, "person": { "name": "Ada Example" } });
        assert_eq!(told[0], twice);
        let elsewhere = told[1].to_string();
        assert!(!elsewhere.contains("Forum") && !elsewhere.contains("talk"), "not where: {elsewhere}");
    });
}

#[test]
fn the_number_of_statements_does_not_follow_from_the_agenda() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let all = "{ convenings { nodes { agendaWarnings { kind sessions { title } slots { id } room { id } person { id } } } } }";
        let (_, before) = agendas.staff.counted(all, &json!({})).await;
        for number in 0..5 {
            let new =
                json!({ "conveningId": agendas.id("fair"), "title": format!("Session {number}"), "format": "PANEL" });
            done(&agendas.staff, "createSession", &json!({ "input": new })).await;
        }
        let (answer, after) = agendas.staff.counted(all, &json!({})).await;
        answer.data();
        assert_eq!(after, before);
    });
}

#[test]
fn they_are_for_those_who_see_the_agenda_as_it_is_worked_on() {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            let document = "{ convenings { nodes { slug agendaWarnings { kind } agendaChangedSinceRelease agendaChanges { from } } } }";
            let answer = viewer.service(&service).ask(document).await;
            for convening in answer.at("/convenings/nodes").as_array().expect("convenings") {
                let slug = convening["slug"].as_str().expect("a slug");
                let works = viewer.works_on(slug);
                assert_eq!(convening["agendaWarnings"].is_array(), works, "{}: {slug}", viewer.name);
                assert_eq!(convening["agendaChangedSinceRelease"].is_boolean(), works, "{}: {slug}", viewer.name);
                if !works {
                    assert_eq!(convening["agendaChanges"], Value::Null, "{}: {slug}", viewer.name);
                }
            }
        }
        let document = "{ convenings { nodes { agendaChanges { from changes { action title } } } } }";
        let told = service.as_role(Role::Staff).ask(document).await.at("/convenings/nodes").to_string();
        assert!(told.contains("struck-of-programme") && told.contains("unreleased-of-programme"), "{told}");
    });
}
