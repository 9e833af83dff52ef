//! Adding, changing, ordering and taking off speakers, and that nobody speaks twice at one time.

use crate::agenda::{Agendas, act, change, done, refusals};
use entity::ids::{ConveningId, PersonId};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::fixtures::global_id;
use tests::{contents, with_empty, with_fixture};

#[test]
fn the_name_and_title_of_the_day_are_shown_and_stay() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let staff = &agendas.staff;
        let input = json!({ "sessionId": agendas.id("fair/opening"), "role": "SPEAKER", "personId": agendas.id("ada-example"),
            "organizationId": agendas.id("alder-teachers"), "sources": [{ "document": "Programme" }] });
        let made = done(staff, "addSpeaker", &json!({ "input": input })).await;
        let expected = json!({ "id": made["id"], "role": "SPEAKER", "position": 1, "nameAsShown": "Ada Example",
            "titleAsShown": "President", "asTeam": false, "person": { "slug": "ada-example" },
            "organization": { "slug": "alder-teachers" }, "district": null,
            "sources": [{ "document": "Programme" }], "version": 1 });
        assert_eq!(made, expected, "the title is the one at the organization that the person speaks for");
        service
            .db
            .execute_unprepared("UPDATE person SET name = 'Ada Other'; UPDATE affiliation SET title = 'Past President'")
            .await
            .expect("a person who goes by another name");
        let on_behalf = json!({ "organizationId": agendas.id("birch-teachers"), "role": "HOST" });
        let changed = done(staff, "updateSpeaker", &change(&made, &on_behalf)).await;
        assert_eq!(changed["nameAsShown"], "Ada Example");
        assert_eq!(changed["titleAsShown"], "President");
        assert_eq!(changed["organization"]["slug"], "birch-teachers");
        assert_eq!(changed["role"], "HOST");
        let corrected = json!({ "nameAsShown": "Dr. Ada Example", "titleAsShown": null, "organizationId": null });
        let corrected = done(staff, "updateSpeaker", &change(&changed, &corrected)).await;
        assert_eq!(corrected["nameAsShown"], "Dr. Ada Example");
        assert_eq!([&corrected["titleAsShown"], &corrected["organization"]], [&Value::Null, &Value::Null]);
        assert_eq!(corrected["sources"], json!([{ "document": "Programme" }]), "what is not named stays");
    });
}

#[test]
fn another_body_that_presents_goes_by_its_own_name() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let staff = &agendas.staff;
        let session = agendas.id("fair/opening");
        let input = json!({ "sessionId": session, "role": "PRESENTER", "districtId": agendas.id("alder-unified"), "asTeam": true });
        let team = done(staff, "addSpeaker", &json!({ "input": input })).await;
        assert_eq!([&team["nameAsShown"], &team["asTeam"]], [&json!("Alder Unified"), &json!(true)]);
        let input =
            json!({ "sessionId": session, "role": "PRESENTER", "organizationId": agendas.id("alder-teachers") });
        let body = done(staff, "addSpeaker", &json!({ "input": input })).await;
        assert_eq!(body["position"], 2, "behind the others where nothing is said");
        let other = json!({ "organizationId": agendas.id("birch-teachers") });
        let other = done(staff, "updateSpeaker", &change(&body, &other)).await;
        assert_eq!(other["nameAsShown"], "Birch Teachers");
        let nobody = act(staff, "updateSpeaker", &change(&other, &json!({ "organizationId": null }))).await;
        assert_eq!(refusals(&nobody, "updateSpeaker"), ["personId | INVALID"]);
        let teamless = act(staff, "updateSpeaker", &change(&other, &json!({ "asTeam": true }))).await;
        assert_eq!(refusals(&teamless, "updateSpeaker"), ["districtId | INVALID"]);
    });
}

#[test]
fn everything_that_is_wrong_with_a_speaker_is_told_and_nothing_is_written() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let ada = agendas.panelist("fair/opening", "ada-example").await;
        let ben = agendas.panelist("fair/opening", "ben-sample").await;
        let before = contents(&service.db).await;
        let (opening, person) = (agendas.id("fair/opening"), agendas.id("ada-example"));
        let nobody = global_id("Person", PersonId::new().0);
        #[rustfmt::skip]
        let refused: [(Value, &[&str]); 8] = [
            (json!({ "sessionId": opening, "role": "HOST" }), &["personId | INVALID"]),
            (json!({ "sessionId": opening, "role": "HOST", "personId": nobody, "asTeam": true, "position": 0, "titleAsShown": " " }),
             &["personId | NOT_FOUND", "districtId | INVALID", "position | INVALID", "titleAsShown | REQUIRED"]),
            (json!({ "sessionId": global_id("Session", ConveningId::new().0), "role": "HOST", "personId": person }), &["sessionId | NOT_FOUND"]),
            (json!({ "sessionId": opening, "role": "PANELIST", "personId": person }), &["personId | TAKEN"]),
            (json!({ "sessionId": opening, "role": "PANELIST", "organizationId": agendas.id("alder-teachers"), "position": 2 }), &["position | TAKEN"]),
            (json!({ "sessionId": opening, "role": "HOST", "organizationId": global_id("Organization", nobody_key()) }), &["organizationId | NOT_FOUND"]),
            (json!({ "sessionId": opening, "role": "HOST", "districtId": global_id("District", nobody_key()) }), &["districtId | NOT_FOUND"]),
            (json!({ "sessionId": opening, "role": "HOST", "personId": person, "force": { "reason": " " } }), &["force.reason | REQUIRED"]),
        ];
        for (input, expected) in refused {
            let answer = act(&agendas.staff, "addSpeaker", &json!({ "input": input })).await;
            assert_eq!(refusals(&answer, "addSpeaker"), expected, "{input}");
        }
        let host = json!({ "sessionId": opening, "role": "HOST", "personId": agendas.id("ben-sample") });
        done(&agendas.staff, "addSpeaker", &json!({ "input": host })).await;
        let twice = act(&agendas.staff, "updateSpeaker", &change(&ben, &json!({ "role": "HOST" }))).await;
        assert_eq!(refusals(&twice, "updateSpeaker"), ["role | TAKEN"]);
        let stale = json!({ "id": ada["id"], "version": 9, "input": { "role": "HOST" } });
        let stale = act(&agendas.staff, "updateSpeaker", &stale).await;
        assert_eq!(refusals(&stale, "updateSpeaker"), ["version | STALE_VERSION"]);
        let after = contents(&service.db).await;
        assert_eq!(after["speaker"].len(), before["speaker"].len() + 1, "only the host was added");
    });
}

fn nobody_key() -> sea_orm::prelude::Uuid {
    PersonId::new().0
}

#[test]
fn speakers_are_put_in_order_and_none_is_lost() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let staff = &agendas.staff;
        let session = agendas.id("fair/opening");
        let mut speakers = Vec::new();
        for body in ["alder-teachers", "birch-teachers"] {
            let input = json!({ "sessionId": session, "role": "PANELIST", "organizationId": agendas.id(body) });
            speakers.push(done(staff, "addSpeaker", &json!({ "input": input })).await["id"].clone());
        }
        for person in ["ada-example", "ben-sample"] {
            speakers.push(agendas.panelist("fair/opening", person).await["id"].clone());
        }
        let input = json!({ "sessionId": session, "role": "HOST", "organizationId": agendas.id("alder-teachers") });
        let host = done(staff, "addSpeaker", &json!({ "input": input })).await["id"].clone();
        let order = |version: i32, ids: Vec<&Value>| json!({ "sessionId": session, "version": version, "role": "PANELIST", "speakerIds": ids });
        let [alder, birch, ada, ben] = [0, 1, 2, 3].map(|place| &speakers[place]);
        let ordered = done(staff, "reorderSpeakers", &order(1, vec![ben, alder, birch, ada])).await;
        let names: Vec<&Value> =
            ordered["speakers"].as_array().into_iter().flatten().map(|each| &each["nameAsShown"]).collect();
        assert_eq!(names, ["Alder Teachers", "Ben Sample", "Alder Teachers", "Birch Teachers", "Ada Example"]);
        let places: Vec<&Value> =
            ordered["speakers"].as_array().into_iter().flatten().map(|each| &each["position"]).collect();
        assert_eq!(places, [1, 1, 2, 3, 4]);
        assert_eq!(ordered["version"], 2, "whoever ordered them otherwise meanwhile is told");
        let before = contents(&service.db).await;
        let stale = act(staff, "reorderSpeakers", &order(1, vec![alder, birch, ada, ben])).await;
        assert_eq!(refusals(&stale, "reorderSpeakers"), ["version | STALE_VERSION"]);
        for wrong in [
            vec![alder, birch, ada],
            vec![alder, birch, ada, ada],
            vec![alder, birch, ada, ben, &host],
            vec![alder, birch, ada, &host],
        ] {
            let answer = act(staff, "reorderSpeakers", &order(2, wrong)).await;
            assert_eq!(refusals(&answer, "reorderSpeakers"), ["speakerIds | INVALID"]);
        }
        let same = done(staff, "reorderSpeakers", &order(2, vec![ben, alder, birch, ada])).await;
        assert_eq!(same["version"], 2, "nothing moved");
        assert!(contents(&service.db).await == before, "nothing was written");
        let ben = json!({ "id": ben, "version": 2 });
        done(staff, "removeSpeaker", &ben).await;
        let closed = done(staff, "reorderSpeakers", &order(2, vec![alder, birch, ada])).await;
        let places: Vec<&Value> =
            closed["speakers"].as_array().into_iter().flatten().map(|each| &each["position"]).collect();
        assert_eq!(places, [1, 1, 2, 3]);
    });
}

#[test]
fn nobody_speaks_twice_at_one_time_on_whatever_agendas() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let staff = &agendas.staff;
        agendas.schedule("fair/opening", "2027-03-13T09:00:00-08:00", "2027-03-13T10:00:00-08:00").await;
        let talk = agendas.schedule("forum/talk", "2027-03-13T09:30:00-08:00", "2027-03-13T11:00:00-08:00").await;
        agendas.panelist("forum/talk", "ada-example").await;
        let input =
            json!({ "sessionId": agendas.id("fair/opening"), "role": "HOST", "personId": agendas.id("ada-example") });
        let twice = act(staff, "addSpeaker", &json!({ "input": input })).await;
        assert_eq!(refusals(&twice, "addSpeaker"), ["personId | CONFLICT"]);
        assert!(!twice.text.contains("Talk") && !twice.text.contains("Forum"), "it is not told where: {}", twice.text);
        // Who speaks until ten can speak from ten on.
        let later = json!({ "startsAt": "2027-03-13T10:00:00-08:00" });
        let talk = done(staff, "rescheduleSlot", &change(&talk, &later)).await;
        let host = done(staff, "addSpeaker", &json!({ "input": input })).await;
        let earlier = json!({ "startsAt": "2027-03-13T09:59:59-08:00" });
        let back = act(staff, "rescheduleSlot", &change(&talk, &earlier)).await;
        assert_eq!(refusals(&back, "rescheduleSlot"), ["startsAt | CONFLICT"]);
        let second =
            json!({ "sessionId": agendas.id("fair/workshop"), "role": "HOST", "personId": agendas.id("ada-example") });
        done(staff, "addSpeaker", &json!({ "input": second })).await;
        let meanwhile = json!({ "sessionId": agendas.id("fair/workshop"), "startsAt": "2027-03-13T10:30:00-08:00",
            "endsAt": "2027-03-13T12:00:00-08:00" });
        let meanwhile = act(staff, "scheduleSession", &json!({ "input": meanwhile })).await;
        assert_eq!(refusals(&meanwhile, "scheduleSession"), ["startsAt | CONFLICT"]);
        // Whoever was taken off is free, and so is whoever was to speak at what is cancelled.
        done(staff, "removeSpeaker", &json!({ "id": host["id"], "version": 1 })).await;
        done(staff, "rescheduleSlot", &change(&talk, &earlier)).await;
        let again = act(staff, "addSpeaker", &json!({ "input": input })).await;
        assert_eq!(refusals(&again, "addSpeaker"), ["personId | CONFLICT"]);
        service
            .db
            .execute_unprepared("UPDATE convening SET status = 'cancelled' WHERE slug = 'forum'")
            .await
            .expect("cancelled");
        done(staff, "addSpeaker", &json!({ "input": input })).await;
    });
}

#[test]
fn parallel_meetings_of_one_session_are_no_conflict() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        agendas.panelist("fair/opening", "ada-example").await;
        for audience in ["SUPERINTENDENT", "TEACHERS_UNION_PRESIDENT"] {
            let input = json!({ "sessionId": agendas.id("fair/opening"), "audience": audience,
                "startsAt": "2027-03-13T09:00:00-08:00", "endsAt": "2027-03-13T10:00:00-08:00" });
            done(&agendas.staff, "scheduleSession", &json!({ "input": input })).await;
        }
        let host =
            json!({ "sessionId": agendas.id("fair/opening"), "role": "HOST", "personId": agendas.id("ada-example") });
        done(&agendas.staff, "addSpeaker", &json!({ "input": host })).await;
    });
}

#[test]
fn it_can_be_forced_by_whoever_says_why_and_history_tells() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let staff = &agendas.staff;
        for (session, person) in
            [("forum/talk", "ada-example"), ("fair/workshop", "ben-sample"), ("forum/talk", "ben-sample")]
        {
            agendas.panelist(session, person).await;
        }
        let (from, until) = ("2027-03-13T09:00:00-08:00", "2027-03-13T10:00:00-08:00");
        for session in ["forum/talk", "fair/opening"] {
            agendas.schedule(session, from, until).await;
        }
        let force = json!({ "reason": "By telephone from the train." });
        let told = async |typename: &str, id: &Value| {
            let document = format!(
                "query ($id: ID!) {{ node(id: $id) {{ ... on {typename} {{ history {{ nodes {{ reason }} }} }} }} }}"
            );
            staff.ask_with(&document, &json!({ "id": id })).await.at("/node/history/nodes/0/reason")
        };
        let speaker = json!({ "sessionId": agendas.id("fair/opening"), "role": "HOST", "personId": agendas.id("ada-example"), "force": force });
        let speaker = done(staff, "addSpeaker", &json!({ "input": speaker })).await;
        assert_eq!(told("Speaker", &speaker["id"]).await, "By telephone from the train.");
        let slot =
            json!({ "sessionId": agendas.id("fair/workshop"), "startsAt": from, "endsAt": until, "force": force });
        let slot = done(staff, "scheduleSession", &json!({ "input": slot })).await;
        assert_eq!(told("Slot", &slot["id"]).await, "By telephone from the train.");
        // What stands is not asked about again.
        let smaller = done(staff, "rescheduleSlot", &change(&slot, &json!({ "capacity": 20 }))).await;
        let later = json!({ "endsAt": "2027-03-13T10:30:00-08:00" });
        let refused = act(staff, "rescheduleSlot", &change(&smaller, &later)).await;
        assert_eq!(refusals(&refused, "rescheduleSlot"), ["startsAt | CONFLICT"]);
        let mut forced =
            change(&smaller, &json!({ "endsAt": "2027-03-13T10:30:00-08:00", "force": { "reason": "It is short." } }));
        forced["reason"] = json!("The bus is late.");
        done(staff, "rescheduleSlot", &forced).await;
        assert_eq!(told("Slot", &slot["id"]).await, "It is short.");
    });
}

#[test]
fn nobody_brings_in_somebody_whom_they_may_not_see_or_learns_of_hidden_sessions() {
    with_fixture(async |service, fixture| {
        let scope = Scope::Convening(fixture.key("Convening", "draft"));
        let organizer = service.as_grants(vec![Grant::new(Role::Organizer, scope)]);
        let session = &fixture.find("Session", "agenda-of-draft-1").id;
        let person = |name: &str| fixture.find("Person", name).id.clone();
        let before = contents(&service.db).await;
        for hidden in ["roster-of-applying-alder", "agenda-of-applying-voice", "clerk-north"] {
            let input = json!({ "sessionId": session, "role": "HOST", "personId": person(hidden) });
            let answer = act(&organizer, "addSpeaker", &json!({ "input": input })).await;
            assert_eq!(refusals(&answer, "addSpeaker"), ["personId | NOT_FOUND"], "{hidden}");
            assert!(!answer.text.contains(hidden), "{}", answer.text);
        }
        assert!(contents(&service.db).await == before, "nothing was written");
        // Somebody whom everybody knows, and who speaks at a gathering that nobody may know of.
        service
            .db
            .execute_unprepared(
                "UPDATE slot SET starts_at = '2026-05-08 17:00Z', ends_at = '2026-05-08 18:00Z';
                 INSERT INTO speaker (id, session_id, role, position, person_id, name_as_shown)
                 SELECT gen_random_uuid(), session.id, 'host', 9, person.id, person.name FROM session, person
                 WHERE session.slug = 'agenda-of-applying-1' AND person.slug = 'marked'",
            )
            .await
            .expect("a speaker of a hidden session");
        let input = json!({ "sessionId": session, "role": "HOST", "personId": person("marked") });
        let answer = act(&organizer, "addSpeaker", &json!({ "input": input })).await;
        assert_eq!(refusals(&answer, "addSpeaker"), ["personId | CONFLICT"]);
        assert!(!answer.text.contains("applying"), "{}", answer.text);
        // Whoever may not change an agenda is not told what would be in the way.
        let published = &fixture.find("Session", "agenda-of-programme-1").id;
        let input = json!({ "sessionId": published, "role": "HOST", "personId": person("marked") });
        assert_eq!(act(&organizer, "addSpeaker", &json!({ "input": input })).await.codes(), ["FORBIDDEN"]);
    });
}
