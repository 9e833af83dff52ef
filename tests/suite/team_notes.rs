//! What a team wrote down for itself alone: whoever leads the team of that district finds it, also years later, and
//! nobody else does, on no path.

use crate::spreadsheet_export::{EXPORTS, export};
use crate::team_time::lead;
use crate::writes::refusals;
use chrono::TimeDelta;
use lmi::auth::{Grant, Role, Scope, Viewer};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::fixtures::Fixture;
use tests::{Answer, Service, contents, with_fixture};

const WRITE: &str = "mutation ($input: WriteTeamNoteInput!) { writeTeamNote(input: $input) {
    teamNote { id version can text questionAsAsked question { text } team { district { slug } } }
    userErrors { field code message } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateTeamNoteInput!) {
    updateTeamNote(id: $id, version: $version, input: $input) { teamNote { text version } userErrors { field code } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) { deleteTeamNote(id: $id, version: $version) {
    teamNote { text } userErrors { field code } } }";
const FOUND: &str = "query ($id: ID!) { district(by: {id: $id}) { teams(first: 50) { nodes { convening { slug }
    notes { totalCount nodes { text questionAsAsked question { text } } } } } } }";

/// A word that stands nowhere else.
const SECRET: &str = "xylophonist";

async fn write(service: &Service, fixture: &Fixture, team: &str, question: Option<&str>, text: &str) -> Answer {
    let question = question.map(|name| &fixture.find("FocusQuestion", name).id);
    let input = json!({ "teamId": fixture.find("Team", team).id, "questionId": question, "text": text });
    service.ask_with(WRITE, &json!({ "input": input })).await
}

/// Whoever is not the team's lead, and sees the team.
fn others(service: &Service, fixture: &Fixture) -> Vec<Service> {
    let organizer = Grant::new(Role::Organizer, Scope::Convening(fixture.key("Convening", "programme")));
    let everywhere = [Role::Staff, Role::Admin, Role::Auditor, Role::Evaluator, Role::TeamLead, Role::Partner];
    let mut others: Vec<_> = everywhere.map(|role| service.as_role(role)).into();
    others.push(service.clone());
    others.push(service.as_grants(vec![organizer]));
    others.push(service.as_viewer(Viewer::command_line()));
    others.push(lead(service, fixture, "birch"));
    others
}

#[test]
fn a_team_keeps_several_notes_and_answers() {
    with_fixture(async |service, fixture| {
        let lead = lead(&service, &fixture, "alder");
        let asked = Some("agenda-of-programme");
        let note =
            write(&lead, &fixture, "programme-alder", asked, "Because of trust.").await.at("/writeTeamNote/teamNote");
        let text = "Question agenda-of-programme";
        assert_eq!((&note["questionAsAsked"], &note["question"]), (&json!(text), &json!({ "text": text })));
        assert_eq!(note["can"], json!(["update", "delete"]));
        assert_eq!(note["team"], json!({ "district": { "slug": "alder" } }));
        write(&lead, &fixture, "programme-alder", asked, "And of patience.").await.data();
        let plain = write(&lead, &fixture, "programme-alder", None, "Remember the bus.").await;
        assert_eq!(plain.at("/writeTeamNote/teamNote/questionAsAsked"), Value::Null);
        let change = json!({ "id": note["id"], "version": 1, "input": { "text": "Because of much trust." } });
        let changed = lead.ask_with(UPDATE, &change).await.at("/updateTeamNote/teamNote");
        assert_eq!(changed, json!({ "text": "Because of much trust.", "version": 2 }));
        let stale = lead.ask_with(UPDATE, &change).await;
        assert_eq!(refusals(&stale, "updateTeamNote"), ["[\"version\"] | STALE_VERSION"]);
        let list = "query ($id: ID!) { team(id: $id) { notes { totalCount nodes { text } } } }";
        let id = json!({ "id": fixture.find("Team", "programme-alder").id });
        let texts = lead.ask_with(list, &id).await.each("/team/notes/nodes", "/text");
        let stands = json!("Told in notes-of-programme-alder");
        assert_eq!(
            texts,
            [stands.clone(), json!("Because of much trust."), json!("And of patience."), json!("Remember the bus.")]
        );
        lead.ask_with(DELETE, &json!({ "id": note["id"], "version": 2 })).await.data();
        assert_eq!(lead.ask_with(list, &id).await.at("/team/notes/totalCount"), 3);
    });
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_written() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        let lead = lead(&service, &fixture, "alder");
        let wrong = write(&lead, &fixture, "programme-alder", Some("agenda-of-completed"), " ").await;
        assert_eq!(refusals(&wrong, "writeTeamNote"), ["[\"questionId\"] | INVALID", "[\"text\"] | INVALID"]);
        let hidden = write(&lead, &fixture, "decided-alder", Some("agenda-of-decided"), "x").await;
        assert_eq!(refusals(&hidden, "writeTeamNote"), ["[\"questionId\"] | NOT_FOUND"]);
        let unknown = write(&lead, &fixture, "draft-alder", None, "x").await;
        assert_eq!(refusals(&unknown, "writeTeamNote"), ["[\"teamId\"] | NOT_FOUND"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn nobody_but_the_lead_reads_or_writes_them() {
    with_fixture(async |service, fixture| {
        let lead = lead(&service, &fixture, "alder");
        let note = write(&lead, &fixture, "programme-alder", None, SECRET).await.at("/writeTeamNote/teamNote/id");
        let note = note.as_str().expect("an id").to_owned();
        let team = &fixture.find("Team", "programme-alder").id;
        let before = contents(&service.db).await;
        let read = "query ($note: ID!, $team: ID!) { node(id: $note) { id } nodes(ids: [$note]) { id }
            team(id: $team) { id notes { totalCount nodes { text } } history { totalCount nodes { part changes { after } } } } }";
        for other in others(&service, &fixture) {
            let answer = other.ask_with(read, &json!({ "note": note, "team": team })).await;
            assert_eq!((answer.at("/node"), answer.at("/nodes")), (Value::Null, json!([null])));
            let team = answer.at("/team");
            assert!(team.is_null() || team["notes"].is_null(), "{team}");
            let history = team["history"]["nodes"].as_array().cloned().unwrap_or_default();
            assert!(history.iter().all(|entry| entry["part"] != "team_note"), "{team}");
            let refused = write(&other, &fixture, "programme-alder", None, "Mine.").await.codes();
            assert!([["FORBIDDEN"], ["UNAUTHENTICATED"]].iter().any(|codes| refused == codes), "{refused:?}");
            let change = json!({ "id": note, "version": 1, "input": { "text": "Mine." } });
            assert_eq!(other.ask_with(UPDATE, &change).await.codes(), ["NOT_FOUND"]);
            assert_eq!(other.ask_with(DELETE, &json!({ "id": note, "version": 1 })).await.codes(), ["NOT_FOUND"]);
            let found = other.ask(&format!("{{ search(query: \"{SECRET}\") {{ totalCount }} }}")).await;
            assert_eq!(found.at("/search/totalCount"), 0);
            for (what, ..) in EXPORTS {
                let sheet = export(&other, &format!("{what}.csv")).await.text;
                assert!(!sheet.contains(SECRET) && !sheet.contains("notes-of"), "{what}");
            }
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn the_words_stand_in_one_table_and_in_no_history() {
    with_fixture(async |service, fixture| {
        let lead = lead(&service, &fixture, "alder");
        let note = write(&lead, &fixture, "programme-alder", Some("agenda-of-programme"), SECRET).await;
        let id = note.at("/writeTeamNote/teamNote/id");
        let change = json!({ "id": id, "version": 1, "input": { "text": format!("{SECRET} again") } });
        lead.ask_with(UPDATE, &change).await.data();
        let tables = async |service: &Service| -> Vec<String> {
            let everything = contents(&service.db).await.into_iter();
            let told = everything.filter(|(_, rows)| rows.iter().any(|row| row.contains(SECRET)));
            told.map(|(table, _)| table).collect()
        };
        assert_eq!(tables(&service).await, ["team_note"]);
        let entries = "query ($id: ID!) { node(id: $id) { ... on TeamNote { history { nodes { action changes { field after } } } } } }";
        let entries = lead.ask_with(entries, &json!({ "id": id })).await.text;
        assert!(!entries.contains(SECRET) && entries.contains("CREATED"), "{entries}");
        lead.ask_with(DELETE, &json!({ "id": id, "version": 2 })).await.data();
        assert_eq!(tables(&service).await, [""; 0], "what is taken away is gone");
    });
}

#[test]
fn a_question_that_changes_or_goes_leaves_the_answers_as_they_were() {
    with_fixture(async |service, fixture| {
        let (lead, staff) = (lead(&service, &fixture, "alder"), service.as_role(Role::Staff));
        write(&lead, &fixture, "completed-alder", Some("agenda-of-completed"), "Because.").await.data();
        let question = &fixture.find("FocusQuestion", "agenda-of-completed").id;
        let change = "mutation ($id: ID!) { updateFocusQuestion(id: $id, version: 1, input: {text: \"Why not?\"}) {
            userErrors { code } } }";
        staff.ask_with(change, &json!({ "id": question })).await.data();
        let district = json!({ "id": fixture.find("District", "alder").id });
        let answered = async || {
            let teams = lead.ask_with(FOUND, &district).await.at("/district/teams/nodes");
            let teams = teams.as_array().expect("teams").clone();
            let team = teams.into_iter().find(|team| team["convening"]["slug"] == "completed").expect("the team");
            team["notes"]["nodes"][1].clone()
        };
        let asked = "Question agenda-of-completed";
        assert_eq!(
            answered().await,
            json!({ "text": "Because.", "questionAsAsked": asked, "question": { "text": "Why not?" } })
        );
        let gone = "mutation ($id: ID!) { deleteFocusQuestion(id: $id, version: 2) { userErrors { field code } } }";
        let gone = staff.ask_with(gone, &json!({ "id": question })).await;
        assert_eq!(refusals(&gone, "deleteFocusQuestion"), Vec::<String>::new(), "that there are answers is not told");
        assert_eq!(answered().await, json!({ "text": "Because.", "questionAsAsked": asked, "question": null }));
    });
}

#[test]
fn years_later_whoever_leads_the_team_then_finds_them() {
    with_fixture(async |service, fixture| {
        let leads = Grant::new(Role::TeamLead, Scope::District(fixture.key("District", "alder")));
        let first = service.make_account("first@example.org", &[]).await;
        let granted = service.make_grant(first, leads, None).await;
        let then = service.bearing(&service.sign_in("first@example.org").await.access);
        write(&then, &fixture, "programme-alder", None, SECRET).await.data();
        service
            .db
            .execute_unprepared(&format!(
                "UPDATE convening SET status = 'completed' WHERE slug = 'programme';
                 UPDATE role_grant SET revoked_at = '2026-06-01T12:00:00Z' WHERE id = '{}'",
                granted.0
            ))
            .await
            .expect("a convening that is over, and a lead who leads no more");
        let service = service.later(TimeDelta::days(3 * 365));
        let now = service.signed_in("second@example.org", &[leads]).await;
        let before = service.bearing(&service.sign_in("first@example.org").await.access);
        let district = json!({ "id": fixture.find("District", "alder").id });
        let found = now.ask_with(FOUND, &district).await;
        assert!(found.data().to_string().contains(SECRET), "{}", found.text);
        let gone = before.ask_with(FOUND, &district).await;
        assert!(!gone.data().to_string().contains(SECRET), "{}", gone.text);
    });
}
