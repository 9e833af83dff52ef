//! Everybody reads the last release of an agenda, and whoever works on it the agenda as it is worked on.

use crate::agenda::{Agendas, change, done};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::{Answer, Service, line, texts, with_empty};

/// Releases the agenda of the fair as it stands.
async fn release(service: &Service, agendas: &Agendas, version: i64, note: Option<&str>) -> Answer {
    let document = "mutation ($id: ID!, $version: Int!, $note: String) {
        releaseAgenda(conveningId: $id, version: $version, note: $note) {
          agendaRelease { number note convening { slug version } } userErrors { field code message allowed } } }";
    service.ask_with(document, &json!({ "id": agendas.id("fair"), "version": version, "note": note })).await
}

async fn released(agendas: &Agendas, version: i64, note: Option<&str>) -> Value {
    let answer = release(&agendas.staff, agendas, version, note).await;
    assert_eq!(answer.at("/releaseAgenda/userErrors"), json!([]), "{}", answer.text);
    answer.at("/releaseAgenda/agendaRelease")
}

fn refusals(answer: &Answer) -> Vec<String> {
    answer.lines("/releaseAgenda/userErrors", &["/field", "/code"])
}

/// What somebody reads of the fair's sessions: title, when and where, and who speaks.
async fn told(service: &Service) -> Vec<String> {
    let document =
        "{ convening(by: {slug: \"fair\"}) { sessions { totalCount nodes { title slots { startsAt room { name } }
        speakers { nameAsShown person { name } } relatedSessions { slug } } } } }";
    let answer = service.ask(document).await;
    let sessions = answer.at("/convening/sessions/nodes");
    let sessions = sessions.as_array().expect("sessions");
    assert_eq!(answer.at("/convening/sessions/totalCount"), sessions.len(), "the count is that of what is read");
    sessions.iter().map(|session| line(session, &["/title", "/slots", "/speakers", "/relatedSessions"])).collect()
}

/// Whether somebody finds a person: by slug, in the list, and by a search.
async fn finds(service: &Service, slug: &str) -> bool {
    let document =
        "query ($slug: String!, $name: String!) { person(by: {slug: $slug}) { name appearances { totalCount } }
        people(filter: {search: $name}) { totalCount } search(query: $name) { totalCount } }";
    let name = slug.replace('-', " ");
    let data = service.ask_with(document, &json!({ "slug": slug, "name": name })).await.data();
    let found = [!data["person"].is_null(), data["people"]["totalCount"] == 1, data["search"]["totalCount"] == 1];
    assert!(found.iter().all(|each| *each == found[0]), "{data}");
    found[0]
}

#[test]
fn what_is_changed_is_seen_by_everybody_once_it_is_released() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let before = told(&service).await;
        assert_eq!(before.len(), 2, "a record that is published is released: {before:?}");
        assert_eq!(told(&agendas.staff).await, before);
        agendas.panelist("fair/opening", "ada-example").await;
        let hall = agendas.room("fair", "Hall", None).await["id"].clone();
        let slot = json!({ "sessionId": agendas.id("fair/opening"), "roomId": hall,
            "startsAt": "2027-03-13T09:00:00-08:00", "endsAt": "2027-03-13T10:00:00-08:00" });
        done(&agendas.staff, "scheduleSession", &json!({ "input": slot })).await;
        let related = json!({ "id": agendas.id("fair/opening"), "relatedId": agendas.id("fair/workshop") });
        done(&agendas.staff, "relateSessions", &related).await;
        let new = json!({ "conveningId": agendas.id("fair"), "title": "Farewell", "format": "CLOSING" });
        done(&agendas.staff, "createSession", &json!({ "input": new })).await;
        assert_eq!(told(&service).await, before, "nothing of it is seen before");
        assert!(!finds(&service, "ada-example").await, "who was put on the agenda is not public by it");
        assert!(finds(&agendas.staff, "ada-example").await);
        let worked_on = told(&agendas.staff).await;
        assert_eq!((worked_on.len(), worked_on == before), (3, false));
        let made = released(&agendas, 1, Some("Times and rooms.")).await;
        let expected =
            json!({ "number": 2, "note": "Times and rooms.", "convening": { "slug": "fair", "version": 2 } });
        assert_eq!(made, expected);
        assert_eq!(told(&service).await, worked_on, "all of it is");
        assert!(finds(&service, "ada-example").await);
    });
}

#[test]
fn what_is_taken_off_stays_until_that_is_released() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let speaker = agendas.panelist("fair/workshop", "ada-example").await;
        released(&agendas, 1, None).await;
        let before = told(&service).await;
        done(&agendas.staff, "removeSpeaker", &json!({ "id": speaker["id"], "version": 1 })).await;
        let workshop = json!({ "id": agendas.id("fair/workshop"), "version": 1 });
        done(&agendas.staff, "deleteSession", &workshop).await;
        assert_eq!(told(&agendas.staff).await.len(), 1);
        assert_eq!(told(&service).await, before);
        assert!(finds(&service, "ada-example").await, "who still stands on the last release");
        let by_id = "query ($id: ID!) { node(id: $id) { id } }";
        let asked = json!({ "id": workshop["id"] });
        assert_eq!(service.ask_with(by_id, &asked).await.at("/node/id"), workshop["id"]);
        assert_eq!(agendas.staff.ask_with(by_id, &asked).await.at("/node"), Value::Null);
        released(&agendas, 2, None).await;
        assert_eq!(told(&service).await.len(), 1);
        assert!(!finds(&service, "ada-example").await);
        assert_eq!(service.ask_with(by_id, &asked).await.at("/node"), Value::Null);
    });
}

#[test]
fn who_speaks_is_shown_as_long_as_the_agenda_is_published_and_nobody_says_otherwise() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        agendas.panelist("fair/opening", "ada-example").await;
        released(&agendas, 1, None).await;
        let wrong =
            "SELECT r.id::text AS text FROM released_speaker AS r JOIN released_session AS s ON s.id = r.session_id
            JOIN convening AS c ON c.id = s.convening_id WHERE r.shown <> c.agenda_published";
        let turns = [
            ("UPDATE convening SET status = 'announced', agenda_published = false WHERE slug = 'fair'", false),
            ("UPDATE released_speaker SET shown = true", false),
            ("UPDATE convening SET status = 'agenda_published', agenda_published = true WHERE slug = 'fair'", true),
            ("UPDATE released_speaker SET shown = false", true),
        ];
        assert!(finds(&service, "ada-example").await);
        for (turn, is_found) in turns {
            service.db.execute_unprepared(turn).await.expect(turn);
            assert_eq!(finds(&service, "ada-example").await, is_found, "{turn}");
            assert_eq!(texts(&service.db, wrong).await, Vec::<String>::new(), "{turn}");
        }
    });
}

#[test]
fn an_organizer_reads_the_own_agenda_as_it_is_worked_on_and_others_as_they_were_released() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let key = async |slug: &str| {
            let sql = format!("SELECT id::text AS text FROM convening WHERE slug = '{slug}'");
            let key: sea_orm::prelude::Uuid = texts(&service.db, &sql).await[0].parse().expect("a key");
            Scope::Convening(key.into())
        };
        let own = service.as_grants(vec![Grant::new(Role::Organizer, key("fair").await)]);
        let other = service.as_grants(vec![Grant::new(Role::Organizer, key("forum").await)]);
        let workshop = json!({ "id": agendas.id("fair/workshop"), "version": 1, "input": { "title": "Renamed" } });
        done(&own, "updateSession", &workshop).await;
        let titles = async |service: &Service| {
            let lists = "{ convenings { nodes { slug sessions { nodes { title } } } } search(query: \"Renamed\") { totalCount } }";
            service.ask(lists).await.data().to_string()
        };
        assert!(titles(&own).await.contains("Renamed"));
        for outside in [&other, &service] {
            let told = titles(outside).await;
            assert!(told.contains("Workshop") && !told.contains("Renamed"), "{told}");
        }
        assert!(titles(&other).await.contains("Talk"), "the own draft");
        assert!(!titles(&service).await.contains("Talk"));
    });
}

#[test]
fn what_is_not_released_is_not_there_to_be_changed_and_what_was_is_not_given_away() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let new = json!({ "conveningId": agendas.id("fair"), "title": "Farewell", "format": "CLOSING" });
        let new = done(&agendas.staff, "createSession", &json!({ "input": new })).await;
        let gone = agendas.id("fair/workshop");
        done(&agendas.staff, "deleteSession", &json!({ "id": gone, "version": 1 })).await;
        let sql = "SELECT id::text AS text FROM convening WHERE slug = 'forum'";
        let forum: sea_orm::prelude::Uuid = texts(&service.db, sql).await[0].parse().expect("a key");
        let other = service.as_grants(vec![Grant::new(Role::Organizer, Scope::Convening(forum.into()))]);
        let document = "mutation ($id: ID!) { updateSession(id: $id, version: 1, input: {}) { userErrors { code } } }";
        let code = async |service: &Service, id: &Value| {
            service.ask_with(document, &json!({ "id": id })).await.codes().join(" ")
        };
        assert_eq!(code(&other, &new["id"]).await, "NOT_FOUND", "not released");
        assert_eq!(code(&other, &agendas.id("fair/opening")).await, "FORBIDDEN", "released");
        assert_eq!(code(&other, &gone).await, "FORBIDDEN", "that it is gone is not released");
        assert_eq!(code(&service, &gone).await, "UNAUTHENTICATED");
        assert_eq!(code(&agendas.staff, &gone).await, "NOT_FOUND", "for whoever sees that it is gone");
    });
}

#[test]
fn a_release_is_made_of_a_published_agenda_by_whoever_runs_the_convening() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        assert_eq!(release(&service, &agendas, 1, None).await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(release(&service.as_role(Role::Auditor), &agendas, 1, None).await.codes(), ["FORBIDDEN"]);
        assert_eq!(refusals(&release(&agendas.staff, &agendas, 7, None).await), ["[\"version\"] | STALE_VERSION"]);
        let blank = release(&agendas.staff, &agendas, 1, Some(" ")).await;
        assert_eq!(refusals(&blank), ["[\"note\"] | INVALID"]);
        released(&agendas, 1, None).await;
        let again = release(&agendas.staff, &agendas, 1, None).await;
        assert_eq!(refusals(&again), ["[\"version\"] | STALE_VERSION"], "nobody releases the same twice by accident");
        let forum = agendas.id("forum");
        let agendas = agendas.with("fair", forum.clone());
        let draft = release(&agendas.staff, &agendas, 1, None).await;
        assert_eq!(refusals(&draft), ["[\"conveningId\"] | ILLEGAL_TRANSITION"]);
        // Publishing makes the first.
        for (version, step) in [(1, "announceConvening"), (2, "publishAgenda")] {
            let document = format!(
                "mutation ($id: ID!, $version: Int!) {{ {step}(id: $id, version: $version) {{ userErrors {{ code }}
                   convening {{ agendaReleases {{ nodes {{ number note }} }} agendaChangedSinceRelease }} }} }}"
            );
            let answer = agendas.staff.ask_with(&document, &json!({ "id": forum, "version": version })).await;
            let releases = answer.at(&format!("/{step}/convening/agendaReleases/nodes"));
            let expected = if version == 1 { json!([]) } else { json!([{ "number": 1, "note": null }]) };
            assert_eq!(releases, expected, "{step}");
            let unreleased = answer.at(&format!("/{step}/convening/agendaChangedSinceRelease"));
            assert_eq!(unreleased, version == 1, "{step}");
        }
    });
}

#[test]
fn those_who_work_on_an_agenda_see_what_changed() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let document = "{ convening(by: {slug: \"fair\"}) { agendaChangedSinceRelease
            agendaReleases { totalCount nodes { number note changesSince { from to changes { title } }
              all: changesSince(number: 0) { changes { part action title } } never: changesSince(number: 9) { from } } }
            agendaChanges { from to changes { part action title session id fields { field before after } } } } }";
        let asked = async |service: &Service| service.ask(document).await.at("/convening");
        let staff = asked(&agendas.staff).await;
        assert_eq!(staff["agendaChangedSinceRelease"], false);
        assert_eq!(staff["agendaChanges"], json!({ "from": 1, "to": null, "changes": [] }));
        let workshop =
            json!({ "id": agendas.id("fair/workshop"), "version": 1, "input": { "title": "Renamed", "block": 1 } });
        done(&agendas.staff, "updateSession", &workshop).await;
        let speaker = agendas.panelist("fair/opening", "ada-example").await;
        let staff = asked(&agendas.staff).await;
        assert_eq!(staff["agendaChangedSinceRelease"], true);
        let changes = staff["agendaChanges"]["changes"].as_array().expect("changes").clone();
        let renamed = json!({ "part": "SESSION", "action": "CHANGED", "title": "Renamed", "session": null,
            "id": workshop["id"], "fields": [{ "field": "block", "before": null, "after": "Breakouts" },
            { "field": "title", "before": "Workshop", "after": "Renamed" }] });
        assert_eq!(changes[0], renamed);
        assert_eq!(
            line(&changes[1], &["/part", "/action", "/title", "/session"]),
            "SPEAKER | ADDED | Ada Example | Opening"
        );
        assert_eq!(changes[1]["id"], speaker["id"]);
        let person = json!({ "field": "personId", "before": null, "after": agendas.id("ada-example") });
        assert!(changes[1]["fields"].as_array().expect("fields").contains(&person), "{}", changes[1]);
        released(&agendas, 1, Some("Renamed.")).await;
        let staff = asked(&agendas.staff).await;
        assert_eq!(
            (&staff["agendaChangedSinceRelease"], &staff["agendaReleases"]["totalCount"]),
            (&json!(false), &json!(2))
        );
        let last = &staff["agendaReleases"]["nodes"][0];
        let since = json!({ "from": 1, "to": 2, "changes": [{ "title": "Renamed" }, { "title": "Ada Example" }] });
        assert_eq!((&last["changesSince"], &last["never"]), (&since, &Value::Null));
        assert_eq!(last["all"]["changes"].as_array().map(Vec::len), Some(4), "two sessions, a block and a speaker");
        let public = asked(&service).await;
        for hidden in ["agendaChangedSinceRelease", "agendaChanges"] {
            assert_eq!(public[hidden], Value::Null, "{hidden}");
        }
        let last = json!([{ "number": 2, "note": "Renamed.", "changesSince": null, "all": null, "never": null }]);
        assert_eq!(public["agendaReleases"], json!({ "totalCount": 1, "nodes": last }), "the last, and no more");
    });
}

#[test]
fn a_release_never_changes() {
    with_empty(async |service| {
        Agendas::of(&service).await;
        for sql in [
            "UPDATE agenda_release SET note = 'Another.'",
            "UPDATE agenda_release SET content = '{}'",
            "DELETE FROM agenda_release",
            "TRUNCATE agenda_release",
        ] {
            let refused = service.db.execute_unprepared(sql).await.map(drop).expect_err(sql).to_string();
            assert!(refused.contains("a release of an agenda stays as it is"), "{sql}: {refused}");
        }
    });
}

#[test]
fn whatever_changes_meanwhile_a_release_is_one_consistent_state() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let opening = json!({ "id": agendas.id("fair/opening") });
        let workshop = json!({ "id": agendas.id("fair/workshop") });
        for round in 1..=8 {
            // Two titles that go together are changed one after the other, while somebody releases.
            let staff = agendas.staff.clone();
            let (opening, workshop) = (opening.clone(), workshop.clone());
            let changing = tokio::spawn(async move {
                for session in [&opening, &workshop] {
                    let row = json!({ "id": session["id"], "version": round });
                    done(&staff, "updateSession", &change(&row, &json!({ "title": format!("Take {round}") }))).await;
                }
            });
            released(&agendas, round, None).await;
            changing.await.expect("changes");
        }
        released(&agendas, 9, None).await;
        // What each release keeps is what was read of it: the twins of the last are its content.
        let differing = "SELECT number::text AS text FROM agenda_release, convening WHERE convening_id = convening.id
            AND slug = 'fair' AND number = 10 AND content <> agenda_content(convening_id)";
        assert_eq!(texts(&service.db, differing).await, [""; 0]);
        let torn = "SELECT number || ': ' || (content -> 'session')::text AS text FROM agenda_release WHERE
            (SELECT count(*) FROM jsonb_each(content -> 'session')) <> 2";
        assert_eq!(texts(&service.db, torn).await, [""; 0]);
        let order = "SELECT number::text AS text FROM agenda_release, LATERAL (
              SELECT max(value ->> 'title') FILTER (WHERE value ->> 'slug' = 'opening') AS first,
                max(value ->> 'title') FILTER (WHERE value ->> 'slug' = 'workshop') AS second
              FROM jsonb_each(content -> 'session')) AS titles
            WHERE number > 1 AND first = 'Opening' AND second LIKE 'Take%'";
        assert_eq!(texts(&service.db, order).await, [""; 0], "nothing of what came later without what came before");
        assert_eq!(told(&service).await, told(&agendas.staff).await);
    });
}

#[test]
fn somebody_who_turns_out_to_be_another_is_released_once_and_waits_for_nobody() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        agendas.panelist("fair/opening", "ada-example").await;
        agendas.panelist("fair/workshop", "ben-sample").await;
        released(&agendas, 1, None).await;
        let merge = "mutation ($input: MergeInput!) { mergePeople(input: $input) { userErrors { field code } } }";
        let two = json!({ "input": { "keepId": agendas.id("ada-example"), "keepVersion": 1, "goneId": agendas.id("ben-sample"),
            "goneVersion": 1, "reason": "Entered twice." } });
        let (merged, made) =
            tokio::join!(agendas.staff.ask_with(merge, &two), release(&agendas.staff, &agendas, 2, None));
        assert_eq!(merged.at("/mergePeople/userErrors"), json!([]), "{}", merged.text);
        assert_eq!(refusals(&made), [""; 0], "{}", made.text);
        let who = "{ convening(by: {slug: \"fair\"}) { sessions { nodes { speakers { person { slug } } } } } }";
        let one = json!({ "speakers": [{ "person": { "slug": "ada-example" } }] });
        let one = json!([one, one]);
        assert_eq!(service.ask(who).await.at("/convening/sessions/nodes"), one);
        let changed = "{ convening(by: {slug: \"fair\"}) { agendaChangedSinceRelease } }";
        let changed = agendas.staff.ask(changed).await.at("/convening/agendaChangedSinceRelease");
        assert_eq!(changed, false, "a merge is no change of the agenda, whether it came before the release or after");
    });
}
