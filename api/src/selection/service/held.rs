//! The convening whose teams are changed, held: places are counted and taken by one at a time.

use crate::auth::Viewer;
use crate::error::{Error, Result};
use crate::policy::{Action, Kind, authorize_some};
use crate::team::moves::{HOLDS_A_PLACE, Mover};
use crate::writing::{find_for, hold, permit};
use entity::convening::{self, Status};
use entity::ids::{ConveningId, TeamId};
use entity::team;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

/// Holds a convening for whoever decides on its teams.
pub(super) async fn to_decide(db: &impl ConnectionTrait, viewer: &Viewer, id: ConveningId) -> Result<convening::Model> {
    authorize_some(viewer, Kind::Decision, Action::Update)?;
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
    let held = hold::<convening::Entity>(db, |convening| {
        convening.exists::<team::Entity>(|team| {
            (team.col(team::Column::ConveningId).eq(convening.col(convening::Column::Id)))
                .and(team.col(team::Column::Id).eq(id))
                .and(viewer.allowed::<team::Entity>(Action::Update, team))
        })
    });
    let convening = held.await?.into_iter().next();
    let team = find_for::<team::Entity>(db, viewer, id, Action::Update).await?;
    let convening = convening.ok_or_else(|| Error::internal("a team that may be changed is of no convening"))?;
    Ok((convening, team))
}

/// In whose words whoever asks is answered about a team.
pub(super) async fn mover(db: &impl ConnectionTrait, viewer: &Viewer, team: TeamId) -> Result<Mover> {
    match permit::<team::Entity>(db, viewer, team, (Kind::Decision, Action::Update)).await {
        Ok(()) => Ok(Mover::Decides),
        Err(Error::Forbidden | Error::Unauthenticated) => Ok(Mover::Team),
        Err(error) => Err(error),
    }
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
