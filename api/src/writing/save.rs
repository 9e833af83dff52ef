//! Stores rows: new ones, what differs of changed ones, and takes rows away.

use super::find::{permit, permit_new};
use crate::auth::Actor;
use crate::error::{Error, Result, Violation, ViolationCode, constraint, is_referred_to};
use crate::policy::{Action, Resource};
use crate::validation::{Meaning, refused};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable as _,
    ModelTrait, Value,
};
use std::str::FromStr as _;
use uuid::Uuid;

/// Refuses a change of a row that has moved on since the version that was given.
pub(crate) fn at_version<M: ModelTrait>(row: M, given: i32) -> Result<M> {
    at_version_of(row, given, "version")
}

/// The same where the version stands in another field of the input.
pub(crate) fn at_version_of<M: ModelTrait>(row: M, given: i32, field: &str) -> Result<M> {
    match column::<M::Entity>("version").map(|version| row.get(version)) {
        Some(Value::Int(Some(version))) if version == given => Ok(row),
        _ => {
            let message = "This was changed meanwhile. Read it again, and change it as it stands now.";
            Err(Error::Invalid(vec![Violation::new(field, ViolationCode::StaleVersion, message)]))
        }
    }
}

/// Adds a row, if the viewer may add such a one.
pub(crate) async fn insert<E>(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    row: E::Model,
    meanings: &[Meaning],
) -> Result<E::Model>
where
    E: Resource,
    E::Model: IntoActiveModel<E::ActiveModel> + Sync,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    permit_new::<E>(db, actor.viewer, &row).await?;
    let row = row.into_active_model().reset_all();
    row.insert(db).await.map_err(|error| refused(error, meanings))
}

/// Stores what differs between a row and the row as it is to become. Its version counts up, unless nothing differs.
pub(crate) async fn save<E>(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    before: E::Model,
    after: E::Model,
    meanings: &[Meaning],
) -> Result<E::Model>
where
    E: Resource,
    E::Model: IntoActiveModel<E::ActiveModel> + Sync,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    let key = key_of(&before)?;
    let mut changed = before.clone().into_active_model();
    for column in E::Column::iter() {
        let value = after.get(column);
        if before.get(column) != value {
            changed.set(column, value);
        }
    }
    if !changed.is_changed() {
        return Ok(before);
    }
    count_up::<E>(&mut changed, &before, actor);
    let row = changed.update(db).await.map_err(|error| refused(error, meanings))?;
    permit::<E>(db, actor.viewer, key, (E::KIND, Action::Update)).await?;
    Ok(row)
}

/// Counts up the version of a row whose parts were changed in tables of their own: whoever read it before has not seen
/// that.
pub(crate) async fn touch<E>(db: &impl ConnectionTrait, actor: Actor<'_>, row: E::Model) -> Result<E::Model>
where
    E: Resource,
    E::Model: IntoActiveModel<E::ActiveModel> + Sync,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    let mut changed = row.clone().into_active_model();
    count_up::<E>(&mut changed, &row, actor);
    Ok(changed.update(db).await?)
}

fn count_up<E: Resource>(changed: &mut E::ActiveModel, before: &E::Model, actor: Actor<'_>) {
    if let (Some(version), Some(updated_at)) = (column::<E>("version"), column::<E>("updated_at")) {
        if let Value::Int(Some(number)) = before.get(version) {
            changed.set(version, (number + 1).into());
        }
        changed.set(updated_at, actor.now.into());
    }
}

/// Takes a row away that nothing refers to any more.
pub(crate) async fn remove<M>(db: &impl ConnectionTrait, row: M) -> Result<()>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
{
    let removed = row.into_active_model().delete(db).await;
    removed.map(drop).map_err(in_use)
}

/// The error of taking rows away: what still refers to them is for a person to take away first.
pub(crate) fn in_use(error: DbErr) -> Error {
    match constraint(&error) {
        Some(_) if is_referred_to(&error) => {
            let message =
                "Something still refers to this. Take that away first, or merge the two if they are the same.";
            Error::Invalid(vec![Violation::new("id", ViolationCode::InUse, message)])
        }
        _ => error.into(),
    }
}

/// The key of a row.
pub(crate) fn key_of<M: ModelTrait>(row: &M) -> Result<Uuid> {
    match column::<M::Entity>("id").map(|id| row.get(id)) {
        Some(Value::Uuid(Some(key))) => Ok(key),
        _ => Err(Error::internal("a row without a key of its own was to be written")),
    }
}

fn column<E: EntityTrait>(name: &str) -> Option<E::Column> {
    E::Column::from_str(name).ok()
}
