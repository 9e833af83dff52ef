//! What many do to agendas at one time: whatever the order, no room is taken twice, nobody speaks twice, nothing is lost,
//! and nobody is told to try again.

use crate::agenda::{Agendas, act, change, done, refusals};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{Service, texts, with_empty};

const FROM: &str = "2027-03-13T09:00:00-08:00";
const UNTIL: &str = "2027-03-13T10:00:00-08:00";

/// Mutations made at once, each with its variables: what stood in the way of each.
async fn at_once(service: &Service, acts: Vec<(&'static str, Value)>) -> Vec<Vec<String>> {
    let begun: Vec<_> = acts
        .into_iter()
        .map(|(name, variables)| {
            let service = service.clone();
            tokio::spawn(async move { refusals(&act(&service, name, &variables).await, name) })
        })
        .collect();
    let mut ended = Vec::new();
    for act in begun {
        ended.push(act.await.expect("an answer"));
    }
    ended
}

/// Exactly one was made, and all others were refused for this.
fn assert_one(ended: &[Vec<String>], refusal: &str) {
    let made = ended.iter().filter(|refusals| refusals.is_empty()).count();
    let refused = ended.iter().filter(|refusals| *refusals == &[refusal]).count();
    assert_eq!((made, refused), (1, ended.len() - 1), "{ended:?}");
}

/// Sessions on the agendas of the fair and the forum by turns.
async fn sessions(agendas: &Agendas, count: usize) -> Vec<Value> {
    let mut sessions = Vec::new();
    for number in 0..count {
        let convening = agendas.id(["fair", "forum"][number % 2]);
        let input = json!({ "conveningId": convening, "title": format!("Session {number}"), "format": "PANEL" });
        sessions.push(done(&agendas.staff, "createSession", &json!({ "input": input })).await["id"].clone());
    }
    sessions
}

fn slot(session: &Value) -> Value {
    json!({ "input": { "sessionId": session, "startsAt": FROM, "endsAt": UNTIL } })
}

fn speaker(session: &Value, person: &Value) -> Value {
    json!({ "input": { "sessionId": session, "role": "SPEAKER", "personId": person } })
}

#[test]
fn of_fifty_who_want_one_room_at_one_time_one_has_it() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let hall = agendas.room("fair", "Hall", None).await["id"].clone();
        let wanted = |number: usize| {
            // Every other begins half an hour later, and would still be in the way.
            let (from, until) = if number.is_multiple_of(2) {
                (FROM, UNTIL)
            } else {
                ("2027-03-13T09:30:00-08:00", "2027-03-13T10:30:00-08:00")
            };
            let session = agendas.id(["fair/opening", "fair/workshop"][number % 2]);
            let input = json!({ "sessionId": session, "startsAt": from, "endsAt": until, "roomId": hall });
            ("scheduleSession", json!({ "input": input }))
        };
        assert_one(&at_once(&agendas.staff, (0..50).map(wanted).collect()).await, "roomId | CONFLICT");
    });
}

#[test]
fn of_fifty_sessions_that_one_person_would_speak_in_at_one_time_one_is_then() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let sessions = sessions(&agendas, 50).await;
        for session in &sessions {
            done(&agendas.staff, "addSpeaker", &speaker(session, &agendas.id("ada-example"))).await;
        }
        let slots = sessions.iter().map(|session| ("scheduleSession", slot(session))).collect();
        assert_one(&at_once(&agendas.staff, slots).await, "startsAt | CONFLICT");
    });
}

#[test]
fn of_fifty_sessions_at_one_time_a_person_comes_to_speak_in_one() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let sessions = sessions(&agendas, 50).await;
        for session in &sessions {
            done(&agendas.staff, "scheduleSession", &slot(session)).await;
        }
        let ada = agendas.id("ada-example");
        let speakers = sessions.iter().map(|session| ("addSpeaker", speaker(session, &ada))).collect();
        assert_one(&at_once(&agendas.staff, speakers).await, "personId | CONFLICT");
    });
}

#[test]
fn a_speaker_who_is_added_and_a_slot_that_is_moved_do_not_come_to_clash() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let staff = &agendas.staff;
        let ada = agendas.id("ada-example");
        // The one is on another agenda than the other, or on the same: the first and third are the fair's.
        for (place, other) in [1, 2].repeat(10).into_iter().enumerate() {
            let sessions = sessions(&agendas, 3).await;
            done(staff, "addSpeaker", &speaker(&sessions[0], &ada)).await;
            done(staff, "scheduleSession", &slot(&sessions[other])).await;
            let later = json!({ "input": { "sessionId": sessions[0], "startsAt": "2027-03-13T10:00:00-08:00",
                "endsAt": "2027-03-13T11:00:00-08:00" } });
            let moved = done(staff, "scheduleSession", &later).await;
            let earlier = change(&moved, &json!({ "startsAt": "2027-03-13T09:59:00-08:00" }));
            let mut acts = vec![("addSpeaker", speaker(&sessions[other], &ada)), ("rescheduleSlot", earlier)];
            if place.is_multiple_of(3) {
                acts.reverse();
            }
            let ended = at_once(staff, acts).await;
            assert_eq!(ended.iter().filter(|refusals| refusals.is_empty()).count(), 1, "{ended:?}");
            let clash = ["personId | CONFLICT", "startsAt | CONFLICT"];
            assert!(ended.iter().flatten().all(|refusal| clash.contains(&refusal.as_str())), "{ended:?}");
            for session in &sessions {
                done(staff, "deleteSession", &json!({ "id": session, "version": 1 })).await;
            }
        }
    });
}

#[test]
fn people_who_speak_together_here_and_there_are_waited_for_in_turn() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let sessions = sessions(&agendas, 20).await;
        for (number, session) in sessions.iter().enumerate() {
            let mut people = ["ada-example", "ben-sample"];
            people.rotate_left(number % 2);
            for person in people {
                done(&agendas.staff, "addSpeaker", &speaker(session, &agendas.id(person))).await;
            }
        }
        let slots = sessions.iter().map(|session| ("scheduleSession", slot(session))).collect();
        let ended = at_once(&agendas.staff, slots).await;
        let both = ["startsAt | CONFLICT", "startsAt | CONFLICT"];
        let refused = ended.iter().filter(|refusals| *refusals == &both).count();
        assert_eq!((ended.iter().filter(|refusals| refusals.is_empty()).count(), refused), (1, 19), "{ended:?}");
    });
}

#[test]
fn a_room_that_shrinks_and_a_slot_that_grows_do_not_pass_one_another() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let staff = &agendas.staff;
        for number in 0..20 {
            let room = agendas.room("fair", &format!("Room {number}"), Some(90)).await;
            let input = json!({ "sessionId": agendas.id("fair/opening"), "roomId": room["id"], "capacity": 20 });
            let slot = done(staff, "scheduleSession", &json!({ "input": input })).await;
            let mut acts = vec![
                ("updateRoom", change(&room, &json!({ "capacity": 30 }))),
                ("rescheduleSlot", change(&slot, &json!({ "capacity": 40 }))),
            ];
            acts.rotate_left(number % 2);
            assert_one(&at_once(staff, acts).await, "capacity | CAPACITY_EXCEEDED");
        }
    });
}

#[test]
fn sessions_of_one_title_that_are_added_at_once_all_come_to_be() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let input = json!({ "input": { "conveningId": agendas.id("forum"), "title": "Lunch", "format": "BREAK" } });
        let ended = at_once(&agendas.staff, vec![("createSession", input); 50]).await;
        assert_eq!(ended, vec![Vec::<String>::new(); 50]);
        let slugs = texts(&service.db, "SELECT slug AS text FROM session WHERE title = 'Lunch'").await;
        assert_eq!(slugs.iter().collect::<BTreeSet<_>>().len(), 50);
    });
}

#[test]
fn speakers_who_are_added_at_once_each_have_a_place_and_an_order_loses_none() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let staff = &agendas.staff;
        let session = agendas.id("forum/talk");
        let body = json!({ "input": { "sessionId": session, "role": "PANELIST", "organizationId": agendas.id("alder-teachers") } });
        assert_eq!(at_once(staff, vec![("addSpeaker", body.clone()); 20]).await, vec![Vec::<String>::new(); 20]);
        let document = "query ($id: ID!) { session(id: $id) { version speakers { id version position } } }";
        let answer = staff.ask_with(document, &json!({ "id": session })).await;
        assert_eq!(answer.each("/session/speakers", "/position"), (1..=20).map(Value::from).collect::<Vec<_>>());
        let mut ids = answer.each("/session/speakers", "/id");
        ids.reverse();
        let order = json!({ "sessionId": session, "version": 1, "role": "PANELIST", "speakerIds": ids });
        let first = json!({ "id": ids[0], "version": 1 });
        let acts = vec![("reorderSpeakers", order), ("addSpeaker", body), ("removeSpeaker", first)];
        let ended = at_once(staff, acts).await;
        assert_eq!(ended[1], Vec::<String>::new(), "one more is always possible");
        // Whoever came second was told that there is somebody else, or that it has changed.
        assert!(ended[0].is_empty() || ended[0] == ["speakerIds | INVALID"], "{ended:?}");
        assert!(ended[2].is_empty() || ended[2] == ["version | STALE_VERSION"], "{ended:?}");
        let left = staff.ask_with(document, &json!({ "id": session })).await;
        let places: BTreeSet<String> =
            left.each("/session/speakers", "/position").iter().map(Value::to_string).collect();
        assert_eq!(places.len(), if ended[2].is_empty() { 20 } else { 21 }, "each has a place of its own");
    });
}

#[test]
fn two_who_relate_the_same_sessions_from_either_side_relate_them_once() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let (opening, talk) = (agendas.id("fair/opening"), agendas.id("forum/talk"));
        for _ in 0..10 {
            let pair = |one: &Value, other: &Value| ("relateSessions", json!({ "id": one, "relatedId": other }));
            let ended = at_once(&agendas.staff, vec![pair(&opening, &talk), pair(&talk, &opening)]).await;
            assert_one(&ended, "relatedId | TAKEN");
            done(&agendas.staff, "unrelateSessions", &json!({ "id": talk, "relatedId": opening })).await;
        }
    });
}
