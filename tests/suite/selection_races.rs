//! What many do to places at one time: never is one place held by two teams, never does one lie idle while somebody waits
//! for it, and no team is half in.

use crate::selection_stage::Stage;
use crate::writes::refusals;
use chrono::TimeDelta;
use serde_json::json;
use tests::{texts, with_empty};

const PLACES: usize = 20;

/// Whatever the order, places are held by no more teams than there are, by so many as long as anybody waits, and whoever
/// does not come has no seat.
async fn assert_whole(stage: &Stage) {
    let held = stage.places_held().await;
    assert!(held <= PLACES, "{held} teams hold {PLACES} places");
    assert!(held == PLACES || stage.standing("waitlisted").await.is_empty(), "{held} places, and somebody waits");
    let half = "SELECT team.id::text AS text FROM team JOIN team_member ON team_member.team_id = team.id
        JOIN seat_assignment ON member_id = team_member.id WHERE team.status IN ('declined', 'expired', 'withdrawn')";
    assert_eq!(texts(&stage.service.db, half).await, Vec::<String>::new(), "nobody is half in");
}

#[test]
fn two_hundred_who_confirm_and_step_back_at_once_never_hold_more_than_there_is() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 60, 20).await;
        stage.select(json!({})).await.data();
        stage.publish(1).await.data();
        let mut acts = Vec::new();
        for turn in 0..200_u128 {
            let number = turn * 7 % 60 + 1;
            let mutation =
                ["confirmTeam", "withdrawTeam", "confirmTeam", "declineTeam"][usize::try_from(turn % 4).unwrap_or(0)];
            let document = format!(
                "mutation ($id: ID!, $version: Int!) {{ {mutation}(id: $id, version: $version) {{ userErrors {{ field code message allowed }} }} }}"
            );
            let (lead, team, version) = (stage.lead(number), stage.team(number), stage.version(number).await);
            acts.push(tokio::spawn(async move {
                let answer = lead.ask_with(&document, &json!({ "id": team, "version": version })).await;
                refusals(&answer, mutation)
            }));
        }
        let (mut made, mut refused) = (0, 0);
        for act in acts {
            // Meanwhile, at any moment, there are no more.
            assert!(stage.places_held().await <= PLACES);
            match act.await.expect("an answer").as_slice() {
                [] => made += 1,
                [one] if ["[\"version\"] | STALE_VERSION", "[\"id\"] | ILLEGAL_TRANSITION"].contains(&one.as_str()) => {
                    refused += 1;
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(made > 20 && refused > 0, "{made} {refused}");
        assert_whole(&stage).await;
    });
}

#[test]
fn offers_that_run_out_while_teams_answer_and_somebody_keeps_house_pass_on_once() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 60, 20).await;
        stage.select(json!({})).await.data();
        stage.publish(1).await.data();
        // Each day all who do not answer in time lose their places: first those selected, then those offered.
        for days in [8, 11, 14] {
            let mut acts = Vec::new();
            for number in 1..=60_u128 {
                let later = stage.lead(number).later(TimeDelta::days(days));
                let (team, version) = (stage.team(number), stage.version(number).await);
                let mutation = if number % 3 == 0 { "withdrawTeam" } else { "confirmTeam" };
                let document = format!(
                    "mutation ($id: ID!, $version: Int!) {{ {mutation}(id: $id, version: $version) {{ userErrors {{ field code }} }} }}"
                );
                acts.push(tokio::spawn(async move {
                    later.ask_with(&document, &json!({ "id": team, "version": version })).await.data();
                }));
                if number % 6 == 0 {
                    let app = service.later(TimeDelta::days(days)).app();
                    acts.push(tokio::spawn(
                        async move { lmi::http::put_away(&app).await.expect("a house that is kept") },
                    ));
                }
            }
            for act in acts {
                assert!(stage.places_held().await <= PLACES);
                act.await.expect("an answer");
            }
            assert_whole(&stage).await;
        }
        assert_eq!(stage.standing("selected").await, Vec::<u128>::new(), "nobody is waited for that long");
    });
}

#[test]
fn a_place_is_not_taken_twice_while_its_number_is_changed() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 30, 20).await;
        stage.select(json!({})).await.data();
        stage.publish(1).await.data();
        let selected = stage.standing("selected").await;
        let update = "mutation ($id: ID!, $capacity: Int!) { updateConvening(id: $id, version: 2, input: {teamCapacity: $capacity}) { userErrors { field code } } }";
        let offer = "mutation ($id: ID!) { offerFreePlaces(conveningId: $id) { userErrors { field code } } }";
        let mut acts = Vec::new();
        for &number in &selected[..10] {
            let (lead, team, version) = (stage.lead(number), stage.team(number), stage.version(number).await);
            let document = "mutation ($id: ID!, $version: Int!) { declineTeam(id: $id, version: $version) { userErrors { field code } } }";
            acts.push(tokio::spawn(async move {
                lead.ask_with(document, &json!({ "id": team, "version": version })).await
            }));
        }
        for capacity in [22, 18, 25] {
            let (staff, id) = (stage.staff.clone(), stage.convening.clone());
            acts.push(tokio::spawn(
                async move { staff.ask_with(update, &json!({ "id": id, "capacity": capacity })).await },
            ));
            let (staff, id) = (stage.staff.clone(), stage.convening.clone());
            acts.push(tokio::spawn(async move { staff.ask_with(offer, &json!({ "id": id })).await }));
        }
        for act in acts {
            act.await.expect("an answer").data();
        }
        stage.staff.ask_with(offer, &json!({ "id": stage.convening })).await.data();
        let capacity =
            texts(&service.db, "SELECT team_capacity::text AS text FROM convening WHERE slug = 'symposium'").await;
        let held = stage.places_held().await;
        assert!(
            held.to_string() == capacity[0] || stage.standing("waitlisted").await.is_empty(),
            "{held} of {capacity:?}"
        );
        assert!(held <= capacity[0].parse().expect("a number"));
    });
}
