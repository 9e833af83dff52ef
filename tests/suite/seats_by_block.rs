//! Rounds are counted within a block: whoever has a seat in round 1 of one block can have another in round 1 of the next.

use crate::seating::{Gathered, Size, id, refusals};
use entity::ids::{SlotId, TeamMemberId};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::{Answer, Service, texts, with_empty};

const SMALL: Size = Size { teams: 2, members: 4, sessions: 2, rounds: 1, seats: 8 };

/// The gathering with an afternoon: a second block, and a session in its only round.
struct Afternoon {
    gathered: Gathered,
    slot: SlotId,
    session: Value,
}

impl Afternoon {
    async fn of(service: &Service) -> Self {
        let gathered = Gathered::of(service, SMALL).await;
        let slot = gathered.another_slot(Some(1), None, None).await;
        let sql = format!(
            "INSERT INTO session_block (id, convening_id, position, title, rounds) VALUES (gen_random_uuid(), '{}', 2, 'Afternoon', 1);
             UPDATE session SET block_id = session_block.id FROM session_block, slot
             WHERE session_block.title = 'Afternoon' AND slot.session_id = session.id AND slot.id = '{}'",
            gathered.convening.0, slot.0
        );
        service.db.execute_unprepared(&sql).await.expect("an afternoon");
        let session =
            id("Session", key(service, &format!("SELECT session_id FROM slot WHERE id = '{}'", slot.0)).await);
        Self { gathered, slot, session }
    }

    fn staff(&self) -> &Service {
        &self.gathered.staff
    }

    async fn assigned(&self, member: TeamMemberId, slot: SlotId) {
        let answer = self.gathered.assign(self.staff(), member, slot).await;
        assert_eq!(refusals(&answer, "assignSeat"), [""; 0], "{}", answer.text);
    }

    /// Moves the afternoon's session to a block, or to none.
    async fn update_session(&self, block: Option<i32>) -> Answer {
        let sql = format!(
            "SELECT session.version::text AS text FROM session JOIN slot ON session_id = session.id WHERE slot.id = '{}'",
            self.slot.0
        );
        let version: i32 = texts(&self.gathered.service.db, &sql).await[0].parse().expect("a version");
        let document = "mutation ($id: ID!, $version: Int!, $block: Int) {
            updateSession(id: $id, version: $version, input: { block: $block }) { userErrors { field code message } } }";
        let variables = json!({ "id": self.session, "version": version, "block": block });
        self.staff().ask_with(document, &variables).await
    }

    /// Puts these sessions into the first block, and no others.
    async fn fill_first(&self, sessions: &[Value]) -> Answer {
        let version = texts(&self.gathered.service.db, "SELECT version::text AS text FROM convening").await;
        let version: i32 = version[0].parse().expect("a version");
        let document = "mutation ($id: ID!, $version: Int!, $sessions: [ID!]) {
            updateSessionBlock(conveningId: $id, version: $version, position: 1, input: { sessionIds: $sessions }) {
              userErrors { field code message } } }";
        let convening = id("Convening", self.gathered.convening);
        let variables = json!({ "id": convening, "version": version, "sessions": sessions });
        self.staff().ask_with(document, &variables).await
    }

    /// The blocks in which a member has a seat, by their places; 0 for none.
    async fn blocks_of(&self, member: TeamMemberId) -> Vec<String> {
        let sql = format!(
            "SELECT coalesce(position, 0)::text AS text FROM seat_assignment AS seat LEFT JOIN session_block ON session_block.id = block_id
             WHERE member_id = '{}' ORDER BY 1",
            member.0
        );
        texts(&self.gathered.service.db, &sql).await
    }
}

async fn key(service: &Service, sql: &str) -> sea_orm::prelude::Uuid {
    let keys = texts(&service.db, &format!("SELECT found::text AS text FROM ({sql}) AS keys (found)")).await;
    keys[0].parse().expect("a key")
}

#[test]
fn a_member_has_a_seat_in_the_first_round_of_each_block() {
    with_empty(async |service| {
        let afternoon = Afternoon::of(&service).await;
        let gathered = &afternoon.gathered;
        let member = gathered.members[0][0];
        afternoon.assigned(member, gathered.slots[0][0]).await;
        afternoon.assigned(member, afternoon.slot).await;
        assert_eq!(afternoon.blocks_of(member).await, ["1", "2"]);
        let within = gathered.assign(afternoon.staff(), member, gathered.slots[1][0]).await;
        assert_eq!(refusals(&within, "assignSeat"), ["slotId | CONFLICT"], "one in a round of a block, as ever");
        // All are seated in the first block, wherever they are in the afternoon, and the other way round.
        let other = gathered.members[1][0];
        afternoon.assigned(other, afternoon.slot).await;
        gathered.plan(afternoon.staff(), "KEEP").await.data();
        assert_eq!(afternoon.blocks_of(other).await, ["1", "2"]);
        let document = "mutation ($input: PlanSeatsInput!) { planSeats(input: $input) {
            plan { isComplete seats { wanted reached } } userErrors { field code message } } }";
        let input = json!({ "conveningId": id("Convening", gathered.convening), "block": 2, "standing": "KEEP" });
        let planned = afternoon.staff().ask_with(document, &json!({ "input": input })).await;
        assert_eq!(
            planned.at("/planSeats/plan"),
            json!({ "isComplete": true, "seats": { "wanted": 6, "reached": 6 } })
        );
        for members in &gathered.members {
            for &member in members {
                assert_eq!(afternoon.blocks_of(member).await, ["1", "2"]);
            }
        }
    });
}

#[test]
fn a_session_is_not_moved_to_a_block_where_somebody_would_be_in_two_places() {
    with_empty(async |service| {
        let afternoon = Afternoon::of(&service).await;
        let gathered = &afternoon.gathered;
        let member = gathered.members[0][0];
        let sessions =
            |ids: &[usize]| -> Vec<Value> { ids.iter().map(|&at| id("Session", gathered.sessions[at])).collect() };
        afternoon.assigned(member, gathered.slots[0][0]).await;
        afternoon.assigned(member, afternoon.slot).await;
        let moved = afternoon.update_session(Some(1)).await;
        assert_eq!(refusals(&moved, "updateSession"), ["block | CONFLICT"], "{}", moved.text);
        let all = [sessions(&[0, 1]), vec![afternoon.session.clone()]].concat();
        let filled = afternoon.fill_first(&all).await;
        assert_eq!(refusals(&filled, "updateSessionBlock"), ["sessionIds | CONFLICT"], "{}", filled.text);
        assert_eq!(afternoon.blocks_of(member).await, ["1", "2"], "nothing was changed");
        // Out of its block a session takes its seats along, and into one again.
        assert_eq!(refusals(&afternoon.update_session(None).await, "updateSession"), [""; 0]);
        assert_eq!(afternoon.blocks_of(member).await, ["0", "1"]);
        let again = afternoon.update_session(Some(1)).await;
        assert_eq!(refusals(&again, "updateSession"), ["block | CONFLICT"], "from no block, too");
        assert_eq!(refusals(&afternoon.update_session(Some(2)).await, "updateSession"), [""; 0]);
        assert_eq!(afternoon.blocks_of(member).await, ["1", "2"]);
        // The one comes for the other, which goes.
        let exchanged = afternoon.fill_first(&[sessions(&[1]), vec![afternoon.session.clone()]].concat()).await;
        assert_eq!(refusals(&exchanged, "updateSessionBlock"), [""; 0], "{}", exchanged.text);
        assert_eq!(afternoon.blocks_of(member).await, ["0", "1"]);
    });
}
