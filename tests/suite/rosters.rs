//! Who is put into a team, by whom and until when; and that nobody gets to know by it how to reach a stranger.

use crate::writes::refusals;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::fixtures::{Fixture, global_id};
use tests::{Service, contents, with_fixture};

const ADD: &str = "mutation ($input: AddTeamMemberInput!) { addTeamMember(input: $input) {
    teamMember { id seat isLead version can person { name contact { email } } } userErrors { field code message } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateTeamMemberInput!) {
    updateTeamMember(id: $id, version: $version, input: $input) {
      teamMember { seat isLead version } userErrors { field code } } }";
const REMOVE: &str = "mutation ($id: ID!, $version: Int!) { removeTeamMember(id: $id, version: $version) {
    teamMember { seat } userErrors { field code } } }";
const PERSON: &str =
    "mutation { createPerson(input: {name: \"Quill Newcomer\", contact: {email: \"quill@example.org\"}}) {
    person { id } userErrors { field code } } }";

/// Who leads the team of the tests' own district, with an account, so that whom it enters is its own.
async fn lead(service: &Service, fixture: &Fixture) -> Service {
    let grant = Grant::new(Role::TeamLead, Scope::District(fixture.key("District", "alder")));
    service.signed_in("lead@example.org", &[grant]).await
}

fn member(fixture: &Fixture, team: &str, person: &Value) -> Value {
    json!({ "input": { "teamId": fixture.find("Team", team).id, "personId": person, "seat": "OTHER" } })
}

#[test]
fn a_team_lead_fills_changes_and_clears_the_own_team() {
    with_fixture(async |service, fixture| {
        let lead = lead(&service, &fixture).await;
        let person = lead.ask(PERSON).await.at("/createPerson/person/id");
        let made =
            lead.ask_with(ADD, &member(&fixture, "decided-alder", &person)).await.at("/addTeamMember/teamMember");
        assert_eq!(made["person"]["contact"]["email"], "quill@example.org");
        assert_eq!(made["can"], json!(["update", "delete"]));
        let twice = lead.ask_with(ADD, &member(&fixture, "decided-alder", &person)).await;
        assert_eq!(refusals(&twice, "addTeamMember"), ["[\"personId\"] | TAKEN"]);
        let change = json!({ "id": made["id"], "version": 1, "input": { "seat": "SUPERINTENDENT", "isLead": true } });
        let changed = lead.ask_with(UPDATE, &change).await.at("/updateTeamMember/teamMember");
        assert_eq!(changed, json!({ "seat": "SUPERINTENDENT", "isLead": true, "version": 2 }));
        // One leads: the next one does so in the stead of the first.
        let list = "query ($id: ID!) { team(id: $id) { members { nodes { id isLead version person { name } } } } }";
        let id = json!({ "id": fixture.find("Team", "decided-alder").id });
        let members = lead.ask_with(list, &id).await.at("/team/members/nodes");
        let other =
            members.as_array().expect("members").iter().find(|other| other["id"] != made["id"]).expect("one").clone();
        let change = json!({ "id": other["id"], "version": other["version"], "input": { "isLead": true } });
        assert_eq!(lead.ask_with(UPDATE, &change).await.at("/updateTeamMember/teamMember/isLead"), true);
        let leads = lead.ask_with(list, &id).await.at("/team/members/nodes");
        let leads: Vec<_> = leads.as_array().expect("members").iter().filter(|one| one["isLead"] == true).collect();
        assert_eq!(leads.len(), 1);
        assert_eq!(leads[0]["id"], other["id"]);
        let gone = lead.ask_with(REMOVE, &json!({ "id": made["id"], "version": 3 })).await;
        assert_eq!(refusals(&gone, "removeTeamMember"), Vec::<String>::new());
    });
}

#[test]
fn nobody_seats_a_stranger_to_learn_how_to_reach_that_person() {
    with_fixture(async |service, fixture| {
        let lead = lead(&service, &fixture).await;
        let organizer = Grant::new(Role::Organizer, Scope::Convening(fixture.key("Convening", "decided")));
        let organizer = service.signed_in("organizer@example.org", &[organizer]).await;
        // Somebody whom everybody sees, because the agenda was published.
        let speaker =
            fixture.rows.iter().find(|row| row.typename == "Person" && row.name.starts_with("agenda-of-programme"));
        let speaker = json!(speaker.expect("a speaker").id);
        let before = contents(&service.db).await;
        for viewer in [&lead, &organizer] {
            let refused = viewer.ask_with(ADD, &member(&fixture, "decided-alder", &speaker)).await;
            assert_eq!(refusals(&refused, "addTeamMember"), ["[\"personId\"] | INVALID"]);
            let hidden = json!(fixture.find("Person", "roster-of-draft-birch").id);
            let refused = viewer.ask_with(ADD, &member(&fixture, "decided-alder", &hidden)).await;
            assert_eq!(refusals(&refused, "addTeamMember"), ["[\"personId\"] | NOT_FOUND"]);
        }
        assert!(contents(&service.db).await == before, "nothing was written");
        let staff = service.as_role(Role::Staff).ask_with(ADD, &member(&fixture, "decided-alder", &speaker)).await;
        assert_eq!(refusals(&staff, "addTeamMember"), Vec::<String>::new());
    });
}

#[test]
fn a_roster_that_is_frozen_is_for_those_who_run_the_convening() {
    with_fixture(async |service, fixture| {
        let lead = lead(&service, &fixture).await;
        let person = lead.ask(PERSON).await.at("/createPerson/person/id");
        let freeze =
            format!("UPDATE convening SET roster_freezes_at = '{}' WHERE slug = 'decided'", Service::clock().now());
        service.db.execute_unprepared(&freeze).await.expect("a frozen roster");
        let refused = lead.ask_with(ADD, &member(&fixture, "decided-alder", &person)).await;
        assert_eq!(refusals(&refused, "addTeamMember"), ["[\"teamId\"] | CONFLICT"]);
        let row = fixture.rows.iter().find(|row| row.typename == "TeamMember" && row.name.contains("decided-alder"));
        let id = &row.expect("a member").id;
        let change = json!({ "id": id, "version": 1, "input": { "seat": "OTHER" } });
        assert_eq!(refusals(&lead.ask_with(UPDATE, &change).await, "updateTeamMember"), ["[\"id\"] | CONFLICT"]);
        let refused = lead.ask_with(REMOVE, &json!({ "id": id, "version": 1 })).await;
        assert_eq!(refusals(&refused, "removeTeamMember"), ["[\"id\"] | CONFLICT"]);
        let staff = service.as_role(Role::Staff);
        assert_eq!(
            refusals(&staff.ask_with(ADD, &member(&fixture, "decided-alder", &person)).await, "addTeamMember"),
            Vec::<String>::new()
        );
        assert_eq!(refusals(&staff.ask_with(UPDATE, &change).await, "updateTeamMember"), Vec::<String>::new());
    });
}

#[test]
fn rosters_of_others_are_not_there_or_not_for_one() {
    with_fixture(async |service, fixture| {
        let lead = lead(&service, &fixture).await;
        let person = lead.ask(PERSON).await.at("/createPerson/person/id");
        let before = contents(&service.db).await;
        // A team that takes part is seen, and its roster is another's; one that is not published is not there.
        let seen = lead.ask_with(ADD, &member(&fixture, "completed-birch", &person)).await;
        let hidden = lead.ask_with(ADD, &member(&fixture, "draft-birch", &person)).await;
        let missing = global_id("Team", entity::ids::TeamId::new().0);
        let mut input = member(&fixture, "draft-birch", &person);
        input["input"]["teamId"] = json!(missing);
        assert_eq!(hidden.text, lead.ask_with(ADD, &input).await.text);
        assert_eq!(refusals(&hidden, "addTeamMember"), ["[\"teamId\"] | NOT_FOUND"]);
        assert!(
            seen.codes() == ["FORBIDDEN"] || refusals(&seen, "addTeamMember") == ["[\"teamId\"] | NOT_FOUND"],
            "{}",
            seen.text
        );
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}
