//! Selecting, deciding, publishing: what is written, and what stands in the way.

use crate::selection_stage::{SEED, Stage};
use crate::writes::refusals;
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
        let declined = stage.say(&stage.lead(declines), "declineTeam", declines).await;
        assert_eq!(declined.at("/declineTeam/team/status"), "DECLINED");
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
