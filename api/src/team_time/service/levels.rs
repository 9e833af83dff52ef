//! What can be done with levels of experience.

use crate::auth::Actor;
use crate::error::Result;
use crate::policy::{Action, Kind, authorize_some};
use crate::team_time::validate;
use crate::validation::Violations;
use crate::writing::{Patch, at_version, find_for, insert, next_place, remove, reorder, save};
use entity::convening;
use entity::experience_level::{Column, Entity, Model};
use entity::ids::{ConveningId, ExperienceLevelId};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

/// A level to add behind the others of its convening.
#[derive(Clone, Debug)]
pub(crate) struct NewLevel {
    /// The convening.
    pub convening: ConveningId,
    /// What it is called.
    pub title: String,
    /// Whom it is for.
    pub description: Option<String>,
}

/// What is to change of a level.
#[derive(Clone, Debug, Default)]
pub(crate) struct LevelPatch {
    /// What it is called.
    pub title: Patch<String>,
    /// Whom it is for.
    pub description: Patch<String>,
}

/// Adds a level. Its convening is locked, so that each finds its place.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewLevel) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Agenda, Action::Create)?;
    let convening = find_for::<convening::Entity>(db, actor.viewer, new.convening, Action::Update).await;
    let convening = convening.map_err(|error| error.at_field("conveningId"))?;
    let row = Model {
        id: ExperienceLevelId::new(),
        convening_id: convening.id,
        position: next_place(db, of_convening(convening.id)).await?,
        title: new.title,
        description: new.description,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    let mut violations = Violations::default();
    validate::level(&row, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, &[]).await
}

/// Changes what is named of a level.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ExperienceLevelId,
    version: i32,
    patch: LevelPatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.title.apply_required("title", &mut row.title, &mut violations);
    patch.description.apply(&mut row.description);
    validate::level(&row, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, &[]).await
}

/// Takes away a level that no team has given itself, with its questions. What teams wrote in answer to them stays theirs.
pub(crate) async fn delete(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ExperienceLevelId,
    version: i32,
) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}

/// Puts the levels of a convening into an order: all of them.
pub(crate) async fn put_in_order(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    convening: ConveningId,
    ids: &[ExperienceLevelId],
) -> Result<ConveningId> {
    let convening = find_for::<convening::Entity>(db, actor.viewer, convening, Action::Update).await?;
    let ids = ids.iter().map(|id| id.0).collect();
    reorder(db, actor, of_convening(convening.id), ("levelIds", ids)).await?;
    Ok(convening.id)
}

fn of_convening(convening: ConveningId) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::ConveningId.eq(convening))
}
