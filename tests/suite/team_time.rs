//! Levels of experience, the focus questions of each, and what a team says of itself.

use crate::expectations::viewers;
use crate::walk::nodes;
use crate::writes::{assert_one_of_a_hundred, refusals};
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::fixtures::{DISTRICTS, Fixture, GATHERINGS, Part};
use tests::{Answer, Service, contents, with_fixture};

const CREATE_LEVEL: &str = "mutation ($input: CreateExperienceLevelInput!) { createExperienceLevel(input: $input) {
    experienceLevel { id position title description version can } userErrors { field code } } }";
const CREATE_QUESTION: &str = "mutation ($input: CreateFocusQuestionInput!) { createFocusQuestion(input: $input) {
    focusQuestion { id position text level { title } } userErrors { field code } } }";
pub(crate) const RATE: &str = "mutation ($team: ID!, $version: Int!, $level: ID) {
    rateTeamExperience(teamId: $team, version: $version, levelId: $level) {
      team { version experienceLevel { title } focusQuestions { text } } userErrors { field code message } } }";
const HEADLINE: &str = "mutation ($team: ID!, $version: Int!, $headline: String) {
    setTeamHeadline(teamId: $team, version: $version, headline: $headline) {
      team { version headline } userErrors { field code } } }";
const LEVELS: &str = "query ($id: ID!) { convening(by: {id: $id}) {
    experienceLevels { position title questions { position text } } } }";

/// Whoever runs a gathering.
fn organizer(service: &Service, fixture: &Fixture, gathering: &str) -> Service {
    service.as_grants(vec![Grant::new(Role::Organizer, Scope::Convening(fixture.key("Convening", gathering)))])
}

/// Whoever leads the team of a district.
pub(crate) fn lead(service: &Service, fixture: &Fixture, district: &str) -> Service {
    service.as_grants(vec![Grant::new(Role::TeamLead, Scope::District(fixture.key("District", district)))])
}

async fn create_level(service: &Service, fixture: &Fixture, gathering: &str, title: &str) -> Answer {
    let convening = &fixture.find("Convening", gathering).id;
    service.ask_with(CREATE_LEVEL, &json!({ "input": { "conveningId": convening, "title": title } })).await
}

async fn create_question(service: &Service, level: &Value, text: &str) -> Answer {
    service.ask_with(CREATE_QUESTION, &json!({ "input": { "levelId": level, "text": text } })).await
}

#[test]
fn whoever_runs_a_convening_writes_its_levels_and_questions() {
    with_fixture(async |service, fixture| {
        let organizer = organizer(&service, &fixture, "programme");
        let level = create_level(&organizer, &fixture, "programme", "Under way").await;
        let level = level.at("/createExperienceLevel/experienceLevel");
        assert_eq!((&level["position"], &level["can"]), (&json!(2), &json!(["update", "delete"])));
        let mut asked = Vec::new();
        for text in ["What next?", "Who else?"] {
            let made = create_question(&organizer, &level["id"], text).await.at("/createFocusQuestion/focusQuestion");
            assert_eq!(made["level"], json!({ "title": "Under way" }));
            asked.push(made["id"].clone());
        }
        let change = "mutation ($id: ID!) { updateExperienceLevel(id: $id, version: 1, input: {title: \"On the way\"},
            reason: \"Plainer.\") { experienceLevel { title version } userErrors { field code } } }";
        let changed = organizer.ask_with(change, &json!({ "id": level["id"] })).await;
        assert_eq!(
            changed.at("/updateExperienceLevel/experienceLevel"),
            json!({ "title": "On the way", "version": 2 })
        );
        let change = "mutation ($id: ID!) { updateFocusQuestion(id: $id, version: 1, input: {text: \"Who first?\"}) {
            focusQuestion { text } userErrors { field code } } }";
        organizer.ask_with(change, &json!({ "id": asked[1] })).await.data();
        let order = "mutation ($level: ID!, $ids: [ID!]!) { reorderFocusQuestions(levelId: $level, questionIds: $ids) {
            experienceLevel { questions { text } } userErrors { field code } } }";
        let all = json!({ "level": level["id"], "ids": [asked[1], asked[0]] });
        let ordered = organizer.ask_with(order, &all).await;
        let texts = ordered.each("/reorderFocusQuestions/experienceLevel/questions", "/text");
        assert_eq!(texts, ["Who first?", "What next?"]);
        let some = organizer.ask_with(order, &json!({ "level": level["id"], "ids": [asked[1]] })).await;
        assert_eq!(refusals(&some, "reorderFocusQuestions"), ["[\"questionIds\"] | INVALID"]);
        let convening = &fixture.find("Convening", "programme").id;
        let first = &fixture.find("ExperienceLevel", "agenda-of-programme").id;
        let order = "mutation ($convening: ID!, $ids: [ID!]!) {
            reorderExperienceLevels(conveningId: $convening, levelIds: $ids) {
              convening { experienceLevels { title } } userErrors { field code } } }";
        let ids = json!({ "convening": convening, "ids": [level["id"], first] });
        organizer.ask_with(order, &ids).await.data();
        let public = service.ask_with(LEVELS, &json!({ "id": convening })).await;
        let lines = public.lines("/convening/experienceLevels", &["/position", "/title", "/questions/0/text"]);
        assert_eq!(
            lines,
            ["1 | On the way | Who first?", "2 | Level agenda-of-programme | Question agenda-of-programme"]
        );
        let history = "query ($id: ID!) { node(id: $id) { ... on ExperienceLevel { history { nodes {
            reason changes { field before after } } } } } }";
        let told = organizer.ask_with(history, &json!({ "id": level["id"] })).await;
        let entries = told.lines("/node/history/nodes", &["/reason", "/changes/0/field", "/changes/0/after"]);
        assert_eq!(entries[1], "Plainer. | title | On the way");
        let gone = "mutation ($id: ID!) { deleteFocusQuestion(id: $id, version: 3) { focusQuestion { id } userErrors { code } } }";
        organizer.ask_with(gone, &json!({ "id": asked[1] })).await.data();
    });
}

#[test]
fn nobody_writes_on_anothers_agenda_and_what_is_wrong_is_told() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        let other = organizer(&service, &fixture, "draft");
        let level = json!(fixture.find("ExperienceLevel", "agenda-of-programme").id);
        for (viewer, code) in [
            (service.clone(), "UNAUTHENTICATED"),
            (service.as_role(Role::Auditor), "FORBIDDEN"),
            (lead(&service, &fixture, "alder"), "FORBIDDEN"),
            (other.clone(), "FORBIDDEN"),
        ] {
            assert_eq!(create_level(&viewer, &fixture, "programme", "Mine").await.codes(), [code]);
            assert_eq!(create_question(&viewer, &level, "Mine?").await.codes(), [code]);
        }
        let hidden = create_level(&organizer(&service, &fixture, "programme"), &fixture, "draft", "Mine").await;
        assert_eq!(refusals(&hidden, "createExperienceLevel"), ["[\"conveningId\"] | NOT_FOUND"]);
        let staff = service.as_role(Role::Staff);
        let blank = create_level(&staff, &fixture, "programme", " ").await;
        assert_eq!(refusals(&blank, "createExperienceLevel"), ["[\"title\"] | REQUIRED"]);
        assert_eq!(
            refusals(&create_question(&staff, &level, "").await, "createFocusQuestion"),
            ["[\"text\"] | INVALID"]
        );
        // Teams have given themselves this level.
        let gone = "mutation ($id: ID!) { deleteExperienceLevel(id: $id, version: 1) { userErrors { field code } } }";
        let kept = staff.ask_with(gone, &json!({ "id": level })).await;
        assert_eq!(refusals(&kept, "deleteExperienceLevel"), ["[\"id\"] | IN_USE"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn a_team_rates_itself_and_is_given_the_questions_of_its_level() {
    with_fixture(async |service, fixture| {
        let (staff, lead) = (service.as_role(Role::Staff), lead(&service, &fixture, "alder"));
        let made = create_level(&staff, &fixture, "programme", "Under way").await;
        let level = made.at("/createExperienceLevel/experienceLevel/id");
        create_question(&staff, &level, "What next?").await.data();
        let team = &fixture.find("Team", "programme-alder").id;
        let rate = async |service: &Service, version: i32, level: &Value| {
            service.ask_with(RATE, &json!({ "team": team, "version": version, "level": level })).await
        };
        let rated = rate(&lead, 1, &level).await.at("/rateTeamExperience/team");
        let given = json!([{ "text": "What next?" }]);
        assert_eq!(
            rated,
            json!({ "version": 2, "experienceLevel": { "title": "Under way" }, "focusQuestions": given })
        );
        let same = rate(&lead, 2, &level).await.at("/rateTeamExperience/team");
        assert_eq!(same["version"], 2, "what changes nothing is no change");
        let stale = rate(&lead, 1, &Value::Null).await;
        assert_eq!(refusals(&stale, "rateTeamExperience"), ["[\"version\"] | STALE_VERSION"]);
        let of_another = json!(fixture.find("ExperienceLevel", "agenda-of-completed").id);
        let wrong = rate(&lead, 2, &of_another).await;
        assert_eq!(refusals(&wrong, "rateTeamExperience"), ["[\"levelId\"] | INVALID"]);
        let hidden = json!(fixture.find("ExperienceLevel", "agenda-of-draft").id);
        assert_eq!(refusals(&rate(&lead, 2, &hidden).await, "rateTeamExperience"), ["[\"levelId\"] | NOT_FOUND"]);
        let headline = json!({ "team": team, "version": 2, "headline": "Alder Trusts Alder" });
        let set = lead.ask_with(HEADLINE, &headline).await.at("/setTeamHeadline/team");
        assert_eq!(set, json!({ "version": 3, "headline": "Alder Trusts Alder" }));
        let blank = lead.ask_with(HEADLINE, &json!({ "team": team, "version": 3, "headline": "" })).await;
        assert_eq!(refusals(&blank, "setTeamHeadline"), ["[\"headline\"] | REQUIRED"]);
        let back = rate(&lead, 3, &Value::Null).await.at("/rateTeamExperience/team");
        assert_eq!(back, json!({ "version": 4, "experienceLevel": null, "focusQuestions": [] }));
        let history =
            "query ($id: ID!) { team(id: $id) { history { nodes { part changes { field before after } } } } }";
        let told = lead.ask_with(history, &json!({ "id": team })).await;
        let told = told.lines("/team/history/nodes", &["/part", "/changes/0/field", "/changes/0/after"]);
        // The team's own row has another version since, and nothing else that is told.
        let told: Vec<String> = told.into_iter().filter(|line| line.starts_with("team_time")).collect();
        assert_eq!(told[..2], ["team_time | levelId | –", "team_time | headline | Alder Trusts Alder"]);
        // Those who run the convening write it down for a team without a computer.
        let organizer = organizer(&service, &fixture, "programme");
        assert_eq!(rate(&organizer, 4, &level).await.at("/rateTeamExperience/team/version"), 5);
    });
}

#[test]
fn a_team_that_said_nothing_yet_begins_with_either() {
    with_fixture(async |service, fixture| {
        use sea_orm::ConnectionTrait as _;
        service.db.execute_unprepared("DELETE FROM team_time").await.expect("nothing said");
        let lead = lead(&service, &fixture, "alder");
        let team = &fixture.find("Team", "completed-alder").id;
        let nothing = lead.ask_with(HEADLINE, &json!({ "team": team, "version": 1, "headline": null })).await;
        assert_eq!(nothing.at("/setTeamHeadline/team"), json!({ "version": 1, "headline": null }));
        let headline = json!({ "team": team, "version": 1, "headline": "Alder Trusts Alder" });
        assert_eq!(lead.ask_with(HEADLINE, &headline).await.at("/setTeamHeadline/team/version"), 2);
    });
}

#[test]
fn others_teams_are_not_anybodys_to_rate() {
    with_fixture(async |service, fixture| {
        let level = &fixture.find("ExperienceLevel", "agenda-of-programme").id;
        let team = |name: &str| json!({ "team": fixture.find("Team", name).id, "version": 1, "level": level });
        let before = contents(&service.db).await;
        let [seen, unseen] = ["programme-alder", "draft-alder"].map(team);
        for (viewer, codes) in [
            (service.clone(), ["UNAUTHENTICATED", "NOT_FOUND"]),
            (service.as_role(Role::Evaluator), ["FORBIDDEN", "NOT_FOUND"]),
            (lead(&service, &fixture, "birch"), ["FORBIDDEN", "NOT_FOUND"]),
            (organizer(&service, &fixture, "decided"), ["FORBIDDEN", "NOT_FOUND"]),
            (service.as_role(Role::Auditor), ["FORBIDDEN", "FORBIDDEN"]),
        ] {
            let found = [viewer.ask_with(RATE, &seen).await.codes(), viewer.ask_with(RATE, &unseen).await.codes()];
            assert_eq!(found.concat(), codes);
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn what_a_team_says_of_itself_is_for_it_and_for_those_who_run_the_convening() {
    with_fixture(async |service, fixture| {
        let teams =
            || GATHERINGS.iter().flat_map(|gathering| DISTRICTS[..3].iter().map(|name| (gathering.name, *name)));
        let ids: Vec<&str> =
            teams().map(|(at, district)| fixture.find("Team", &format!("{at}-{district}")).id.as_str()).collect();
        let selection = "... on Team { headline experienceLevel { title } focusQuestions { text } }";
        for viewer in viewers(&fixture) {
            let found = nodes(&viewer.service(&service), &ids, selection).await;
            for ((gathering, district), found) in teams().zip(found).filter(|(_, found)| !found.is_null()) {
                let (knows, agenda) =
                    (viewer.sees_roster(gathering, district), viewer.sees(&[Part::Agenda(gathering)]));
                let name = format!("agenda-of-{gathering}");
                let expected = json!({
                    "headline": knows.then(|| format!("Headline roster-of-{gathering}-{district}")),
                    "experienceLevel": (knows && agenda).then(|| json!({ "title": format!("Level {name}") })),
                    "focusQuestions": match (knows, agenda) {
                        (false, _) => Value::Null,
                        (true, false) => json!([]),
                        (true, true) => json!([{ "text": format!("Question {name}") }]),
                    },
                });
                assert_eq!(found, expected, "{}: {gathering}-{district}", viewer.name);
            }
        }
    });
}

#[test]
fn of_a_hundred_ratings_of_one_version_one_counts() {
    with_fixture(async |service, fixture| {
        use sea_orm::ConnectionTrait as _;
        service.db.execute_unprepared("DELETE FROM team_time").await.expect("nothing said");
        let team = fixture.find("Team", "completed-alder").id.clone();
        let lead = lead(&service, &fixture, "alder");
        let said = |number: usize| json!({ "team": team, "version": 1, "headline": format!("Headline {number}") });
        assert_one_of_a_hundred(&lead, (HEADLINE, "setTeamHeadline"), said).await;
    });
}
