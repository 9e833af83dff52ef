//! What can be done with focus questions.

use crate::auth::Actor;
use crate::error::Result;
use crate::policy::{Action, Kind, authorize_some};
use crate::team_time::validate;
use crate::validation::Violations;
use crate::writing::{Patch, at_version, find_for, insert, next_place, remove, reorder, save};
use entity::experience_level;
use entity::focus_question::{Column, Entity, Model};
use entity::ids::{ExperienceLevelId, FocusQuestionId};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

/// A question to add behind the others of its level.
#[derive(Clone, Debug)]
pub(crate) struct NewQuestion {
    /// The level.
    pub level: ExperienceLevelId,
    /// What is asked.
    pub text: String,
}

/// What is to change of a question.
#[derive(Clone, Debug, Default)]
pub(crate) struct QuestionPatch {
    /// What is asked.
    pub text: Patch<String>,
}

/// Adds a question. Its level is locked, so that each finds its place.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewQuestion) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Agenda, Action::Create)?;
    let level = find_for::<experience_level::Entity>(db, actor.viewer, new.level, Action::Update).await;
    let level = level.map_err(|error| error.at_field("levelId"))?;
    let row = Model {
        id: FocusQuestionId::new(),
        level_id: level.id,
        position: next_place(db, of_level(level.id)).await?,
        text: new.text,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    let mut violations = Violations::default();
    validate::question(&row, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, &[]).await
}

/// Changes what is named of a question. Notes keep the words that they answered.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: FocusQuestionId,
    version: i32,
    patch: QuestionPatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.text.apply_required("text", &mut row.text, &mut violations);
    validate::question(&row, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, &[]).await
}

/// Takes a question away. Whether any team wrote an answer to it is told by nothing.
pub(crate) async fn delete(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: FocusQuestionId,
    version: i32,
) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}

/// Puts the questions of a level into an order: all of them.
pub(crate) async fn put_in_order(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    level: ExperienceLevelId,
    ids: &[FocusQuestionId],
) -> Result<ExperienceLevelId> {
    let level = find_for::<experience_level::Entity>(db, actor.viewer, level, Action::Update).await?;
    let ids = ids.iter().map(|id| id.0).collect();
    reorder(db, actor, of_level(level.id), ("questionIds", ids)).await?;
    Ok(level.id)
}

fn of_level(level: ExperienceLevelId) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::LevelId.eq(level))
}
