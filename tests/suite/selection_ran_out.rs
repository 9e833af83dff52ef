//! An offer that nobody answered in time is over on every path, whether or not anybody has written that down yet.

use crate::seating::refusals;
use crate::selection_stage::Stage;
use crate::spreadsheet_export::{export, rows};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Service, with_empty};

/// Four teams for two places: one is given back and offered on. The number of the team that is offered it.
async fn offered(stage: &Stage) -> u128 {
    stage.select(json!({})).await.data();
    let declines = stage.standing("selected").await[0];
    stage.publish(1).await.data();
    stage.say(&stage.staff, "declineTeam", declines).await.data();
    stage.standing("offered").await[0]
}

/// What the spreadsheet of teams tells of a team: where it stands, and until when it can answer.
async fn exported(service: &Service, id: &Value) -> [String; 2] {
    let answer = export(service, "teams.csv").await;
    let mut rows = rows(&answer.text).into_iter();
    let row = rows.find(|row| *id == row["id"]).expect("a row");
    [row["status"].clone(), row["answerDueAt"].clone()]
}

async fn shown(service: &Service, id: &Value) -> [String; 2] {
    let team = "query ($id: ID!) { team(id: $id) { status answerDueAt } }";
    let team = service.ask_with(team, &json!({ "id": id })).await.at("/team");
    ["status", "answerDueAt"].map(|field| team[field].as_str().unwrap_or_default().to_owned())
}

/// How many teams of the symposium stand so: by the filter of teams, and by the count of applications.
async fn counted(service: &Service, stage: &Stage, status: &str) -> (Value, Value) {
    let document = "query ($id: ID!, $status: [TeamStatus!]) {
        teams(filter: { convening: $id, status: $status }) { totalCount }
        applications(conveningId: $id, groupBy: [STATUS]) { status teams } }";
    let answer = service.ask_with(document, &json!({ "id": stage.convening, "status": [status] })).await;
    let groups = answer.at("/applications");
    let group = groups.as_array().into_iter().flatten().find(|group| group["status"] == status);
    (answer.at("/teams/totalCount"), group.map_or(json!(0), |group| group["teams"].clone()))
}

#[test]
fn an_offer_that_ran_out_is_over_on_every_path() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 4, 2).await;
        let number = offered(&stage).await;
        let id = stage.team(number);
        let almost = TimeDelta::hours(48) - TimeDelta::seconds(1);
        for (wait, status, other) in [(almost, "OFFERED", "EXPIRED"), (TimeDelta::hours(48), "EXPIRED", "OFFERED")] {
            let due = if status == "OFFERED" { "2026-06-03T12:00:00+00:00" } else { "" };
            let staff = stage.staff.later(wait);
            for viewer in [staff.clone(), stage.lead(number).later(wait)] {
                assert_eq!(shown(&viewer, &id).await, [status, due]);
                let [standing, until] = exported(&viewer, &id).await;
                assert_eq!((standing.as_str(), until.is_empty()), (status, due.is_empty()));
            }
            assert_eq!(counted(&staff, &stage, status).await, (json!(1), json!(1)), "{status}");
            assert_eq!(counted(&staff, &stage, other).await, (json!(0), json!(0)), "{other}");
        }
        assert_eq!(stage.standing("offered").await, [number], "nobody has written it down");
    });
}

#[test]
fn what_is_refused_is_refused_in_the_words_of_where_the_team_stands() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 4, 2).await;
        let number = offered(&stage).await;
        let staff = stage.staff.later(TimeDelta::hours(48));
        let member = "query ($id: ID!) { team(id: $id) { members { nodes { id person { id } } } convening { sessions {
            nodes { slots { id } } } } } }";
        let team = staff.ask_with(member, &json!({ "id": stage.team(number) })).await.at("/team");
        let input = json!({ "memberId": team["members"]["nodes"][0]["id"],
            "slotId": team["convening"]["sessions"]["nodes"][0]["slots"][0]["id"] });
        let document = "mutation ($input: AssignSeatInput!) { assignSeat(input: $input) { userErrors { field code message allowed } } }";
        let refused = staff.ask_with(document, &json!({ "input": input })).await;
        assert_eq!(refusals(&refused, "assignSeat"), ["memberId | ILLEGAL_TRANSITION"]);
        assert_eq!(refused.at("/assignSeat/userErrors/0/allowed"), json!([]), "{}", refused.text);
        let lead = stage.lead(number).later(TimeDelta::hours(48));
        let document = "mutation ($id: ID!) { updateTeamMember(id: $id, version: 1, input: { isLead: true }) {
            userErrors { field code message } } }";
        let refused = lead.ask_with(document, &json!({ "id": team["members"]["nodes"][0]["id"] })).await;
        assert_eq!(refusals(&refused, "updateTeamMember"), ["id | CONFLICT"], "{}", refused.text);
        // The place is nobody's: the convening can do with one less.
        let document = "mutation ($id: ID!) { updateConvening(id: $id, version: 2, input: { teamCapacity: 1 }) {
            userErrors { field code message } } }";
        let capacity = json!({ "id": stage.convening });
        assert_eq!(
            refusals(&stage.staff.ask_with(document, &capacity).await, "updateConvening"),
            ["teamCapacity | CAPACITY_EXCEEDED"]
        );
        let lowered = staff.ask_with(document, &capacity).await;
        assert_eq!(refusals(&lowered, "updateConvening"), [""; 0], "{}", lowered.text);
    });
}
