//! What can be done with surveys, but for answering them.

use super::input::{NewSurvey, SurveyPatch};
use super::moves::{self, Move};
use super::{items, validate};
use crate::auth::Actor;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::Violations;
use crate::writing::{Patch, at_version, find_for, insert, refer, remove, save, touch};
use entity::ids::{SurveyId, WrittenAnswerId};
use entity::survey::{Entity, Model, Status};
use entity::written_answer::{self, Moderation};
use entity::{convening, survey};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, IntoActiveModel as _};

/// Adds a survey, as a draft.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewSurvey) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Survey, Action::Create)?;
    let mut violations = Violations::default();
    refer::<convening::Entity>(db, actor.viewer, ("conveningId", new.convening.as_mut()), &mut violations).await?;
    let row = Model {
        id: SurveyId::new(),
        convening_id: new.convening,
        kind: new.kind,
        title: new.title,
        introduction: new.introduction,
        audience: new.audience,
        status: Status::Draft,
        opens_at: new.opens_at,
        closes_at: new.closes_at,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate::survey(&row, &mut violations);
    validate::items(&new.items, &mut violations);
    violations.finish()?;
    let row = insert::<Entity>(db, actor, row, &[]).await?;
    items::replace(db, row.id, new.items).await?;
    Ok(row)
}

/// Changes what is named of a survey. What is asked, and whom, changes in a draft alone.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: SurveyId,
    version: i32,
    patch: SurveyPatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    if patch.asks_otherwise() {
        let message = "Its kind, audience and items change only while it is a draft.";
        moves::only_in(Status::Draft, before.status, message)?;
    }
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.kind.apply_required("kind", &mut row.kind, &mut violations);
    patch.title.apply_required("title", &mut row.title, &mut violations);
    patch.introduction.apply(&mut row.introduction);
    patch.audience.apply_required("audience", &mut row.audience, &mut violations);
    patch.opens_at.apply(&mut row.opens_at);
    patch.closes_at.apply(&mut row.closes_at);
    let new_items = match patch.items {
        Patch::Keep => None,
        Patch::Clear => Some(Vec::new()),
        Patch::Set(items) => Some(items),
    };
    validate::survey(&row, &mut violations);
    validate::items(new_items.as_deref().unwrap_or_default(), &mut violations);
    violations.finish()?;
    let saved = save::<Entity>(db, actor, before, row, &[]).await?;
    let Some(new_items) = new_items else { return Ok(saved) };
    items::replace(db, saved.id, new_items).await?;
    if saved.version == version { touch::<Entity>(db, actor, saved).await } else { Ok(saved) }
}

/// Takes a draft away.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: SurveyId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    moves::only_in(Status::Draft, row.status, "Only a draft is taken away.")?;
    remove(db, row).await
}

/// Takes answers from now on, within the survey's times.
pub(crate) async fn open(db: &impl ConnectionTrait, actor: Actor<'_>, id: SurveyId, version: i32) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let status = moves::moved(before.status, Move::Open)?;
    if items::of(db, before.id).await?.is_empty() {
        let message = "There is nothing to answer. Give the survey its items first.";
        return Err(Error::Invalid(vec![Violation::new("id", ViolationCode::Required, message)]));
    }
    let row = survey::Model { status, ..before.clone() };
    save::<Entity>(db, actor, before, row, &[]).await
}

/// Lets everybody read what somebody wrote, or nobody.
pub(crate) async fn moderate(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: WrittenAnswerId,
    moderation: Moderation,
) -> Result<WrittenAnswerId> {
    let row = find_for::<written_answer::Entity>(db, actor.viewer, id, Action::Update).await?;
    if !row.counted {
        return Err(Error::NotFound("written_answer"));
    }
    let id = row.id;
    let mut changed = row.into_active_model();
    changed.moderation = Set(moderation);
    changed.update(db).await?;
    Ok(id)
}
