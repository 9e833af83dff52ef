//! All teams of a convening are seated in a block at once.

use super::in_time;
use super::report::{self, Unmet};
use super::scene::Scene;
use crate::arithmetic;
use crate::auth::{Actor, Viewer};
use crate::error::{Error, Result};
use crate::policy::{Action, Kind, authorize_some};
use crate::seating::plan::{self, Measures, Plan};
use crate::validation::Violations;
use crate::writing::{find_for, hold, permit, refer};
use entity::ids::{ConveningId, SeatAssignmentId, SlotId, TeamId, TeamMemberId};
use entity::seat_assignment::{Column, Entity, Model};
use entity::{convening, team};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
};

/// Rows in a statement: far below what PostgreSQL binds.
const ROWS: usize = 1000;

/// What is to be planned.
#[derive(Clone, Copy, Debug)]
pub(in crate::seating) struct PlanRequest {
    /// The convening.
    pub(in crate::seating) convening: ConveningId,
    /// The place of the block among its blocks, from 1.
    pub(in crate::seating) block: i32,
    /// What is to become of seats that stand.
    pub(in crate::seating) standing: Standing,
}

/// What is to become of seats that stand in the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::seating) enum Standing {
    /// They stay, and the plan is made around them.
    Keep,
    /// They are given up for the plan.
    Replace,
}

/// Teams that are planned for at most: more than the state has districts would come to.
const MAX_TEAMS: usize = 1_100;

/// A plan, by keys.
#[derive(Clone, Debug)]
pub(in crate::seating) struct SeatPlan {
    /// What was wanted, what was reached, and what no plan can exceed.
    pub(in crate::seating) measures: Measures,
    /// For each team, how many different sessions it covers and how many its pairs could.
    pub(in crate::seating) teams: Vec<(TeamId, usize, usize)>,
    /// The seats that are new, by team.
    pub(in crate::seating) seats: Vec<(TeamMemberId, SlotId)>,
    /// What could not be done.
    pub(in crate::seating) unmet: Vec<Unmet>,
}

/// What a plan would be; nothing is changed. None where there is no such convening for the viewer.
pub(in crate::seating) async fn preview(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    mut request: PlanRequest,
) -> Result<Option<SeatPlan>> {
    authorize_some(viewer, Kind::Seating, Action::Create)?;
    let field = ("conveningId", Some(&mut request.convening));
    let Some(convening) = refer::<convening::Entity>(db, viewer, field, &mut Violations::default()).await? else {
        return Ok(None);
    };
    permit::<convening::Entity>(db, viewer, convening.id, (Kind::Seating, Action::Create)).await?;
    let (scene, plan) = planned(db, &request).await?;
    Ok(Some(told(&scene, &plan)))
}

/// Plans and stores it, all of it or nothing. The convening and its teams stay as they are meanwhile.
pub(in crate::seating) async fn apply(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    request: PlanRequest,
) -> Result<SeatPlan> {
    authorize_some(actor.viewer, Kind::Seating, Action::Create)?;
    let convening = find_for::<convening::Entity>(db, actor.viewer, request.convening, Action::Read).await;
    let convening = convening.map_err(|error| error.at_field("conveningId"))?;
    permit::<convening::Entity>(db, actor.viewer, convening.id, (Kind::Seating, Action::Create)).await?;
    in_time(db, actor, &convening, "conveningId").await?;
    hold::<team::Entity>(db, |rows| {
        let here = rows.col(team::Column::ConveningId).eq(convening.id);
        here.and(rows.col(team::Column::Status).eq(team::Status::Confirmed))
    })
    .await?;
    let (scene, plan) = planned(db, &request).await?;
    let told = told(&scene, &plan);
    store(db, actor, convening.id, &scene, &plan).await?;
    Ok(told)
}

async fn planned(db: &impl ConnectionTrait, request: &PlanRequest) -> Result<(Scene, Plan)> {
    let scene = Scene::of(db, request.convening, request.block, request.standing == Standing::Replace).await?;
    let problem = scene.problem.clone();
    if problem.teams.len() > MAX_TEAMS {
        return Err(Error::TooMuch(format!("Seats are planned for at most {MAX_TEAMS} teams at once.")));
    }
    let plan = arithmetic::apart(move || plan::plan(&problem)).await??;
    Ok((scene, plan))
}

fn told(scene: &Scene, plan: &Plan) -> SeatPlan {
    let covered = report::covered(&scene.problem, plan);
    let teams = scene.teams.iter().zip(covered).zip(&plan.targets);
    SeatPlan {
        measures: plan.measures,
        teams: teams.map(|(((team, _), covered), &target)| (*team, covered, target)).collect(),
        seats: plan
            .seats
            .iter()
            .map(|seat| (scene.teams[seat.team].1[seat.member], scene.slots[seat.slot].id))
            .collect(),
        unmet: report::unmet(scene, plan),
    }
}

/// Gives the seats of a plan instead of those that it replaces. What is the same stays as it stands.
async fn store(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    convening: ConveningId,
    scene: &Scene,
    plan: &Plan,
) -> Result<()> {
    let new = plan.seats.iter().map(|seat| {
        let slot = &scene.slots[seat.slot];
        Model {
            id: SeatAssignmentId::new(),
            member_id: scene.teams[seat.team].1[seat.member],
            convening_id: convening,
            slot_id: slot.id,
            session_id: slot.session_id,
            round: slot.round,
            block_id: Some(scene.block),
            version: 1,
            created_at: actor.now,
        }
    });
    let same = |one: &Model, other: &Model| (one.member_id, one.slot_id) == (other.member_id, other.slot_id);
    let (stays, new): (Vec<Model>, Vec<Model>) =
        new.partition(|seat| scene.replaced.iter().any(|standing| same(seat, standing)));
    let gone = scene.replaced.iter().filter(|standing| !stays.iter().any(|seat| same(seat, standing)));
    Entity::delete_many().filter(Column::Id.is_in(gone.map(|seat| seat.id))).exec(db).await?;
    for rows in new.chunks(ROWS) {
        let rows = rows.iter().cloned().map(|row| row.into_active_model().reset_all());
        Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}
