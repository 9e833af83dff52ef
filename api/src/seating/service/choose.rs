//! A member chooses a session: one seat is given or released.

use super::presenting::Programme;
use super::{in_time, said_of};
use crate::auth::Actor;
use crate::database::Alias;
use crate::error::{Error, Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::seating::loader::{holds, taken};
use crate::session::agenda;
use crate::team::moves::{self, Mover};
use crate::team::standing::stands;
use crate::validation::{Meaning, Violations};
use crate::writing::{find_for, hold, insert, refer, remove};
use entity::ids::{SeatAssignmentId, SlotId, TeamId, TeamMemberId};
use entity::seat_assignment::{Column, Entity, Model};
use entity::{convening, slot, team, team_member};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

/// A seat to give.
#[derive(Clone, Copy, Debug)]
pub(in crate::seating) struct NewSeat {
    /// To whom.
    pub(in crate::seating) member: TeamMemberId,
    /// Where and when.
    pub(in crate::seating) slot: SlotId,
}

const MEANINGS: &[Meaning] = &[
    (
        "seat_assignment_round_once",
        "slotId",
        ViolationCode::Conflict,
        "The member has a seat in this round already. Release that one first.",
    ),
    ("seat_assignment_session_once", "slotId", ViolationCode::Taken, "The member has a seat in this session already."),
];

/// Gives a member a seat in a slot that has one left.
pub(in crate::seating) async fn assign(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewSeat) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Seating, Action::Create)?;
    let held = agenda::of_part::<team_member::Entity>(db, actor.viewer, new.member).await;
    let convening = held.map_err(|error| error.at_field("memberId"))?;
    let mut violations = Violations::default();
    let member = refer::<team_member::Entity>(db, actor.viewer, ("memberId", Some(&mut new.member)), &mut violations);
    let member = member.await?;
    let slot = refer::<slot::Entity>(db, actor.viewer, ("slotId", Some(&mut new.slot)), &mut violations).await?;
    if slot.as_ref().is_some_and(|slot| slot.convening_id != convening.id) {
        violations.add("slotId", ViolationCode::NotFound, "The member's convening has no such slot.");
    }
    violations.finish()?;
    let (Some(member), Some(slot)) = (member, slot) else { return Err(Error::NotFound("slot")) };
    let runs = in_time(db, actor, &convening, "memberId").await?;
    let team = coming(db, actor, (&convening, member.team_id), runs).await?;
    is_open(db, &member, &team, &slot).await?;
    let row = Model {
        id: SeatAssignmentId::new(),
        member_id: member.id,
        convening_id: convening.id,
        slot_id: slot.id,
        session_id: slot.session_id,
        round: slot.round,
        block_id: None,
        version: 1,
        created_at: actor.now,
    };
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Takes a seat back.
pub(in crate::seating) async fn release(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: SeatAssignmentId,
) -> Result<()> {
    let convening = agenda::of_part::<Entity>(db, actor.viewer, id).await?;
    let row = find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?;
    in_time(db, actor, &convening, "id").await?;
    remove(db, row).await
}

/// The team, which stays as it is, if it is one that will take part. Its own people are told no more than they may know.
async fn coming(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (convening, id): (&convening::Model, TeamId),
    runs: bool,
) -> Result<team::Model> {
    let held = hold::<team::Entity>(db, |rows| rows.col(team::Column::Id).eq(id)).await?;
    let team = held.into_iter().next().ok_or(Error::NotFound("team"))?;
    let published = convening.decisions_published;
    let stood = stands(&team, published, actor.now);
    let (mover, known) = if runs { (Mover::Decides, stood) } else { (Mover::Team, moves::shown(stood, published)) };
    if known == team::Status::Confirmed {
        Ok(team)
    } else {
        Err(said_of(moves::illegal(stood, published, mover), "memberId"))
    }
}

/// Refuses a slot that the member cannot be in, or that is full.
async fn is_open(
    db: &impl ConnectionTrait,
    member: &team_member::Model,
    team: &team::Model,
    slot: &slot::Model,
) -> Result<()> {
    let mut violations = Violations::default();
    violations.check(
        slot.audience.is_none(),
        "slotId",
        "Who belongs to a role-alike meeting follows from the seats in the teams. Choose another slot.",
    );
    let programme = Programme::of(db, slot.convening_id).await?;
    if programme.of_presenter(member, team.district_id).any(|presented| programme.exclude(presented, slot)) {
        let message = "The member presents then, or in this very session. Choose another slot.";
        violations.add("slotId", ViolationCode::Conflict, message);
    }
    let seats = Entity::find().filter(Column::MemberId.eq(member.id)).all(db).await?;
    // What is of one round or one session is told by the constraints.
    let elsewhere = programme.slots.iter().filter(|other| seats.iter().any(|seat| seat.slot_id == other.id));
    let untold = |other: &&slot::Model| other.session_id != slot.session_id && !programme.are_of_one_round(other, slot);
    if elsewhere.filter(untold).any(|other| programme.exclude(other, slot)) {
        let message = "The member has a seat elsewhere at that time. Release that one first.";
        violations.add("slotId", ViolationCode::Conflict, message);
    }
    if is_full(db, slot.id).await? {
        violations.add("slotId", ViolationCode::CapacityExceeded, "No seat is left in this slot. Choose another.");
    }
    violations.finish()
}

/// Whether all seats of a slot are taken, whoever may see by whom. The caller holds the convening.
async fn is_full(db: &impl ConnectionTrait, id: SlotId) -> Result<bool> {
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<slot::Entity>();
    select.expr(taken(&rows).gte(holds(&rows))).and_where(rows.col(slot::Column::Id).eq(id));
    let full: Option<Option<bool>> = db.query_one(&select).await?.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(full.flatten().unwrap_or_default())
}
