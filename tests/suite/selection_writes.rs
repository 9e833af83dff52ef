//! Selecting, deciding, publishing: what is written, and what stands in the way.

use crate::selection_stage::{SEED, Stage};
use crate::writes::refusals;
use entity::team::Status;
use entity::{selection, selection_outcome};
use lmi::selection::{Candidate, Decision, Method, select};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{contents, texts, with_empty};

/// What the symposium of the tests asks for.
fn quotas() -> Value {
    json!([
        { "group": { "region": 3 }, "minimum": 3 },
        { "group": { "kind": "COUNTY_OFFICE" }, "minimum": 4, "maximum": 8 },
        { "group": { "students": { "below": 3000 } }, "maximum": 3 },
        { "group": { "firstTime": true }, "target": 32 },
    ])
}

#[test]
fn ninety_five_apply_for_forty_seven_places_and_each_is_told_why() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 95, 47).await;
        let answer = stage.select(json!({ "quotas": quotas() })).await;
        let plan = answer.at("/selectTeams/plan");
        assert_eq!(refusals(&answer, "selectTeams"), Vec::<String>::new());
        let counts = ["applied", "capacity", "selected", "waitlisted", "notSelected"].map(|name| plan[name].clone());
        assert_eq!(json!(counts), json!([95, 47, 47, 48, 0]));
        assert_eq!(plan["shortfalls"], json!([]), "all of it can be had");
        let outcomes = plan["outcomes"].as_array().expect("outcomes");
        let selected = |holds: &dyn Fn(&Value) -> bool| {
            outcomes.iter().filter(|each| each["decision"] == "SELECTED" && holds(each)).count()
        };
        assert!(selected(&|each| each["region"] == 3) >= 3);
        assert!((4..=8).contains(&selected(&|each| each["kind"] == "COUNTY_OFFICE")));
        assert!(selected(&|each| each["enrollment"].as_i64() < Some(3000)) <= 3);
        assert_eq!(selected(&|each| each["firstTime"] == true), 32);
        assert!(
            outcomes.iter().all(|each| each["reason"].as_str().is_some_and(|reason| reason.contains("in the lottery")))
        );
        let codes: BTreeSet<&str> = outcomes.iter().filter_map(|each| each["reasonCode"].as_str()).collect();
        assert!(codes.contains("DRAWN") && codes.contains("QUOTA") && codes.contains("OVER_MAXIMUM"), "{codes:?}");
        assert_eq!(stage.standing("selected").await.len(), 47);
        assert_eq!(stage.standing("waitlisted").await.len(), 48);
        let selection = answer.at("/selectTeams/selection");
        assert_eq!((&selection["number"], &selection["seed"]), (&json!(1), &json!(SEED)));
        assert_eq!(selection["outcomes"]["totalCount"], 95);
    });
}

#[test]
fn a_preview_changes_nothing_and_comes_to_what_the_selection_comes_to() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 30, 12).await;
        let before = contents(&service.db).await;
        let preview = stage.select(json!({ "quotas": quotas(), "dryRun": true })).await;
        assert!(contents(&service.db).await == before, "nothing was written");
        assert_eq!(preview.at("/selectTeams/selection"), Value::Null);
        let again = stage.select(json!({ "quotas": quotas(), "dryRun": true })).await;
        assert_eq!(preview.at("/selectTeams/plan"), again.at("/selectTeams/plan"));
        let selected = stage.select(json!({ "quotas": quotas() })).await;
        assert_eq!(preview.at("/selectTeams/plan"), selected.at("/selectTeams/plan"));
    });
}

#[test]
fn once_published_a_place_is_confirmed_or_goes_to_the_next() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 8, 4).await;
        stage.select(json!({})).await.data();
        let (selected, waiting) = (stage.standing("selected").await, stage.standing("waitlisted").await);
        assert_eq!(refusals(&stage.publish(1).await, "publishDecisions"), Vec::<String>::new());
        let [comes, declines, leaves, late] = selected[..] else { panic!("four are selected") };
        let confirmed = stage.say(&stage.lead(comes), "confirmTeam", comes).await;
        assert_eq!(confirmed.at("/confirmTeam/team/status"), "CONFIRMED");
        let given_back = stage.say(&stage.lead(declines), "declineTeam", declines).await;
        assert_eq!(given_back.at("/declineTeam/team/status"), "DECLINED");
        assert_eq!(stage.standing("offered").await, waiting[..1]);
        stage.say(&stage.lead(leaves), "confirmTeam", leaves).await.data();
        let left = stage.say(&stage.lead(leaves), "withdrawTeam", leaves).await;
        assert_eq!(left.at("/withdrawTeam/team/status"), "WITHDRAWN");
        assert_eq!(stage.standing("offered").await.len(), 2);
        // The first offer runs out after two days; the next is offered the place, whether or not anybody keeps house.
        let then = stage.lead(waiting[0]).later(chrono::TimeDelta::hours(48));
        let over = stage.say(&then, "confirmTeam", waiting[0]).await;
        assert_eq!(refusals(&over, "confirmTeam"), ["[\"id\"] | ILLEGAL_TRANSITION"]);
        assert_eq!(over.at("/confirmTeam/userErrors/0/allowed"), json!([]));
        let status = "query ($id: ID!) { team(id: $id) { status answerDueAt } }";
        let shown = then.ask_with(status, &json!({ "id": stage.team(waiting[0]) })).await;
        assert_eq!(shown.at("/team/status"), "EXPIRED");
        // Somebody else's act writes it down.
        let other = stage.lead(comes).later(chrono::TimeDelta::hours(48));
        stage.say(&other, "withdrawTeam", comes).await.data();
        assert_eq!(stage.standing("expired").await.len(), 2);
        assert_eq!(stage.standing("offered").await, waiting[2..]);
        assert_eq!(stage.standing("selected").await, [late]);
        assert_eq!(stage.places_held().await, 3, "nobody waits for the fourth");
        // Who does not come keeps no seat.
        let seats = texts(&service.db, "SELECT member_id::text AS text FROM seat_assignment").await.len();
        assert_eq!(seats, 8 - 5);
    });
}

#[test]
fn what_is_kept_of_a_selection_is_enough_to_draw_it_again() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 60, 25).await;
        stage.select(json!({ "quotas": quotas(), "waitlistSize": 20 })).await.data();
        // Later the directory knows more, which was not known then.
        let sql = "UPDATE district SET enrollment = 7, kind = 'other'";
        sea_orm::ConnectionTrait::execute_unprepared(&service.db, sql).await.expect("other facts");
        let selection = selection::Entity::find().one(&service.db).await.expect("an answer").expect("a selection");
        let outcomes = selection_outcome::Entity::find().order_by_asc(selection_outcome::Column::TeamId);
        let outcomes = outcomes.all(&service.db).await.expect("outcomes");
        let size = |count: i32| usize::try_from(count).expect("a number");
        let method = Method {
            seed: selection.seed,
            capacity: size(selection.capacity),
            waitlist: selection.waitlist_size.map(size),
            quotas: serde_json::from_value(selection.quotas).expect("quotas"),
        };
        let candidate = |row: &selection_outcome::Model| Candidate {
            code: row.code.clone(),
            region: row.region_number,
            kind: row.kind,
            enrollment: row.enrollment,
            first_time: row.first_time,
            kept: row.kept,
        };
        let candidates: Vec<Candidate> = outcomes.iter().map(candidate).collect();
        let again = select(&method, &candidates).expect("a selection");
        assert_eq!(serde_json::to_value(&again.shortfalls).ok(), Some(selection.shortfalls));
        for outcome in again.outcomes {
            let row = &outcomes[outcome.candidate];
            let decision = match outcome.decision {
                Decision::Selected => (Status::Selected, None),
                Decision::Waitlisted(place) => (Status::Waitlisted, Some(place)),
                Decision::NotSelected => (Status::NotSelected, None),
            };
            assert_eq!((row.status, row.waitlist_position.map(size)), decision);
            assert_eq!((size(row.lottery_place), &row.draw), (outcome.place, &outcome.draw));
            assert_eq!(row.reason_code, outcome.reason.code());
        }
    });
}

#[test]
fn what_cannot_be_selected_is_refused_with_all_its_faults() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 10, 4).await;
        let before = contents(&service.db).await;
        let faults = async |more: Value| refusals(&stage.select(more).await, "selectTeams");
        let several = json!({ "seed": " ", "quotas": [
            { "group": { "region": 1 } },
            { "group": { "region": 1 }, "minimum": 3, "maximum": 2 },
            { "group": { "students": { "below": 500 } }, "minimum": 1, "target": 0 },
            { "group": { "students": { "from": 400 } }, "maximum": 1 },
        ] });
        let expected = [
            "[\"seed\"] | REQUIRED",
            "[\"seed\"] | INVALID",
            "[\"quotas\",\"0\",\"minimum\"] | INVALID",
            "[\"quotas\",\"1\",\"maximum\"] | INVALID",
            "[\"quotas\",\"1\",\"group\"] | INVALID",
            "[\"quotas\",\"2\",\"target\"] | INVALID",
            "[\"quotas\",\"3\",\"group\"] | INVALID",
        ];
        assert_eq!(faults(several).await, expected);
        assert_eq!(faults(json!({ "capacity": 5 })).await, ["[\"capacity\"] | CAPACITY_EXCEEDED"]);
        assert_eq!(faults(json!({ "capacity": 0 })).await, ["[\"capacity\"] | INVALID"]);
        assert!(contents(&service.db).await == before, "nothing was written");
        let undecided = stage.publish(1).await;
        assert_eq!(refusals(&undecided, "publishDecisions"), ["[\"id\"] | CONFLICT"]);
        stage.select(json!({ "capacity": 4 })).await.data();
        sea_orm::ConnectionTrait::execute_unprepared(
            &service.db,
            "UPDATE convening SET team_capacity = 3 WHERE slug = 'symposium'",
        )
        .await
        .expect("a smaller hall");
        let before = contents(&service.db).await;
        assert_eq!(refusals(&stage.publish(1).await, "publishDecisions"), ["[\"id\"] | CAPACITY_EXCEEDED"]);
        assert!(contents(&service.db).await == before, "nothing was written");
        assert_eq!(faults(json!({ "keepSelected": true })).await, ["[\"capacity\"] | CAPACITY_EXCEEDED"]);
        stage.select(json!({})).await.data();
        assert_eq!(refusals(&stage.publish(7).await, "publishDecisions"), ["[\"version\"] | STALE_VERSION"]);
        assert_eq!(refusals(&stage.publish(1).await, "publishDecisions"), Vec::<String>::new());
        assert_eq!(refusals(&stage.publish(2).await, "publishDecisions"), ["[\"id\"] | ILLEGAL_TRANSITION"]);
        assert_eq!(faults(json!({})).await, ["[\"conveningId\"] | ILLEGAL_TRANSITION"]);
    });
}

#[test]
fn teams_are_decided_on_by_hand_all_or_none() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 5, 2).await;
        let document = "mutation ($input: DecideTeamsInput!) { decideTeams(input: $input) {
            convening { version } userErrors { field code } } }";
        let decide = async |decisions: &[(u128, i32, &str)]| {
            let decision = |&(number, version, status): &(u128, i32, &str)| json!({ "teamId": stage.team(number), "decisionVersion": version, "status": status, "reason": "By hand." });
            let decisions: Vec<Value> = decisions.iter().map(decision).collect();
            let input = json!({ "input": { "conveningId": stage.convening, "decisions": decisions } });
            refusals(&stage.staff.ask_with(document, &input).await, "decideTeams")
        };
        let before = contents(&service.db).await;
        let refused = decide(&[(1, 0, "SELECTED"), (2, 1, "WAITLISTED")]).await;
        assert_eq!(refused, ["[\"decisions\",\"1\",\"decisionVersion\"] | STALE_VERSION"]);
        assert!(contents(&service.db).await == before, "none");
        assert_eq!(decide(&[(1, 0, "SELECTED"), (1, 0, "WAITLISTED")]).await, ["[\"decisions\"] | INVALID"]);
        let all = [
            (1, 0, "SELECTED"),
            (2, 0, "WAITLISTED"),
            (3, 0, "WAITLISTED"),
            (4, 0, "NOT_SELECTED"),
            (5, 0, "SELECTED"),
        ];
        assert_eq!(decide(&all).await, Vec::<String>::new());
        assert_eq!(stage.standing("waitlisted").await, [2, 3], "in the order in which they are named");
        let reorder = "mutation ($id: ID!, $teams: [ID!]!) { reorderWaitlist(conveningId: $id, teamIds: $teams) { userErrors { field code } } }";
        let order = async |numbers: &[u128]| {
            let teams: Vec<Value> = numbers.iter().map(|&number| stage.team(number)).collect();
            refusals(
                &stage.staff.ask_with(reorder, &json!({ "id": stage.convening, "teams": teams })).await,
                "reorderWaitlist",
            )
        };
        assert_eq!(order(&[3]).await, ["[\"teamIds\"] | INVALID"]);
        assert_eq!(order(&[3, 3]).await, ["[\"teamIds\"] | INVALID"]);
        assert_eq!(order(&[3, 2]).await, Vec::<String>::new());
        assert_eq!(stage.standing("waitlisted").await, [3, 2]);
        assert_eq!(decide(&[(1, 1, "NOT_SELECTED")]).await, Vec::<String>::new());
        stage.publish(1).await.data();
        assert_eq!(stage.standing("offered").await, [3], "a place was free, and somebody waited");
        let published = decide(&[(2, 2, "SELECTED")]).await;
        assert_eq!(published, ["[\"decisions\",\"0\",\"id\"] | ILLEGAL_TRANSITION"]);
    });
}
