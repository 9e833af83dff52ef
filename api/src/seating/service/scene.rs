//! What a plan is made of: the block with its slots, the teams that come, and what stands already.

use super::presenting::Programme;
use crate::error::{Error, Result, ViolationCode};
use crate::seating::plan::{Member, Problem, Slot, Team};
use crate::validation::Violations;
use entity::ids::{ConveningId, SessionBlockId, SessionId, SlotId, TeamId, TeamMemberId};
use entity::{room, seat_assignment, session, session_block, slot, team, team_member};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is to be planned, with the keys of what stands in it by places.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) problem: Problem,
    pub(super) block: SessionBlockId,
    /// The slots, by their places.
    pub(super) slots: Vec<slot::Model>,
    /// The teams with their members, by their places.
    pub(super) teams: Vec<(TeamId, Vec<TeamMemberId>)>,
    /// The seats that the plan is instead of.
    pub(super) replaced: Vec<seat_assignment::Model>,
}

/// What was read.
struct Read {
    block: session_block::Model,
    sessions: Vec<session::Model>,
    programme: Programme,
    rooms: HashMap<entity::ids::RoomId, Option<i32>>,
    teams: Vec<team::Model>,
    members: BTreeMap<TeamId, Vec<team_member::Model>>,
    seats: Vec<seat_assignment::Model>,
}

impl Scene {
    /// The scene of a block of a convening, by its place; seats in it that stand are kept or replaced.
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        convening: ConveningId,
        block: i32,
        replace: bool,
    ) -> Result<Self> {
        let read = Read::of(db, convening, block).await?;
        let slots = read.slots();
        let mut violations = Violations::default();
        let message = "No session of this block is scheduled in a round that all may choose. Schedule them first.";
        violations.check(!slots.is_empty(), "block", message);
        violations.finish()?;
        let of_block = |seat: &seat_assignment::Model| slots.iter().any(|slot| slot.id == seat.slot_id);
        let coming: BTreeSet<TeamMemberId> = read.members.values().flatten().map(|member| member.id).collect();
        let (replaced, standing): (Vec<_>, Vec<_>) =
            read.seats.iter().cloned().partition(|seat| replace && of_block(seat) && coming.contains(&seat.member_id));
        let problem = read.problem(&slots, &standing)?;
        let members = |team: &team::Model| read.members.get(&team.id).into_iter().flatten().map(|member| member.id);
        let teams = read.teams.iter().map(|team| (team.id, members(team).collect())).collect();
        Ok(Self { problem, block: read.block.id, slots, teams, replaced })
    }
}

impl Read {
    async fn of(db: &impl ConnectionTrait, convening: ConveningId, block: i32) -> Result<Self> {
        let blocks = session_block::Entity::find().filter(session_block::Column::ConveningId.eq(convening));
        let block = blocks.filter(session_block::Column::Position.eq(block)).one(db).await?;
        let Some(block) = block else {
            let mut violations = Violations::default();
            violations.add("block", ViolationCode::NotFound, "The convening has no block in this place.");
            return Err(violations.finish().err().unwrap_or(Error::NotFound("session_block")));
        };
        let sessions = session::Entity::find().filter(session::Column::BlockId.eq(block.id));
        let rooms = room::Entity::find().filter(room::Column::ConveningId.eq(convening)).all(db).await?;
        let teams = team::Entity::find()
            .filter(team::Column::ConveningId.eq(convening))
            .filter(team::Column::Status.eq(team::Status::Confirmed))
            .order_by_asc(team::Column::Id)
            .all(db)
            .await?;
        let mut members: BTreeMap<TeamId, Vec<team_member::Model>> =
            teams.iter().map(|team| (team.id, Vec::new())).collect();
        let all = team_member::Entity::find().filter(team_member::Column::ConveningId.eq(convening));
        for member in all.order_by_asc(team_member::Column::Id).all(db).await? {
            if let Some(members) = members.get_mut(&member.team_id) {
                members.push(member);
            }
        }
        for members in members.values_mut() {
            members.sort_by_key(|member| (member.seat, member.id));
        }
        let seats = seat_assignment::Entity::find().filter(seat_assignment::Column::ConveningId.eq(convening));
        Ok(Self {
            block,
            sessions: sessions.order_by_asc(session::Column::Id).all(db).await?,
            programme: Programme::of(db, convening).await?,
            rooms: rooms.into_iter().map(|room| (room.id, room.capacity)).collect(),
            teams,
            members,
            seats: seats.order_by_asc(seat_assignment::Column::Id).all(db).await?,
        })
    }

    /// The slots of the block that are in a round and for everybody.
    fn slots(&self) -> Vec<slot::Model> {
        let number = |id: SessionId| self.sessions.iter().position(|session| session.id == id);
        let open =
            |slot: &&slot::Model| number(slot.session_id).is_some() && slot.round.is_some() && slot.audience.is_none();
        let mut slots: Vec<slot::Model> = self.programme.slots.iter().filter(open).cloned().collect();
        slots.sort_by_key(|slot| (slot.round, number(slot.session_id), slot.id));
        slots
    }

    fn problem(&self, slots: &[slot::Model], standing: &[seat_assignment::Model]) -> Result<Problem> {
        let mut numbers: BTreeMap<SessionId, usize> = BTreeMap::new();
        for slot in slots {
            let next = numbers.len();
            numbers.entry(slot.session_id).or_insert(next);
        }
        let number = |id: SessionId| numbers.get(&id).copied();
        let rounds = slots.iter().filter_map(|slot| slot.round).collect::<BTreeSet<_>>().len();
        let limit = match self.block.sessions_per_participant {
            Some(most) => rounds.min(usize::try_from(most).map_err(Error::internal)?),
            None => rounds,
        };
        let mut problem = Problem::default();
        for slot in slots {
            problem.slots.push(Slot {
                session: number(slot.session_id).unwrap_or_default(),
                round: slot.round.unwrap_or_default(),
                free: self.free(slot, standing)?,
            });
        }
        for team in &self.teams {
            let mut planned = Team::default();
            for member in self.members.get(&team.id).into_iter().flatten() {
                let own: Vec<_> = standing.iter().filter(|seat| seat.member_id == member.id).collect();
                let here = own.iter().filter_map(|seat| number(seat.session_id));
                planned.covered.extend(here.clone());
                let limit = limit.saturating_sub(here.count());
                planned.members.push(Member { may: self.may(member, team, &own, slots), limit });
            }
            problem.teams.push(planned);
        }
        Ok(problem)
    }

    /// The slots that a member can be in, who may present elsewhere or have a seat already.
    fn may(
        &self,
        member: &team_member::Model,
        team: &team::Model,
        own: &[&seat_assignment::Model],
        slots: &[slot::Model],
    ) -> BTreeSet<usize> {
        let mut taken: Vec<&slot::Model> = self.programme.of_presenter(member, team.district_id).collect();
        let seated = |slot: &&slot::Model| own.iter().any(|seat| seat.slot_id == slot.id);
        taken.extend(self.programme.slots.iter().filter(seated));
        let open = |place: &usize| !taken.iter().any(|other| self.programme.exclude(other, &slots[*place]));
        (0..slots.len()).filter(open).collect()
    }

    /// How many seats of a slot are free: of those that it and its room have; none where nothing limits them.
    fn free(&self, slot: &slot::Model, standing: &[seat_assignment::Model]) -> Result<Option<usize>> {
        let room = slot.room_id.and_then(|id| self.rooms.get(&id).copied().flatten());
        let Some(holds) = [slot.capacity, room].into_iter().flatten().min() else { return Ok(None) };
        let taken = standing.iter().filter(|seat| is_in(seat, slot.id)).count();
        Ok(Some(usize::try_from(holds).map_err(Error::internal)?.saturating_sub(taken)))
    }
}

fn is_in(seat: &seat_assignment::Model, slot: SlotId) -> bool {
    seat.slot_id == slot
}
