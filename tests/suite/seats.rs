//! Seats one at a time: who gives them to whom, what stands in the way, and who sees them.

use crate::seating::{Gathered, Size, id, refusals};
use entity::convening::Status;
use entity::ids::{SlotId, TeamMemberId};
use entity::seat::Seat;
use entity::{convening, slot, team};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use tests::{Service, contents, texts, with_empty};

const SMALL: Size = Size { teams: 3, members: 4, sessions: 3, rounds: 2, seats: 4 };

async fn assigned(gathered: &Gathered, service: &Service, member: TeamMemberId, slot: SlotId) -> Value {
    let answer = gathered.assign(service, member, slot).await;
    assert_eq!(refusals(&answer, "assignSeat"), Vec::<String>::new(), "{}", answer.text);
    answer.at("/assignSeat/seat")
}

async fn refused(gathered: &Gathered, service: &Service, member: TeamMemberId, slot: SlotId) -> Vec<String> {
    refusals(&gathered.assign(service, member, slot).await, "assignSeat")
}

async fn release(service: &Service, seat: &Value) -> tests::Answer {
    let document = "mutation ($id: ID!) { releaseSeat(id: $id, reason: \"Changed their mind.\") {
        seat { id } userErrors { field code } } }";
    service.ask_with(document, &json!({ "id": seat["id"] })).await
}

#[test]
fn a_team_lead_chooses_for_the_own_team_and_changes_it_until_the_convening_begins() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        let (lead, member, slots) = (gathered.lead(0), gathered.members[0][0], &gathered.slots);
        let seat = assigned(&gathered, &lead, member, slots[0][0]).await;
        assert_eq!(seat["slot"]["id"], id("Slot", slots[0][0]));
        // One in a round, and no session twice.
        assert_eq!(refused(&gathered, &lead, member, slots[1][0]).await, ["slotId | CONFLICT"]);
        assert_eq!(refused(&gathered, &lead, member, slots[0][1]).await, ["slotId | TAKEN"]);
        assert_eq!(refused(&gathered, &lead, member, slots[0][0]).await.len(), 1);
        assigned(&gathered, &lead, member, slots[1][1]).await;
        assert_eq!(release(&lead, &seat).await.at("/releaseSeat/seat/id"), seat["id"]);
        let other = assigned(&gathered, &lead, member, slots[2][0]).await;
        gathered.becomes(Status::InProgress).await;
        assert_eq!(
            refused(&gathered, &lead, gathered.members[0][1], slots[0][0]).await,
            ["memberId | ILLEGAL_TRANSITION"]
        );
        assert_eq!(refusals(&release(&lead, &other).await, "releaseSeat"), ["id | ILLEGAL_TRANSITION"]);
        // Those who run it go on.
        assigned(&gathered, &gathered.organizing(), gathered.members[0][1], slots[0][0]).await;
        assert_eq!(release(&gathered.staff, &other).await.at("/releaseSeat/seat/id"), other["id"]);
        gathered.becomes(Status::Completed).await;
        assert_eq!(
            refused(&gathered, &gathered.staff, gathered.members[0][2], slots[0][0]).await,
            ["memberId | ILLEGAL_TRANSITION"]
        );
        let history =
            "query ($id: ID!) { node(id: $id) { ... on TeamMember { history { nodes { action reason } } } } }";
        let history = gathered.staff.ask_with(history, &json!({ "id": id("TeamMember", member) })).await;
        let lines = history.lines("/node/history/nodes", &["/action", "/reason"]);
        assert_eq!(lines.iter().filter(|line| line.starts_with("DELETED")).count(), 2, "{lines:?}");
        assert!(lines.contains(&"DELETED | Changed their mind.".to_owned()), "{lines:?}");
    });
}

#[test]
fn nobody_else_gives_or_releases_a_teams_seats() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        let seat = assigned(&gathered, &gathered.staff, gathered.members[0][0], gathered.slots[0][0]).await;
        let before = contents(&service.db).await;
        let (member, slot) = (gathered.members[0][1], gathered.slots[0][0]);
        let nothing = TeamMemberId::new();
        for other in [gathered.lead(1), gathered.organizing_elsewhere()] {
            let hidden = gathered.assign(&other, member, slot).await;
            assert_eq!(refusals(&hidden, "assignSeat"), ["memberId | NOT_FOUND"]);
            assert_eq!(hidden.text, gathered.assign(&other, nothing, slot).await.text, "like what is not there");
            assert_eq!(release(&other, &seat).await.codes(), ["NOT_FOUND"]);
        }
        let partner = service.as_grants(vec![Grant::new(Role::Partner, Scope::Organization(gathered.organizer))]);
        for (other, code) in [
            (service.clone(), "UNAUTHENTICATED"),
            (partner, "FORBIDDEN"),
            (service.as_role(Role::Auditor), "FORBIDDEN"),
            (service.as_role(Role::Evaluator), "FORBIDDEN"),
        ] {
            assert_eq!(gathered.assign(&other, member, slot).await.codes(), [code]);
        }
        assert_eq!(release(&service.as_role(Role::Auditor), &seat).await.codes(), ["FORBIDDEN"]);
        assert_eq!(contents(&service.db).await, before);
    });
}

#[test]
fn a_seat_is_for_members_of_teams_that_come_and_in_slots_of_their_convening() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        let (member, slot) = (gathered.members[0][0], gathered.slots[0][0]);
        for status in [team::Status::Draft, team::Status::Selected, team::Status::Declined, team::Status::Withdrawn] {
            gathered.team_becomes(0, status).await;
            let answer = gathered.assign(&gathered.staff, member, slot).await;
            assert_eq!(refusals(&answer, "assignSeat"), ["memberId | ILLEGAL_TRANSITION"], "{status:?}");
        }
        // Until decisions are published the team itself is told that it has applied, and no more.
        let hide = convening::Entity::update_many().col_expr(convening::Column::DecisionsPublished, Expr::value(false));
        hide.exec(&service.db).await.expect("a change");
        let mut told = Vec::new();
        for status in [team::Status::Submitted, team::Status::Selected, team::Status::Confirmed] {
            gathered.team_becomes(0, status).await;
            told.push(gathered.assign(&gathered.lead(0), member, slot).await.text);
        }
        assert!(told[0].contains("ILLEGAL_TRANSITION") && told.iter().all(|text| *text == told[0]), "{told:?}");
        assigned(&gathered, &gathered.staff, member, slot).await;
        let nowhere = refused(&gathered, &gathered.staff, gathered.members[1][0], SlotId::new()).await;
        assert_eq!(nowhere, ["slotId | NOT_FOUND"]);
        let alike = gathered.another_slot(None, Some(Seat::Superintendent), None).await;
        assert_eq!(refused(&gathered, &gathered.staff, gathered.members[1][0], alike).await, ["slotId | INVALID"]);
    });
}

#[test]
fn nobody_is_seated_elsewhere_while_presenting() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        gathered.presents(0, Some(gathered.people[0][0]), None).await;
        gathered.presents(1, None, Some(gathered.districts[1])).await;
        let staff = &gathered.staff;
        for slot in [gathered.slots[0][0], gathered.slots[2][0], gathered.slots[2][1]] {
            assert_eq!(refused(&gathered, staff, gathered.members[0][0], slot).await, ["slotId | CONFLICT"]);
            assert_eq!(refused(&gathered, staff, gathered.members[1][3], slot).await, ["slotId | CONFLICT"]);
        }
        assigned(&gathered, staff, gathered.members[0][1], gathered.slots[0][0]).await;
        let evening = gathered.another_slot(Some(3), None, None).await;
        assigned(&gathered, staff, gathered.members[0][0], evening).await;
    });
}

#[test]
fn nobody_is_in_two_places_at_one_time_also_outside_of_rounds() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        let (one, other, later) = (
            gathered.another_slot(None, None, None).await,
            gathered.another_slot(None, None, None).await,
            gathered.another_slot(None, None, None).await,
        );
        for (key, from, until) in [(one, "16:00", "17:00"), (other, "16:59", "18:00"), (later, "17:00", "18:00")] {
            let time = |text: &str| format!("2026-06-01T{text}:00Z").parse::<chrono::DateTime<chrono::Utc>>();
            let change = slot::Entity::update_many()
                .col_expr(slot::Column::StartsAt, Expr::value(time(from).expect("a time")))
                .col_expr(slot::Column::EndsAt, Expr::value(time(until).expect("a time")));
            change.filter(slot::Column::Id.eq(key)).exec(&service.db).await.expect("a change");
        }
        let member = gathered.members[0][0];
        assigned(&gathered, &gathered.staff, member, one).await;
        assert_eq!(refused(&gathered, &gathered.staff, member, other).await, ["slotId | CONFLICT"]);
        assigned(&gathered, &gathered.staff, member, later).await;
    });
}

#[test]
fn of_two_hundred_who_want_one_of_thirty_seats_thirty_have_one() {
    with_empty(async |service| {
        let size = Size { teams: 50, members: 4, sessions: 1, rounds: 1, seats: 30 };
        let gathered = Gathered::of(&service, size).await;
        let (slot, document) = (
            gathered.slots[0][0],
            "mutation ($input: AssignSeatInput!) {
            assignSeat(input: $input) { seat { id } userErrors { field code } } }",
        );
        let begun: Vec<_> = (0..50)
            .flat_map(|team| (0..4).map(move |member| (team, member)))
            .map(|(team, member)| {
                // Every other is the team's own lead.
                let asking = if member % 2 == 0 { gathered.lead(team) } else { gathered.staff.clone() };
                let input =
                    json!({ "memberId": id("TeamMember", gathered.members[team][member]), "slotId": id("Slot", slot) });
                tokio::spawn(async move {
                    let answer = asking.ask_with(document, &json!({ "input": input })).await;
                    refusals(&answer, "assignSeat")
                })
            })
            .collect();
        let (mut seated, mut full) = (0, 0);
        for act in begun {
            match act.await.expect("an answer").as_slice() {
                [] => seated += 1,
                [refusal] if refusal == "slotId | CAPACITY_EXCEEDED" => full += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((seated, full), (30, 170));
        assert_eq!(texts(&service.db, "SELECT count(*)::text AS text FROM seat_assignment").await, ["30"]);
        let shown = "query ($id: ID!) { node(id: $id) { ... on Slot { seatsTaken seatsLeft isFull } } }";
        let variables = json!({ "id": id("Slot", slot) });
        let all = gathered.staff.ask_with(shown, &variables).await.at("/node");
        assert_eq!(all, json!({ "seatsTaken": 30, "seatsLeft": 0, "isFull": true }));
        let own = gathered.lead(0).ask_with(shown, &variables).await.at("/node");
        assert_eq!((&own["seatsLeft"], &own["isFull"]), (&Value::Null, &json!(true)));
        let public = service.ask_with(shown, &variables).await.at("/node");
        assert_eq!(public, json!({ "seatsTaken": 0, "seatsLeft": null, "isFull": null }));
    });
}

#[test]
fn a_seat_goes_with_its_slot_into_a_round_and_is_freed_with_its_team() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        let loose = gathered.another_slot(None, None, None).await;
        let into_block = format!(
            "UPDATE session SET block_id = session_block.id FROM session_block, slot WHERE slot.session_id = session.id
             AND slot.id = '{}'",
            loose.0
        );
        service.db.execute_unprepared(&into_block).await.expect("a session of the block");
        let staff = &gathered.staff;
        assigned(&gathered, staff, gathered.members[0][0], loose).await;
        assigned(&gathered, staff, gathered.members[1][0], loose).await;
        assigned(&gathered, staff, gathered.members[0][0], gathered.slots[0][0]).await;
        let move_to = async |round: Option<i32>| {
            let version =
                texts(&service.db, &format!("SELECT version::text AS text FROM slot WHERE id = '{}'", loose.0)).await;
            let document = "mutation ($id: ID!, $version: Int!, $input: RescheduleSlotInput!) {
                rescheduleSlot(id: $id, version: $version, input: $input) { userErrors { field code } } }";
            let version: i32 = version[0].parse().expect("a number");
            let variables = json!({ "id": id("Slot", loose), "version": version, "input": { "round": round } });
            refusals(&staff.ask_with(document, &variables).await, "rescheduleSlot")
        };
        let rounds = async || {
            let sql = "SELECT coalesce(round::text, 'none') AS text FROM seat_assignment WHERE slot_id = ";
            texts(&service.db, &format!("{sql}'{}' ORDER BY id", loose.0)).await
        };
        assert_eq!(move_to(Some(1)).await, ["round | CONFLICT"], "somebody has a seat in that round");
        assert_eq!(move_to(Some(2)).await, Vec::<String>::new());
        assert_eq!(rounds().await, ["2", "2"]);
        assert_eq!(
            refused(&gathered, staff, gathered.members[0][0], gathered.slots[1][1]).await,
            ["slotId | CONFLICT"]
        );
        assert_eq!(move_to(Some(3)).await, Vec::<String>::new());
        assert_eq!(rounds().await, ["3", "3"]);
        assert_eq!(move_to(None).await, Vec::<String>::new());
        assert_eq!(rounds().await, ["none", "none"]);
        let document = "mutation ($id: ID!) { rescheduleSlot(id: $id, version: 4, input: { audience: OTHER }) {
            userErrors { field code } } }";
        let alike = staff.ask_with(document, &json!({ "id": id("Slot", loose) })).await;
        assert_eq!(
            refusals(&alike, "rescheduleSlot"),
            ["audience | IN_USE"],
            "nobody has a seat in a role-alike meeting"
        );
        gathered.team_becomes(1, team::Status::Withdrawn).await;
        assert_eq!(rounds().await, ["none"], "a team that steps back frees its seats");
    });
}

#[test]
fn seats_and_who_covers_what_are_seen_by_the_team_and_by_those_who_run_it() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        for (team, slots) in [(0, [0, 1]), (1, [1, 2])] {
            for (round, session) in slots.into_iter().enumerate() {
                let slot = gathered.slots[session][round];
                assigned(&gathered, &gathered.staff, gathered.members[team][0], slot).await;
            }
        }
        let document = "query ($team: ID!, $member: ID!, $slot: ID!) {
            team(id: $team) { breakoutsCovered { title } members { nodes { seats { slot { round session { title } } } } } }
            node(id: $member) { ... on TeamMember { seats { slot { round } } } }
            slot: node(id: $slot) { ... on Slot { seatsTaken seats { totalCount nodes { member { team { id } } } } } } }";
        let variables = json!({ "team": id("Team", gathered.teams[0]), "member": id("TeamMember", gathered.members[0][0]),
            "slot": id("Slot", gathered.slots[1][1]) });
        for (viewer, all) in [
            (gathered.staff.clone(), true),
            (gathered.organizing(), true),
            (gathered.lead(0), true),
            (gathered.lead(1), false),
            (gathered.organizing_elsewhere(), false),
            (service.clone(), false),
        ] {
            let answer = viewer.ask_with(document, &variables).await;
            if all {
                assert_eq!(answer.each("/team/breakoutsCovered", "/title"), ["Session 1", "Session 2"]);
                assert_eq!(answer.lines("/node/seats", &["/slot/round"]), ["1", "2"]);
                assert_eq!(answer.at("/slot/seats/totalCount"), 1);
            } else {
                assert_eq!(answer.at("/team"), json!({ "breakoutsCovered": null, "members": null }));
                assert_eq!(answer.at("/node"), Value::Null);
                assert_eq!(answer.at("/slot"), json!({ "seatsTaken": 0, "seats": { "totalCount": 0, "nodes": [] } }));
            }
        }
    });
}

#[test]
fn who_belongs_to_a_role_alike_meeting_follows_from_the_teams() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        gathered.team_becomes(2, team::Status::Withdrawn).await;
        let slot = gathered.another_slot(None, Some(Seat::Superintendent), Some(1)).await;
        let document = "query ($id: ID!) { node(id: $id) { ... on Slot { placesLacking
            roleAlikeMembers { totalCount nodes { id seat } } } } }";
        let variables = json!({ "id": id("Slot", slot) });
        let staff = gathered.staff.ask_with(document, &variables).await;
        assert_eq!(
            (staff.at("/node/placesLacking"), staff.at("/node/roleAlikeMembers/totalCount")),
            (json!(1), json!(2))
        );
        assert_eq!(staff.each("/node/roleAlikeMembers/nodes", "/seat"), ["SUPERINTENDENT", "SUPERINTENDENT"]);
        let lead = gathered.lead(0).ask_with(document, &variables).await;
        assert_eq!(lead.each("/node/roleAlikeMembers/nodes", "/id"), [id("TeamMember", gathered.members[0][0])]);
        assert_eq!(lead.at("/node/placesLacking"), Value::Null);
        let public = service.ask_with(document, &variables).await;
        assert_eq!(
            public.at("/node"),
            json!({ "placesLacking": null, "roleAlikeMembers": { "totalCount": 0, "nodes": [] } })
        );
        let open = id("Slot", gathered.slots[0][0]);
        let open = gathered.staff.ask_with(document, &json!({ "id": open })).await.at("/node");
        assert_eq!(open, json!({ "placesLacking": null, "roleAlikeMembers": { "totalCount": 0, "nodes": [] } }));
    });
}
