//! Statements of interest: written, sent, mended and counted, by whom and when.

use crate::writes::{assert_one_of_a_hundred, refusals};
use chrono::TimeDelta;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::fixtures::Fixture;
use tests::{Service, contents, with_fixture};

const CREATE: &str = "mutation ($input: CreateTeamInput!) { createTeam(input: $input) {
    team { id status statement submittedAt firstTime version can } userErrors { field code message } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateTeamInput!) {
    updateTeam(id: $id, version: $version, input: $input) { team { statement version } userErrors { field code message } } }";
const SUBMIT: &str = "mutation ($id: ID!, $version: Int!) { submitTeam(id: $id, version: $version) {
    team { status submittedAt version } userErrors { field code message allowed } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) { deleteTeam(id: $id, version: $version) {
    team { status } userErrors { field code message } } }";

/// Who leads the team of the tests' own district.
fn lead(service: &Service, fixture: &Fixture) -> Service {
    service.as_grants(vec![Grant::new(Role::TeamLead, Scope::District(fixture.key("District", "alder")))])
}

/// Opens a window of two days around now at the gathering that takes applications, where no team stands yet.
async fn open(service: &Service, fixture: &Fixture) {
    let now = Service::clock().now();
    let (from, until) = (now - TimeDelta::days(1), now + TimeDelta::days(1));
    let sql = format!(
        "DELETE FROM seat_assignment USING team_member m JOIN team t ON t.id = m.team_id JOIN convening c ON c.id = t.convening_id
           WHERE member_id = m.id AND c.slug = 'applying';
         DELETE FROM team_member USING team t JOIN convening c ON c.id = t.convening_id WHERE team_id = t.id AND c.slug = 'applying';
         DELETE FROM team USING convening c WHERE c.id = convening_id AND c.slug = 'applying';
         UPDATE convening SET applications_open_at = '{from}', applications_close_at = '{until}' WHERE slug = 'applying'"
    );
    service.db.execute_unprepared(&sql).await.expect("an open window");
    assert!(fixture.rows.iter().any(|row| row.name == "applying"));
}

fn input(fixture: &Fixture, district: &str) -> Value {
    json!({ "input": { "conveningId": fixture.find("Convening", "applying").id,
        "districtId": fixture.find("District", district).id, "statement": "We would like to learn together." } })
}

#[test]
fn a_team_lead_drafts_sends_and_mends_a_statement_until_the_window_closes() {
    with_fixture(async |service, fixture| {
        open(&service, &fixture).await;
        let lead = lead(&service, &fixture);
        let made = lead.ask_with(CREATE, &input(&fixture, "alder")).await.at("/createTeam/team");
        assert_eq!(
            (&made["status"], &made["version"], &made["submittedAt"]),
            (&json!("DRAFT"), &json!(1), &Value::Null)
        );
        assert_eq!(made["can"], json!(["update", "delete", "submit", "withdraw"]));
        let sent = lead.ask_with(SUBMIT, &json!({ "id": made["id"], "version": 1 })).await;
        assert_eq!(refusals(&sent, "submitTeam"), Vec::<String>::new());
        assert_eq!(sent.at("/submitTeam/team/status"), "SUBMITTED");
        assert_eq!(sent.at("/submitTeam/team/version"), 2);
        let again = lead.ask_with(SUBMIT, &json!({ "id": made["id"], "version": 2 })).await;
        assert_eq!(again.at("/submitTeam/userErrors/0/code"), "ILLEGAL_TRANSITION");
        assert_eq!(again.at("/submitTeam/userErrors/0/allowed"), json!(["WITHDRAWN"]), "what is the team's own to do");
        let mend = json!({ "id": made["id"], "version": 2, "input": { "statement": "We would like to teach, too." } });
        let mended = lead.ask_with(UPDATE, &mend).await;
        assert_eq!(mended.at("/updateTeam/team"), json!({ "statement": "We would like to teach, too.", "version": 3 }));
        let empty = json!({ "id": made["id"], "version": 3, "input": { "statement": null } });
        assert_eq!(refusals(&lead.ask_with(UPDATE, &empty).await, "updateTeam"), ["[\"statement\"] | REQUIRED"]);
        // The team's own acts are told to it, and how it came to them.
        let history = "query ($id: ID!) { team(id: $id) { history { nodes { action changes { field after } } } } }";
        let told = lead.ask_with(history, &json!({ "id": made["id"] })).await;
        assert_eq!(told.each("/team/history/nodes", "/action"), ["UPDATED", "UPDATED", "CREATED"]);
        assert_eq!(told.at("/team/history/nodes/0/changes/0/after"), "We would like to teach, too.");
        let late = lead.later(TimeDelta::days(2));
        let mend = json!({ "id": made["id"], "version": 3, "input": { "statement": "Too late." } });
        assert_eq!(refusals(&late.ask_with(UPDATE, &mend).await, "updateTeam"), ["[\"id\"] | CONFLICT"]);
        // Those who run the convening mend it all the same.
        let staff = service.as_role(Role::Staff).later(TimeDelta::days(2));
        assert_eq!(refusals(&staff.ask_with(UPDATE, &mend).await, "updateTeam"), Vec::<String>::new());
    });
}

#[test]
fn nobody_applies_for_another_district_outside_of_the_window_or_twice() {
    with_fixture(async |service, fixture| {
        let lead = lead(&service, &fixture);
        let early = lead.ask_with(CREATE, &input(&fixture, "alder")).await;
        assert!(refusals(&early, "createTeam").contains(&"[\"districtId\"] | TAKEN".to_owned()), "{}", early.text);
        open(&service, &fixture).await;
        let before = contents(&service.db).await;
        assert_eq!(lead.ask_with(CREATE, &input(&fixture, "birch")).await.codes(), ["FORBIDDEN"]);
        assert_eq!(service.ask_with(CREATE, &input(&fixture, "alder")).await.codes(), ["UNAUTHENTICATED"]);
        for role in [Role::Partner, Role::Evaluator, Role::Auditor] {
            let other = service.as_role(role);
            assert_eq!(other.ask_with(CREATE, &input(&fixture, "alder")).await.codes(), ["FORBIDDEN"], "{role:?}");
        }
        for days in [-2, 2] {
            let then = lead.later(TimeDelta::days(days));
            let refused = then.ask_with(CREATE, &input(&fixture, "alder")).await;
            assert_eq!(refusals(&refused, "createTeam"), ["[\"conveningId\"] | CONFLICT"]);
        }
        let mut hidden = input(&fixture, "alder");
        hidden["input"]["conveningId"] = json!(fixture.find("Convening", "draft").id);
        assert_eq!(refusals(&lead.ask_with(CREATE, &hidden).await, "createTeam"), ["[\"conveningId\"] | NOT_FOUND"]);
        assert!(contents(&service.db).await == before, "nothing was written");
        lead.ask_with(CREATE, &input(&fixture, "alder")).await.at("/createTeam/team/id");
        let twice = lead.ask_with(CREATE, &input(&fixture, "alder")).await;
        assert_eq!(refusals(&twice, "createTeam"), ["[\"districtId\"] | TAKEN"]);
    });
}

#[test]
fn an_organizer_writes_statements_for_the_own_convening_and_no_other() {
    with_fixture(async |service, fixture| {
        open(&service, &fixture).await;
        let organizer = |name: &str| {
            let own = Scope::Convening(fixture.key("Convening", name));
            service.as_grants(vec![Grant::new(Role::Organizer, own)]).later(TimeDelta::days(3))
        };
        let other = organizer("announced").ask_with(CREATE, &input(&fixture, "alder")).await;
        assert_eq!(refusals(&other, "createTeam"), ["[\"conveningId\"] | CONFLICT"]);
        let own = organizer("applying").ask_with(CREATE, &input(&fixture, "alder")).await;
        assert_eq!(refusals(&own, "createTeam"), Vec::<String>::new(), "also when the window is over");
    });
}

#[test]
fn a_draft_without_members_can_be_taken_away_and_nothing_else() {
    with_fixture(async |service, fixture| {
        open(&service, &fixture).await;
        let lead = lead(&service, &fixture);
        let made = lead.ask_with(CREATE, &input(&fixture, "alder")).await.at("/createTeam/team");
        lead.ask_with(SUBMIT, &json!({ "id": made["id"], "version": 1 })).await.at("/submitTeam/team/status");
        let refused = lead.ask_with(DELETE, &json!({ "id": made["id"], "version": 2 })).await;
        assert_eq!(refusals(&refused, "deleteTeam"), ["[\"id\"] | CONFLICT"]);
        let staff = service.as_role(Role::Staff);
        let made = staff.ask_with(CREATE, &input(&fixture, "birch")).await.at("/createTeam/team");
        let gone = staff.ask_with(DELETE, &json!({ "id": made["id"], "version": 1 })).await;
        assert_eq!(refusals(&gone, "deleteTeam"), Vec::<String>::new());
    });
}

#[test]
fn a_statement_is_sent_once_however_often_it_is_asked_for() {
    with_fixture(async |service, fixture| {
        open(&service, &fixture).await;
        let lead = lead(&service, &fixture);
        let made = lead.ask_with(CREATE, &input(&fixture, "alder")).await.at("/createTeam/team");
        assert_one_of_a_hundred(&lead, (SUBMIT, "submitTeam"), |_| json!({ "id": made["id"], "version": 1 })).await;
    });
}

#[test]
fn a_statement_that_is_not_written_is_not_sent() {
    with_fixture(async |service, fixture| {
        open(&service, &fixture).await;
        let lead = lead(&service, &fixture);
        let mut draft = input(&fixture, "alder");
        draft["input"]["statement"] = Value::Null;
        let made = lead.ask_with(CREATE, &draft).await.at("/createTeam/team");
        let refused = lead.ask_with(SUBMIT, &json!({ "id": made["id"], "version": 1 })).await;
        assert_eq!(refusals(&refused, "submitTeam"), ["[\"statement\"] | REQUIRED"]);
        draft["input"]["districtId"] = json!(fixture.find("District", "birch").id);
        draft["input"]["statement"] = json!("a".repeat(10_001));
        let refused = service.as_role(Role::Staff).ask_with(CREATE, &draft).await;
        assert_eq!(refusals(&refused, "createTeam"), ["[\"statement\"] | INVALID"]);
    });
}

#[test]
fn who_applied_is_counted_for_those_who_choose_and_for_nobody_else() {
    const COUNT: &str = "query ($id: ID!) { applications(conveningId: $id, groupBy: []) { teams }
        each: applications(conveningId: $id, groupBy: [COUNTY, REGION, DISTRICT_KIND, FIRST_TIME, STATUS]) {
          county { name } region { number } districtKind firstTime status teams } }";
    with_fixture(async |service, fixture| {
        let id = json!({ "id": fixture.find("Convening", "selected").id });
        let staff = service.as_role(Role::Staff).ask_with(COUNT, &id).await;
        let listed =
            "query ($id: ID!) { convening(by: {id: $id}) { teams(first: 100) { nodes { status submittedAt firstTime
            district { kind county { name region { number } } } } } } }";
        let listed = service.as_role(Role::Staff).ask_with(listed, &id).await;
        // By hand, from the list of teams.
        let mut by_hand = std::collections::BTreeMap::new();
        for team in listed.at("/convening/teams/nodes").as_array().expect("teams") {
            if team["submittedAt"].is_string() {
                let (district, county) = (&team["district"], &team["district"]["county"]);
                let group = json!([
                    county["name"],
                    county["region"]["number"],
                    district["kind"],
                    team["firstTime"],
                    team["status"]
                ]);
                *by_hand.entry(group.to_string()).or_insert(0) += 1;
            }
        }
        let total: i64 = by_hand.values().sum();
        assert!(total > 3, "there is something to count: {by_hand:?}");
        assert_eq!(staff.at("/applications/0/teams"), total);
        let counted: std::collections::BTreeMap<String, i64> = staff
            .at("/each")
            .as_array()
            .expect("groups")
            .iter()
            .map(|row| {
                let group = json!([
                    row["county"]["name"],
                    row["region"]["number"],
                    row["districtKind"],
                    row["firstTime"],
                    row["status"]
                ]);
                (group.to_string(), row["teams"].as_i64().unwrap_or_default())
            })
            .collect();
        assert_eq!(counted, by_hand);
        let organizer = Grant::new(Role::Organizer, Scope::Convening(fixture.key("Convening", "selected")));
        assert_eq!(service.as_grants(vec![organizer]).ask_with(COUNT, &id).await.at("/applications/0/teams"), total);
        let other = Grant::new(Role::Organizer, Scope::Convening(fixture.key("Convening", "announced")));
        assert_eq!(service.as_grants(vec![other]).ask_with(COUNT, &id).await.codes(), ["FORBIDDEN"; 2]);
        assert_eq!(lead(&service, &fixture).ask_with(COUNT, &id).await.codes(), ["FORBIDDEN"; 2]);
        assert_eq!(service.ask_with(COUNT, &id).await.codes(), ["UNAUTHENTICATED"; 2]);
        let hidden = json!({ "id": fixture.find("Convening", "draft").id });
        assert_eq!(service.as_grants(vec![other]).ask_with(COUNT, &hidden).await.codes(), ["NOT_FOUND"; 2]);
    });
}
