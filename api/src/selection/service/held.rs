//! The convening whose teams are changed, held: places are counted and taken by one at a time.

use crate::auth::Viewer;
use crate::error::{Error, Result};
use crate::policy::{Action, Kind, authorize_some};
use crate::team::moves::{HOLDS_A_PLACE, Mover};
use crate::team::{decides, hold_convening};
use crate::writing::{find_for, permit};
use entity::convening::{self, Status};
use entity::ids::{ConveningId, TeamId};
use entity::team;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

/// Holds a convening for whoever decides on its teams.
pub(super) async fn to_decide(db: &impl ConnectionTrait, viewer: &Viewer, id: ConveningId) -> Result<convening::Model> {
    let row = find_for::<convening::Entity>(db, viewer, id, Action::Read).await?;
    permit::<convening::Entity>(db, viewer, id, (Kind::Decision, Action::Update)).await?;
    Ok(row)
}

/// Holds the convening of a team and then the team, for whoever may do this with it.
pub(super) async fn with_team(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: TeamId,
) -> Result<(convening::Model, team::Model)> {
    // Nobody waits for a convening who may not act for any team.
    authorize_some(viewer, Kind::Team, Action::Update)?;
    let convening = hold_convening(db, id).await?;
    Ok((convening, find_for::<team::Entity>(db, viewer, id, Action::Update).await?))
}

/// In whose words whoever asks is answered about a team of a convening.
pub(super) async fn mover(db: &impl ConnectionTrait, viewer: &Viewer, id: ConveningId) -> Result<Mover> {
    Ok(if decides(db, viewer, id).await? { Mover::Decides } else { Mover::Team })
}

/// The teams of a convening that hold a place.
pub(super) async fn places_held(db: &impl ConnectionTrait, convening: ConveningId) -> Result<usize> {
    let teams = team::Entity::find().filter(team::Column::ConveningId.eq(convening));
    let held = teams.filter(team::Column::Status.is_in(HOLDS_A_PLACE)).count(db).await?;
    usize::try_from(held).map_err(Error::internal)
}

/// How many teams a convening has room for, where that is known.
pub(super) fn capacity(convening: &convening::Model) -> Option<usize> {
    convening.team_capacity.and_then(|capacity| usize::try_from(capacity).ok())
}

/// Whether it is over, or will not be.
pub(super) fn is_over(convening: &convening::Model) -> bool {
    matches!(convening.status, Status::Completed | Status::Cancelled)
}
