//! Seats for all teams of a convening at once, as those who run it ask for them.

use crate::seating::{Gathered, Size, id, refusals};
use entity::convening::Status;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::{Answer, contents, texts, with_empty};

/// The symposium of 2015: two rounds of six breakouts for 47 teams of four.
const SYMPOSIUM: Size = Size { teams: 47, members: 4, sessions: 6, rounds: 2, seats: 32 };

fn measures(plan: &Value) -> [[i64; 3]; 3] {
    ["seats", "pairs", "coverage"]
        .map(|name| ["wanted", "reached", "atMost"].map(|field| plan[name][field].as_i64().expect("a number")))
}

/// The sessions that each team covers, as the tables have it.
async fn covered(gathered: &Gathered) -> Vec<i64> {
    let sql = "SELECT count(DISTINCT session_id)::text AS text FROM seat_assignment
        JOIN team_member ON team_member.id = member_id GROUP BY team_id";
    texts(&gathered.service.db, sql).await.iter().map(|text| text.parse().expect("a number")).collect()
}

async fn fullest(gathered: &Gathered) -> String {
    let sql = "SELECT max(taken)::text AS text FROM (SELECT count(*) AS taken FROM seat_assignment GROUP BY slot_id) AS slots";
    texts(&gathered.service.db, sql).await[0].clone()
}

fn assignments(answer: &Answer, at: &str) -> BTreeSet<String> {
    answer.lines(&format!("{at}/assignments"), &["/member/id", "/slot/id"]).into_iter().collect()
}

#[test]
fn with_32_seats_a_room_every_team_of_the_symposium_covers_four_breakouts() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SYMPOSIUM).await;
        let before = contents(&service.db).await;
        let preview = gathered.preview(&gathered.staff, "KEEP").await;
        assert_eq!(contents(&service.db).await, before, "a preview changes nothing");
        let answer = gathered.plan(&gathered.organizing(), "KEEP").await;
        let plan = answer.at("/planSeats/plan");
        assert_eq!(measures(&plan), [[376; 3], [188; 3], [188; 3]]);
        assert_eq!((&plan["isComplete"], &plan["isImpossible"]), (&json!(true), &json!(false)));
        assert_eq!(plan["unmet"], json!([]));
        assert_eq!(assignments(&preview, "/seatPlan"), assignments(&answer, "/planSeats/plan"), "as the preview said");
        assert_eq!((covered(&gathered).await, fullest(&gathered).await), (vec![4; 47], "32".to_owned()));
        // Done again, there is nothing more to do; instead of what stands, it comes to the same.
        let again = gathered.plan(&gathered.staff, "KEEP").await;
        assert_eq!(
            (again.at("/planSeats/plan/assignments"), again.at("/planSeats/plan/unmet")),
            (json!([]), json!([]))
        );
        let stood = texts(&service.db, "SELECT id::text AS text FROM seat_assignment ORDER BY id").await;
        let replaced = gathered.plan(&gathered.staff, "REPLACE").await;
        assert_eq!(assignments(&replaced, "/planSeats/plan").len(), 376);
        let stands = texts(&service.db, "SELECT id::text AS text FROM seat_assignment ORDER BY id").await;
        assert_eq!(stood, stands, "what is the same stays as it stood");
    });
}

#[test]
fn with_31_seats_a_room_it_is_impossible_and_says_so() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, Size { seats: 31, ..SYMPOSIUM }).await;
        let answer = gathered.plan(&gathered.staff, "KEEP").await;
        let plan = answer.at("/planSeats/plan");
        assert_eq!((&plan["isComplete"], &plan["isImpossible"]), (&json!(false), &json!(true)));
        assert_eq!(measures(&plan)[0], [376, 372, 372]);
        let unmet = answer.lines("/planSeats/plan/unmet", &["/reason", "/round", "/message"]);
        let without = unmet.iter().filter(|line| line.starts_with("NO_SEAT")).collect::<Vec<_>>();
        assert_eq!(without.len(), 4);
        for line in without {
            assert!(line.contains("186 free seats for 188 members"), "{line}");
        }
        assert_eq!(fullest(&gathered).await, "31");
    });
}

#[test]
fn presenters_are_left_where_they_present() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SYMPOSIUM).await;
        gathered.presents(0, None, Some(gathered.districts[0])).await;
        gathered.presents(1, Some(gathered.people[1][0]), None).await;
        let answer = gathered.plan(&gathered.staff, "KEEP").await;
        let plan = answer.at("/planSeats/plan");
        assert_eq!(plan["isComplete"], json!(true), "{plan}");
        assert_eq!(measures(&plan)[0], [376 - 8 - 2; 3]);
        let mut seats: BTreeMap<String, usize> = BTreeMap::new();
        for member in answer.each("/planSeats/plan/assignments", "/member/id") {
            *seats.entry(member.to_string()).or_default() += 1;
        }
        let of = |team: usize, member: usize| seats.get(&id("TeamMember", gathered.members[team][member]).to_string());
        assert!((0..4).all(|member| of(0, member).is_none()) && of(1, 0).is_none());
        assert!((1..4).all(|member| of(1, member) == Some(&2)));
        let teams = answer.lines("/planSeats/plan/teams", &["/covered", "/wanted"]);
        assert_eq!(teams.iter().filter(|line| *line == "4 | 4").count(), 46, "all but the team that presents");
    });
}

#[test]
fn what_somebody_chose_stays_and_the_plan_is_made_around_it() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, Size { teams: 3, members: 4, sessions: 3, rounds: 2, seats: 4 }).await;
        let (member, slot) = (gathered.members[0][0], gathered.slots[2][0]);
        gathered.assign(&gathered.lead(0), member, slot).await.data();
        let answer = gathered.plan(&gathered.staff, "KEEP").await;
        let seats = assignments(&answer, "/planSeats/plan");
        assert_eq!(seats.len(), 23, "{}", answer.text);
        let kept = texts(
            &service.db,
            &format!(
                "SELECT slot_id::text AS text FROM seat_assignment WHERE member_id = '{}' AND round = 1",
                member.0
            ),
        )
        .await;
        assert_eq!(kept, [slot.0.to_string()]);
        assert_eq!(fullest(&gathered).await, "4");
    });
}

#[test]
fn planning_is_for_those_who_run_the_convening_and_of_blocks_that_can_be_planned() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, Size { teams: 2, members: 4, sessions: 2, rounds: 1, seats: 4 }).await;
        let before = contents(&service.db).await;
        let (lead, elsewhere) = (gathered.lead(0), gathered.organizing_elsewhere());
        for other in [&lead, &elsewhere] {
            assert_eq!(gathered.plan(other, "REPLACE").await.codes(), ["FORBIDDEN"]);
            assert_eq!(gathered.preview(other, "KEEP").await.codes(), ["FORBIDDEN"]);
        }
        assert_eq!(gathered.plan(&service, "KEEP").await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(gathered.preview(&service, "KEEP").await.codes(), ["UNAUTHENTICATED"]);
        let document = "mutation ($input: PlanSeatsInput!) { planSeats(input: $input) { plan { isComplete }
            userErrors { field code } } }";
        for (convening, block, refusal) in [
            (id("Convening", gathered.convening), 2, "block | NOT_FOUND"),
            (id("Convening", entity::ids::ConveningId::new()), 1, "conveningId | NOT_FOUND"),
        ] {
            let input = json!({ "conveningId": convening, "block": block });
            let answer = gathered.staff.ask_with(document, &json!({ "input": input })).await;
            assert_eq!(refusals(&answer, "planSeats"), [refusal]);
        }
        gathered.becomes(Status::Completed).await;
        let over = gathered.plan(&gathered.staff, "KEEP").await;
        assert_eq!(refusals(&over, "planSeats"), ["conveningId | ILLEGAL_TRANSITION"]);
        gathered.becomes(Status::AgendaPublished).await;
        assert_eq!(contents(&service.db).await["seat_assignment"], before["seat_assignment"]);
    });
}

#[test]
fn seats_that_are_taken_while_a_plan_is_made_are_in_nobodys_way() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, Size { teams: 12, members: 4, sessions: 4, rounds: 2, seats: 12 }).await;
        let mut acts = Vec::new();
        for team in 0..12 {
            let (lead, slot) = (gathered.lead(team), gathered.slots[team % 4][team % 2]);
            let input = json!({ "memberId": id("TeamMember", gathered.members[team][0]), "slotId": id("Slot", slot) });
            acts.push(tokio::spawn(async move {
                let document =
                    "mutation ($input: AssignSeatInput!) { assignSeat(input: $input) { userErrors { code } } }";
                lead.ask_with(document, &json!({ "input": input })).await.data()
            }));
        }
        let answer = gathered.plan(&gathered.staff, "KEEP").await;
        assert_eq!(answer.at("/planSeats/userErrors"), json!([]));
        for act in acts {
            act.await.expect("an answer");
        }
        assert_eq!(fullest(&gathered).await, "12");
        let seated = texts(&service.db, "SELECT count(*)::text AS text FROM seat_assignment").await;
        assert_eq!(seated, ["96"], "everybody has a seat in both rounds");
    });
}
