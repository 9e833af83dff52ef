//! Making keys, giving them new secrets, and revoking them.

use super::validate;
use crate::auth::{Actor, NewKey};
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::observe::security::{self, Event, Happened};
use crate::policy::{Action, Kind, authorize, authorize_some};
use crate::validation::Violations;
use crate::writing::{find_for, insert, refer, save, touch};
use chrono::{DateTime, Duration, Utc};
use entity::api_key::{Column, Entity, Model};
use entity::ids::{ApiKeyId, OrganizationId};
use entity::organization;
use entity::role_grant::Role;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait as _, QueryFilter as _, QueryOrder as _, Statement, Value,
};

/// What is kept of a secret goes into the database, and does not come back: the service's role cannot read it.
const SET_SECRET: &str = "SELECT set_key_secret($1, $2, $3)";
const FORGET_BEFORE: &str = "SELECT forget_secret_before($1)";

/// A key to make.
#[derive(Clone, Debug)]
pub(crate) struct NewApiKey {
    /// What it is called.
    pub name: String,
    /// What it may do beyond reading what everybody reads.
    pub role: Option<Role>,
    /// In which organization.
    pub organization: Option<OrganizationId>,
    /// Whether it changes nothing, whatever its role allows.
    pub read_only: bool,
    /// Until when it is good.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Makes a key. It is shown to whoever asked, now and never again.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewApiKey) -> Result<(Model, NewKey)> {
    authorize_some(actor.viewer, Kind::Key, Action::Create)?;
    let mut violations = Violations::default();
    validate::new(&mut violations, &new, actor.now);
    refer::<organization::Entity>(db, actor.viewer, ("organizationId", new.organization.as_mut()), &mut violations)
        .await?;
    violations.finish()?;
    let key = NewKey::new()?;
    let row = Model {
        id: ApiKeyId::new(),
        name: new.name,
        prefix: key.prefix().to_owned(),
        previous_until: None,
        role: new.role,
        organization_id: new.organization,
        read_only: new.read_only,
        expires_at: new.expires_at,
        revoked_at: None,
        last_used_at: None,
        created_by: actor.account(),
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    let made = insert::<Entity>(db, actor, row, &[]).await?;
    run(db, SET_SECRET, [made.id.into(), key.hash().into(), Value::ChronoDateTimeUtc(None)]).await?;
    security::tell_once_kept(Happened::from(Event::KeyMade).about(made.id));
    Ok((made, key))
}

/// Gives a key a new secret. The one before is good for some hours more, so that nothing stands still meanwhile.
pub(crate) async fn rotate(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ApiKeyId,
    overlap_hours: i32,
) -> Result<(Model, NewKey)> {
    let before = find_for::<Entity>(db, actor.viewer, id, Action::Update).await?;
    let mut violations = Violations::default();
    validate::overlap(&mut violations, overlap_hours);
    violations.finish()?;
    if before.revoked_at.is_some() || before.expires_at.is_some_and(|until| until <= actor.now) {
        let message = "This key is not in force any more. Make a new one.";
        return Err(Error::Invalid(vec![Violation::new("id", ViolationCode::Conflict, message)]));
    }
    let key = NewKey::rotated(&before.prefix)?;
    let until = (overlap_hours > 0).then(|| actor.now + Duration::hours(overlap_hours.into()));
    run(db, SET_SECRET, [id.into(), key.hash().into(), until.into()]).await?;
    security::tell_once_kept(Happened::from(Event::KeyRotated).about(before.id));
    // Its version counts up also where nothing else differs.
    if before.previous_until == until {
        return Ok((touch::<Entity>(db, actor, before).await?, key));
    }
    let row = Model { previous_until: until, ..before.clone() };
    Ok((save::<Entity>(db, actor, before, row, &[]).await?, key))
}

/// Revokes a key, on every instance from the next request on. One that was revoked stays as it is.
pub(crate) async fn revoke(db: &impl ConnectionTrait, actor: Actor<'_>, id: ApiKeyId) -> Result<Model> {
    let before = find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?;
    if before.revoked_at.is_some() {
        return Ok(before);
    }
    run(db, FORGET_BEFORE, [id.into()]).await?;
    let row = Model { revoked_at: Some(actor.now), previous_until: None, ..before.clone() };
    security::tell_once_kept(Happened::from(Event::KeyRevoked).about(before.id));
    save::<Entity>(db, actor, before, row, &[]).await
}

async fn run<const N: usize>(db: &impl ConnectionTrait, sql: &str, values: [Value; N]) -> Result<()> {
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}

/// Every key, by name.
pub(crate) async fn list(db: &impl ConnectionTrait, actor: Actor<'_>) -> Result<Vec<Model>> {
    authorize(actor.viewer, Kind::Key, Action::Read)?;
    Ok(Entity::find().order_by_asc(Column::Name).order_by_asc(Column::Id).all(db).await?)
}

/// The key of a prefix, for those who may see all.
pub(crate) async fn find_by_prefix(db: &impl ConnectionTrait, actor: Actor<'_>, prefix: &str) -> Result<Option<Model>> {
    authorize(actor.viewer, Kind::Key, Action::Read)?;
    Ok(Entity::find().filter(Column::Prefix.eq(prefix)).one(db).await?)
}
