//! What a team says of itself. It stands in a row of its own, which counts with the team's: whoever changes it names
//! the team's version.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind};
use crate::team_time::validate;
use crate::validation::Violations;
use crate::writing::{at_version, find_for, permit, refer, touch};
use entity::ids::{ExperienceLevelId, TeamId};
use entity::team_time::{Entity, Model};
use entity::{experience_level, team};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _};

/// Gives a team a level of experience of its convening, or takes it back.
pub(crate) async fn rate(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (id, version): (TeamId, i32),
    mut level: Option<ExperienceLevelId>,
) -> Result<TeamId> {
    let team = find(db, actor, id, version).await?;
    let mut violations = Violations::default();
    let level =
        refer::<experience_level::Entity>(db, actor.viewer, ("levelId", level.as_mut()), &mut violations).await?;
    if level.as_ref().is_some_and(|level| level.convening_id != team.convening_id) {
        violations.add("levelId", ViolationCode::Invalid, "Choose one of the levels of the team's own convening.");
    }
    violations.finish()?;
    change(db, actor, team, |time| time.level_id = level.map(|level| level.id)).await
}

/// Gives a team a headline, or takes it back.
pub(crate) async fn set_headline(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (id, version): (TeamId, i32),
    headline: Option<String>,
) -> Result<TeamId> {
    let team = find(db, actor, id, version).await?;
    change(db, actor, team, |time| time.headline = headline).await
}

/// The team, locked, for whoever may say something of it.
async fn find(db: &impl ConnectionTrait, actor: Actor<'_>, id: TeamId, version: i32) -> Result<team::Model> {
    let team = find_for::<team::Entity>(db, actor.viewer, id, Action::Update).await?;
    permit::<team::Entity>(db, actor.viewer, team.id, (Kind::TeamTime, Action::Update)).await?;
    at_version(team, version)
}

/// Stores what differs, and counts the team's version up if anything does.
async fn change(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    team: team::Model,
    change: impl FnOnce(&mut Model),
) -> Result<TeamId> {
    let before = Entity::find_by_id(team.id).one(db).await?;
    let nothing = Model { team_id: team.id, convening_id: team.convening_id, level_id: None, headline: None };
    let mut row = before.clone().unwrap_or_else(|| nothing.clone());
    change(&mut row);
    let mut violations = Violations::default();
    validate::time(&row, &mut violations);
    violations.finish()?;
    let id = team.id;
    if row == before.clone().unwrap_or(nothing) {
        return Ok(id);
    }
    let row = row.into_active_model().reset_all();
    if before.is_some() {
        row.update(db).await?
    } else {
        row.insert(db).await?
    };
    touch::<team::Entity>(db, actor, team).await?;
    Ok(id)
}
