//! Sessions and speakers from spreadsheets: each on an agenda that is the importer's to change.

use crate::program::run_on;
use crate::spreadsheet_export::{export, rows};
use crate::spreadsheet_import::{counts, import, import_with, messages, problems};
use lmi::auth::{Grant, Role, Scope};
use serde_json::json;
use tests::{contents, with_fixture, with_record};

#[test]
fn organizers_import_sessions_of_their_own_convenings() {
    with_fixture(async |service, fixture| {
        let scope = Scope::Convening(fixture.key("Convening", "draft"));
        let organizer = service.as_grants(vec![Grant::new(Role::Organizer, scope)]);
        let id = |typename: &str, name: &str| fixture.find(typename, name).id.clone();
        let [draft, dropped, completed] = ["draft", "dropped", "completed"].map(|name| id("Convening", name));
        let [own, others] = ["agenda-of-draft-1", "agenda-of-completed-1"].map(|name| id("Session", name));
        let hidden = id("Session", "agenda-of-dropped-1");
        let csv = format!(
            "id,conveningId,title,format,strand\n\
             {own},,Renamed,PANEL,1\n\
             {others},,Renamed,PANEL,\n\
             {hidden},,Renamed,PANEL,\n\
             ,{completed},Alder,BREAKOUT,\n\
             ,{dropped},Alder,BREAKOUT,\n\
             ,,Alder,BREAKOUT,\n\
             ,{draft},Alder,BREAKOUT,7\n"
        );
        let before = contents(&service.db).await;
        let answer = import(&organizer, "SESSIONS", &csv).await;
        let expected = [
            // What an import cannot change is not emptied by an empty cell.
            "[\"csv\",\"line 2\",\"conveningId\"] | INVALID",
            "[\"csv\",\"line 3\",\"conveningId\"] | INVALID",
            "[\"csv\",\"line 3\"] | FORBIDDEN",
            "[\"csv\",\"line 4\",\"id\"] | NOT_FOUND",
            "[\"csv\",\"line 5\"] | FORBIDDEN",
            "[\"csv\",\"line 6\",\"conveningId\"] | NOT_FOUND",
            "[\"csv\",\"line 7\",\"conveningId\"] | REQUIRED",
            "[\"csv\",\"line 8\",\"strand\"] | NOT_FOUND",
        ];
        assert_eq!(problems(&answer), expected);
        assert!(contents(&service.db).await == before, "nothing was written");
        let csv = format!("id,title,format,strand\n{own},Renamed,PANEL,1\n,Alder,BREAKOUT,\n");
        let file = |convening: &str| json!({ "what": "SESSIONS", "csv": csv, "conveningId": convening });
        let answer = import_with(&organizer, file(&completed)).await;
        let expected = ["[\"csv\",\"line 2\",\"id\"] | NOT_FOUND", "[\"csv\",\"line 3\"] | FORBIDDEN"];
        assert_eq!(problems(&answer), expected);
        assert_eq!(problems(&import_with(&organizer, file(&dropped)).await), ["[\"conveningId\"] | NOT_FOUND"]);
        assert_eq!(counts(&import_with(&organizer, file(&draft)).await), [1, 1, 0]);
        let all = rows(&export(&organizer, "sessions.csv?convening=draft").await.text);
        let told: Vec<_> =
            all.iter().map(|row| format!("{} {} {}", row["slug"], row["title"], row["strand"])).collect();
        assert!(told.contains(&"agenda-of-draft-1 Renamed 1".to_owned()), "{told:?}");
        assert!(told.contains(&"alder Alder ".to_owned()), "{told:?}");
    });
}

#[test]
fn dates_are_written_in_one_way() {
    with_record(async |service| {
        let staff = service.as_role(Role::Staff);
        let all = rows(&export(&staff, "sessions.csv?convening=2015-symposium").await.text);
        let id = &all[0]["id"];
        let csv = format!("id,date,durationMinutes\n{id},5/8/2015,an hour\n{id},,\n");
        let answer = import(&staff, "SESSIONS", &csv.replace(&format!("{id},,\n"), "")).await;
        let expected =
            ["[\"csv\",\"line 2\",\"date\"] | INVALID", "[\"csv\",\"line 2\",\"durationMinutes\"] | INVALID"];
        assert_eq!(problems(&answer), expected);
        assert!(
            messages(&answer)[0].starts_with("Write the date as year-month-day, as in 2015-05-08"),
            "{}",
            answer.text
        );
        let answer = import(&staff, "SESSIONS", &format!("id,date\n{id},2016-05-08\n")).await;
        assert_eq!(problems(&answer), ["[\"csv\",\"line 2\",\"date\"] | INVALID"]);
        assert!(messages(&answer)[0].starts_with("Give a day of the convening"), "{}", answer.text);
    });
}

#[test]
fn speakers_come_in_by_the_slug_of_their_session() {
    with_record(async |service| {
        let staff = service.as_role(Role::Staff);
        let all = rows(&export(&staff, "speakers.csv?convening=2015-symposium").await.text);
        let panelist = all.iter().find(|row| row["role"] == "PANELIST").expect("a panelist");
        let person = rows(&export(&staff, "people.csv").await.text);
        let person = person.iter().find(|row| all.iter().all(|speaker| speaker["personId"] != row["id"]));
        let person = person.expect("somebody who does not speak there");
        let csv = format!(
            "session,role,personId,nameAsShown,titleAsShown\n{},PANELIST,{},The name of the day,\n",
            panelist["session"], person["id"]
        );
        let answer = import(&staff, "SPEAKERS", &csv).await;
        assert_eq!(problems(&answer), ["[\"csv\",\"line 2\",\"sessionId\"] | REQUIRED"]);
        let file = folder_with("speakers.csv", &csv);
        let path = file.1.to_str().expect("a path in UTF-8");
        let told = run_on(&service, &["import", "speakers", path, "--convening", "2015-symposium"]).done();
        assert!(told.starts_with("line 2  created  The name of the day\nRows       1\nCreated    1\n"), "{told}");
        let now = rows(&export(&staff, "speakers.csv?convening=2015-symposium").await.text);
        let added: Vec<_> = now.iter().filter(|row| all.iter().all(|before| before["id"] != row["id"])).collect();
        assert_eq!(added.len(), 1);
        let facts = [&added[0]["session"], &added[0]["person"], &added[0]["nameAsShown"]];
        assert_eq!(facts, [&panelist["session"], &person["name"], "The name of the day"]);
        // Who speaks stays, and so does the order.
        let id = &panelist["id"];
        let csv = format!("id,position,personId,titleAsShown\n{id},9,{},Teacher\n", person["id"]);
        let answer = import(&staff, "SPEAKERS", &csv).await;
        let expected = ["[\"csv\",\"line 2\",\"position\"] | INVALID", "[\"csv\",\"line 2\",\"personId\"] | INVALID"];
        assert_eq!(problems(&answer), expected);
        let titled = import(&staff, "SPEAKERS", &format!("id,titleAsShown\n{id},Teacher\n")).await;
        assert_eq!(counts(&titled), [0, 1, 0]);
        assert_eq!(titled.at("/importSpreadsheet/rows/0/name"), json!(panelist["nameAsShown"]));
    });
}

fn folder_with(name: &str, content: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(name);
    std::fs::write(&file, content).expect("a file");
    (folder, file)
}

#[test]
fn what_belongs_to_no_convening_is_not_imported_for_one() {
    with_fixture(async |service, fixture| {
        let convening = &fixture.find("Convening", "completed").id;
        let input = json!({ "what": "ORGANIZATIONS", "csv": "name,kind\nAlder,OTHER\n", "conveningId": convening });
        let answer = import_with(&service.as_role(Role::Staff), input).await;
        assert_eq!(problems(&answer), ["[\"conveningId\"] | INVALID"]);
    });
}

#[test]
fn of_two_imports_of_one_file_one_is_done_whole() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let convening = &fixture.find("Convening", "draft").id;
        let lines: Vec<_> = (1..=20).map(|number| format!("alder-{number},Alder {number},BREAKOUT")).collect();
        let csv = format!("slug,title,format\n{}", lines.join("\n"));
        let input = json!({ "what": "SESSIONS", "csv": csv, "conveningId": convening });
        let asked: Vec<_> = (0..6)
            .map(|_| {
                let (staff, input) = (staff.clone(), input.clone());
                tokio::spawn(async move { import_with(&staff, input).await })
            })
            .collect();
        let mut done = 0;
        for answer in asked {
            let answer = answer.await.expect("an answer");
            match counts(&answer) {
                [20, 0, 0] => done += 1,
                _ => assert_eq!(problems(&answer).len(), 20, "{}", answer.text),
            }
        }
        assert_eq!(done, 1);
        let all = rows(&export(&staff, "sessions.csv?convening=draft").await.text);
        assert_eq!(all.iter().filter(|row| row["slug"].starts_with("alder-")).count(), 20);
    });
}
