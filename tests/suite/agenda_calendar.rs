//! A public agenda as a calendar, read by another program than the one that wrote it.

use crate::agenda::{Agendas, change, done};
use axum::http::StatusCode;
use icalendar::{Calendar, Component as _, Event, EventLike as _};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tests::{Answer, Service, with_empty};

const PATH: &str = "/convenings/fair/agenda.ics";

/// The events of a calendar, by their titles and where titles are alike by their beginnings.
async fn events(service: &Service) -> BTreeMap<String, Event> {
    let answer = service.get(PATH, "text/calendar").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let calendar = read(&answer.text);
    let events = calendar.events().map(|event| {
        let key = [event.get_summary().unwrap_or_default(), value(event, "DTSTART")].join(" ");
        (key.trim().to_owned(), event.clone())
    });
    events.collect()
}

/// The calendar, as the other program reads it. Lines are no longer than is allowed, and end as they must.
fn read(text: &str) -> Calendar {
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "a line of {} octets: {line:?}", line.len());
    }
    text.parse().unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn value<'a>(event: &'a Event, property: &str) -> &'a str {
    event.property_value(property).unwrap_or_default()
}

/// Releases the fair's agenda.
async fn release(agendas: &Agendas) {
    let version = agendas.staff.ask("{ convening(by: {slug: \"fair\"}) { version } }").await.at("/convening/version");
    let document = "mutation ($id: ID!, $version: Int!) {
        releaseAgenda(conveningId: $id, version: $version) { userErrors { message } } }";
    let answer = agendas.staff.ask_with(document, &json!({ "id": agendas.id("fair"), "version": version })).await;
    assert_eq!(answer.at("/releaseAgenda/userErrors"), json!([]));
}

/// Calls the fair off.
async fn cancel(agendas: &Agendas) {
    let version = agendas.staff.ask("{ convening(by: {slug: \"fair\"}) { version } }").await.at("/convening/version");
    let document = "mutation ($id: ID!, $version: Int!) {
        cancelConvening(id: $id, version: $version, reason: \"Storm.\") { userErrors { message } } }";
    let answer = agendas.staff.ask_with(document, &json!({ "id": agendas.id("fair"), "version": version })).await;
    assert_eq!(answer.at("/cancelConvening/userErrors"), json!([]));
}

/// A fair on which everything has its time: the opening on the day before the clocks go forward, the workshop in two
/// rounds, of which the second is on the day after.
async fn fair(service: &Service) -> Agendas {
    let agendas = Agendas::of(service).await;
    let hall = agendas.room("fair", "Hall; North, 1st floor", None).await["id"].clone();
    for (session, room, round, from, until) in [
        ("opening", json!(hall), Value::Null, "2027-03-13T09:00:00-08:00", "2027-03-13T10:00:00-08:00"),
        ("workshop", Value::Null, json!(1), "2027-03-13T11:00:00-08:00", "2027-03-13T12:00:00-08:00"),
        ("workshop", Value::Null, json!(2), "2027-03-14T11:00:00-07:00", "2027-03-14T12:00:00-07:00"),
    ] {
        let session = agendas.id(&format!("fair/{session}"));
        let input = json!({ "sessionId": session, "roomId": room, "round": round, "startsAt": from, "endsAt": until });
        done(&agendas.staff, "scheduleSession", &json!({ "input": input })).await;
    }
    agendas.panelist("fair/opening", "ada-example").await;
    release(&agendas).await;
    agendas
}

#[test]
fn each_time_of_a_session_is_an_event() {
    with_empty(async |service| {
        fair(&service).await;
        let events = events(&service).await;
        let keys: Vec<&str> = events.keys().map(String::as_str).collect();
        assert_eq!(keys, ["Opening 20270313T090000", "Workshop 20270313T110000", "Workshop 20270314T110000"]);
        let opening = &events["Opening 20270313T090000"];
        for (property, expected) in [
            ("DTEND", "20270313T100000"),
            ("LOCATION", "Hall; North, 1st floor"),
            ("STATUS", "CONFIRMED"),
            ("TRANSP", "OPAQUE"),
            ("DESCRIPTION", "Plenary\n\nPanelist: Ada Example, Treasurer"),
            ("URL", "https://lmi.example.org/convenings/fair/agenda#opening"),
        ] {
            assert_eq!(value(opening, property), expected, "{property}");
        }
        assert_eq!(opening.get_categories(), Some(vec!["Plenary".to_owned()]));
        for property in ["DTSTART", "DTEND"] {
            let zone = opening.properties()[property].params()["TZID"].value();
            assert_eq!(zone, "America/Los_Angeles", "the clocks are those of the place");
        }
        let uids: Vec<&str> = events.values().map(|event| value(event, "UID")).collect();
        assert!(uids.iter().all(|uid| uid.ends_with("@lmi.example.org")), "{uids:?}");
        assert_ne!(uids[1], uids[2], "each round is an event");
    });
}

#[test]
fn the_clocks_of_the_place_are_told() {
    with_empty(async |service| {
        fair(&service).await;
        let text = service.get(PATH, "text/calendar").await.text;
        let expected = "BEGIN:VTIMEZONE\r\nTZID:America/Los_Angeles\r\n\
            BEGIN:DAYLIGHT\r\nDTSTART:20260308T020000\r\nTZOFFSETFROM:-0800\r\nTZOFFSETTO:-0700\r\nTZNAME:PDT\r\nEND:DAYLIGHT\r\n\
            BEGIN:STANDARD\r\nDTSTART:20261101T020000\r\nTZOFFSETFROM:-0700\r\nTZOFFSETTO:-0800\r\nTZNAME:PST\r\nEND:STANDARD\r\n\
            BEGIN:DAYLIGHT\r\nDTSTART:20270314T020000\r\nTZOFFSETFROM:-0800\r\nTZOFFSETTO:-0700\r\nTZNAME:PDT\r\nEND:DAYLIGHT\r\n\
            END:VTIMEZONE\r\n";
        assert!(text.contains(expected), "{text}");
        for line in
            ["VERSION:2.0", "METHOD:PUBLISH", "NAME:Fair", "X-WR-CALNAME:Fair", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
        {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line}");
        }
    });
}

#[test]
fn a_session_with_a_day_alone_lasts_all_day() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        assert!(events(&service).await.is_empty(), "what has neither day nor time is no event");
        let session = json!({ "id": agendas.id("fair/opening"), "version": 1 });
        done(&agendas.staff, "updateSession", &change(&session, &json!({ "date": "2027-03-14" }))).await;
        release(&agendas).await;
        let events = events(&service).await;
        let opening = &events["Opening 20270314"];
        assert_eq!((value(opening, "DTEND"), value(opening, "TRANSP")), ("20270315", "TRANSPARENT"));
        assert_eq!(opening.properties()["DTSTART"].params()["VALUE"].value(), "DATE");
    });
}

#[test]
fn an_event_keeps_its_name_and_counts_the_releases_that_change_it() {
    with_empty(async |service| {
        let agendas = fair(&service).await;
        let before = events(&service).await;
        let session = json!({ "id": agendas.id("fair/opening"), "version": 1 });
        done(&agendas.staff, "updateSession", &change(&session, &json!({ "title": "Welcome" }))).await;
        assert_eq!(events(&service).await, before, "what is not released is not told");
        release(&agendas).await;
        let after = events(&service).await;
        let [old, new] = [&before["Opening 20270313T090000"], &after["Welcome 20270313T090000"]];
        assert_eq!(value(old, "UID"), value(new, "UID"));
        assert_eq!((value(old, "SEQUENCE"), value(new, "SEQUENCE")), ("1", "2"));
        assert!(value(old, "LAST-MODIFIED") <= value(new, "LAST-MODIFIED"));
        let [old, new] = [&before, &after].map(|events| value(&events["Workshop 20270313T110000"], "SEQUENCE"));
        assert_eq!((old, new), ("1", "1"), "what is not changed is not counted");
        agendas.panelist("fair/workshop", "ben-sample").await;
        release(&agendas).await;
        let last = events(&service).await;
        let sequences: Vec<&str> = last.values().map(|event| value(event, "SEQUENCE")).collect();
        assert_eq!(sequences, ["2", "3", "3"], "who speaks is part of it, in every round");
    });
}

#[test]
fn what_is_taken_off_is_cancelled_without_saying_what_it_was() {
    with_empty(async |service| {
        let agendas = fair(&service).await;
        let before = events(&service).await;
        let document = "{ convening(by: {slug: \"fair\"}) { session(slug: \"opening\") { slots { id version } } } }";
        let slot = agendas.staff.ask(document).await.at("/convening/session/slots/0");
        done(&agendas.staff, "unscheduleSlot", &slot).await;
        let session = json!({ "id": agendas.id("fair/opening"), "version": 1 });
        done(&agendas.staff, "deleteSession", &session).await;
        release(&agendas).await;
        let after = events(&service).await;
        let gone = &after["No longer on the agenda 20270313"];
        assert_eq!(value(gone, "UID"), value(&before["Opening 20270313T090000"], "UID"));
        assert_eq!((value(gone, "STATUS"), value(gone, "SEQUENCE")), ("CANCELLED", "2"));
        let text = service.get(PATH, "text/calendar").await.text;
        for told in ["Opening", "Ada", "Hall"] {
            assert!(!text.contains(told), "{told} is no longer told: {text}");
        }
        release(&agendas).await;
        assert_eq!(value(&events(&service).await["No longer on the agenda 20270313"], "SEQUENCE"), "2", "it stays so");
    });
}

#[test]
fn a_fair_that_is_called_off_is_cancelled_in_every_calendar() {
    with_empty(async |service| {
        let agendas = fair(&service).await;
        let before = events(&service).await;
        cancel(&agendas).await;
        let after = events(&service).await;
        assert!(before.keys().eq(after.keys()), "calendars find what they have");
        for (key, event) in &after {
            assert_eq!(value(event, "STATUS"), "CANCELLED", "{key}");
            assert_eq!(value(event, "UID"), value(&before[key], "UID"), "{key}");
            assert!(value(event, "SEQUENCE") > value(&before[key], "SEQUENCE"), "{key}");
        }
    });
}

#[test]
fn no_text_becomes_anything_but_text() {
    with_empty(async |service| {
        let agendas = fair(&service).await;
        let title = "Trust, pay; \\n and \\, \"more\"\r\nBEGIN:VEVENT\r\nSUMMARY:Forged";
        let r#abstract =
            format!("{}\u{2028}END:VCALENDAR\n{}", "Zusammenarbeit für alle – 協力 ".repeat(40), "é".repeat(200));
        let input = json!({ "title": title.replace("\r\n", " "), "abstract": r#abstract });
        let session = json!({ "id": agendas.id("fair/opening"), "version": 1 });
        done(&agendas.staff, "updateSession", &change(&session, &input)).await;
        release(&agendas).await;
        let events = events(&service).await;
        assert_eq!(events.len(), 3, "{:?}", events.keys());
        let opening = events.values().find(|event| value(event, "DTSTART") == "20270313T090000").expect("the opening");
        assert_eq!(value(opening, "SUMMARY"), title.replace("\r\n", " "));
        assert!(value(opening, "DESCRIPTION").contains(&r#abstract.trim().replace('\u{2028}', "\n")));
        let text = service.get(PATH, "text/calendar").await.text;
        let lines = |wanted: &str| text.split("\r\n").filter(|line| *line == wanted).count();
        assert_eq!((lines("BEGIN:VEVENT"), lines("END:VCALENDAR")), (3, 1));
    });
}

#[test]
fn a_long_agenda_is_whole() {
    with_empty(async |service| {
        let mut record = "[[convening]]\nslug = \"fair\"\ntitle = \"Fair\"\nkind = \"institute\"\n\
            status = \"agenda_published\"\nstarts_on = \"2027-03-13\"\nends_on = \"2027-03-13\"\n\
            hosted_by_initiative = true\n"
            .to_owned();
        for number in 1..=230 {
            record += "[[convening.session]]\nformat = \"breakout\"\ndate = \"2027-03-13\"\n";
            let _ = writeln!(record, "slug = \"session-{number}\"\ntitle = \"Session {number}\"");
        }
        service.load(&record).await;
        assert_eq!(events(&service).await.len(), 230);
        let table = service.get("/convenings/fair/agenda.csv", "text/csv").await.text;
        assert_eq!(table.lines().count(), 231);
    });
}

#[test]
fn an_agenda_that_nobody_may_read_is_not_there() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let missing = service.get("/convenings/nowhere/agenda.ics", "text/calendar").await;
        assert_eq!((missing.status, missing.codes()), (StatusCode::NOT_FOUND, vec!["NOT_FOUND".to_owned()]));
        let told = |answer: &Answer| (answer.status, answer.text.clone());
        for ending in [".ics", ".csv", ".jsonld", ""] {
            for slug in ["forum", "FAIR", "fair%20", "%00", "%27%3B--"] {
                for who in [&service, &agendas.staff] {
                    let hidden = who.get(&format!("/convenings/{slug}/agenda{ending}"), "*/*").await;
                    assert_eq!(told(&hidden), told(&missing), "{slug}, whoever asks");
                }
            }
        }
        let public = service.get(PATH, "*/*").await;
        for who in [&agendas.staff, &service.bearing("nobody")] {
            assert_eq!(told(&who.get(PATH, "*/*").await), told(&public), "a credential makes no difference");
        }
    });
}
