//! Granting roles and revoking them.

use super::validate;
use crate::account;
use crate::auth::Actor;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::observe::security::{self, Event};
use crate::policy::{Action, Kind, authorize, authorize_some};
use crate::validation::{Meaning, Violations};
use crate::writing::{find_for, insert, permit, refer};
use chrono::{DateTime, Utc};
use entity::ids::{AccountId, ConveningId, DistrictId, OrganizationId, RegionId, RoleGrantId};
use entity::role_grant::{Column, Entity, Model, Role};
use entity::{convening, district, organization, region};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    Select, Statement,
};

/// Where a role is to be granted; exactly what the role takes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct GivenScope {
    /// In an organization.
    pub organization: Option<OrganizationId>,
    /// In a district.
    pub district: Option<DistrictId>,
    /// At a convening.
    pub convening: Option<ConveningId>,
    /// In a region.
    pub region: Option<RegionId>,
}

/// What somebody is to be granted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// What they are to do.
    pub role: Role,
    /// Where.
    pub scope: GivenScope,
    /// Until when; nothing says that it ends.
    pub expires_at: Option<DateTime<Utc>>,
}

const MEANINGS: &[Meaning] = &[(
    "role_grant_once",
    "role",
    ViolationCode::Taken,
    "The account holds this role there already. To change for how long, revoke that grant first.",
)];

/// Whether an administrator who can sign in is in force at `$1`.
const ADMINISTRATOR: &str = "
    SELECT EXISTS (
      SELECT FROM role_grant AS held JOIN account ON account.id = held.account_id
      WHERE held.role = 'admin' AND held.revoked_at IS NULL AND (held.expires_at IS NULL OR held.expires_at > $1)
        AND account.disabled_at IS NULL AND (has_password(account.id)
          OR EXISTS (SELECT FROM identity WHERE identity.account_id = account.id AND unlinked_at IS NULL)))";
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(4031720175218440921)";

/// To whom; by exactly one of these.
#[derive(Clone, Debug)]
pub(crate) struct Whom {
    /// The account.
    pub account: Option<AccountId>,
    /// Its address.
    pub email: Option<String>,
}

/// Grants a role to whoever is named.
pub(crate) async fn grant(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    Whom { account, email }: Whom,
    wanted: Wanted,
) -> Result<Model> {
    let refused = |field, code, message: &str| Error::Invalid(vec![Violation::new(field, code, message)]);
    let account = match (account, email) {
        (Some(account), None) => account,
        (None, Some(email)) => match account::service::of_address(db, actor, &email).await? {
            Some(account) => account.id,
            None => return Err(refused("email", ViolationCode::NotFound, "No account has this address. Invite it.")),
        },
        (None, None) => return Err(refused("accountId", ViolationCode::Required, "Say which account.")),
        (Some(_), Some(_)) => return Err(refused("email", ViolationCode::Invalid, "Give the account or its address.")),
    };
    create(db, actor, account, wanted).await
}

/// Notes what is wrong with a grant, whomever it is for.
pub(crate) async fn check(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    wanted: &mut Wanted,
    violations: &mut Violations,
) -> Result<()> {
    let (viewer, scope) = (actor.viewer, &mut wanted.scope);
    validate::scope(violations, wanted.role, scope);
    let ahead = wanted.expires_at.is_none_or(|until| until > actor.now);
    violations.check(ahead, "expiresAt", "That has passed. Give a moment to come, or none.");
    refer::<organization::Entity>(db, viewer, ("organizationId", scope.organization.as_mut()), violations).await?;
    refer::<district::Entity>(db, viewer, ("districtId", scope.district.as_mut()), violations).await?;
    refer::<convening::Entity>(db, viewer, ("conveningId", scope.convening.as_mut()), violations).await?;
    refer::<region::Entity>(db, viewer, ("regionId", scope.region.as_mut()), violations).await?;
    Ok(())
}

/// Grants a role to an account.
pub(crate) async fn create(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    mut account: AccountId,
    mut wanted: Wanted,
) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Grant, Action::Create)?;
    let mut violations = Violations::default();
    refer::<entity::account::Entity>(db, actor.viewer, ("accountId", Some(&mut account)), &mut violations).await?;
    check(db, actor, &mut wanted, &mut violations).await?;
    violations.finish()?;
    store(db, actor, account, wanted).await
}

/// Sees to it that an account holds a role at least for so long, whether or not it held it before: who asks is not told.
pub(crate) async fn ensure(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    account: AccountId,
    wanted: Wanted,
) -> Result<()> {
    let held = same(account, &wanted).one(db).await?;
    let in_force = |held: &Model| held.expires_at.is_none_or(|until| until > actor.now);
    let Some(held) = held.filter(in_force) else { return store(db, actor, account, wanted).await.map(drop) };
    // What would be refused of another account is refused of this one too.
    permit::<Entity>(db, &actor.viewer.lasting(wanted.expires_at), held.id, (Kind::Grant, Action::Create)).await?;
    if held.expires_at.is_some_and(|until| wanted.expires_at.is_none_or(|wanted| until < wanted)) {
        account::service::void_invitations(db, account, actor.now).await?;
        let longer = Entity::update_many().col_expr(Column::ExpiresAt, Expr::value(wanted.expires_at));
        longer.filter(Column::Id.eq(held.id)).exec(db).await?;
    }
    Ok(())
}

/// Writes a grant down, if whoever grants it holds as much for as long.
async fn store(db: &impl ConnectionTrait, actor: Actor<'_>, account: AccountId, wanted: Wanted) -> Result<Model> {
    account::service::shut_out(db, actor, account).await?;
    // One that ran out is in nobody's way.
    let over = same(account, &wanted).filter(Column::ExpiresAt.lte(actor.now)).one(db).await?;
    if let Some(over) = over {
        end(db, over.id, actor.now).await?;
    }
    account::service::void_invitations(db, account, actor.now).await?;
    let row = Model {
        id: RoleGrantId::new(),
        account_id: account,
        role: wanted.role,
        organization_id: wanted.scope.organization,
        district_id: wanted.scope.district,
        convening_id: wanted.scope.convening,
        region_id: wanted.scope.region,
        expires_at: wanted.expires_at,
        granted_by: actor.account(),
        granted_at: actor.now,
        revoked_at: None,
    };
    let lasting = actor.viewer.lasting(wanted.expires_at);
    let made = insert::<Entity>(db, Actor { viewer: &lasting, ..actor }, row, MEANINGS).await?;
    security::tell_once_kept(Event::GrantMade.of(account).about(made.id).what(name(made.role)));
    Ok(made)
}

/// The grant of an account for the same role and scope that was not revoked.
fn same(account: AccountId, wanted: &Wanted) -> Select<Entity> {
    fn matches<V: Into<sea_orm::Value>>(column: Column, value: Option<V>) -> Expr {
        value.map_or_else(|| column.is_null(), |value| column.eq(value))
    }
    let scope = &wanted.scope;
    Entity::find()
        .filter(Column::AccountId.eq(account))
        .filter(Column::Role.eq(wanted.role))
        .filter(Column::RevokedAt.is_null())
        .filter(matches(Column::OrganizationId, scope.organization))
        .filter(matches(Column::DistrictId, scope.district))
        .filter(matches(Column::ConveningId, scope.convening))
        .filter(matches(Column::RegionId, scope.region))
}

async fn end(db: &impl ConnectionTrait, id: RoleGrantId, now: DateTime<Utc>) -> Result<()> {
    let end = Entity::update_many().col_expr(Column::RevokedAt, Expr::value(now)).filter(Column::Id.eq(id));
    end.exec(db).await?;
    Ok(())
}

/// What a role is called in the log.
fn name(role: Role) -> &'static str {
    match role {
        Role::Partner => "PARTNER",
        Role::TeamLead => "TEAM_LEAD",
        Role::Organizer => "ORGANIZER",
        Role::Evaluator => "EVALUATOR",
        Role::Staff => "STAFF",
        Role::Auditor => "AUDITOR",
        Role::Admin => "ADMIN",
    }
}

/// Revokes a grant. One that was revoked stays as it is.
pub(crate) async fn revoke(db: &impl ConnectionTrait, actor: Actor<'_>, id: RoleGrantId) -> Result<()> {
    one_at_a_time(db).await?;
    let held = find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?;
    if held.revoked_at.is_some() {
        return Ok(());
    }
    end(db, held.id, actor.now).await?;
    security::tell_once_kept(Event::GrantRevoked.of(held.account_id).about(held.id).what(name(held.role)));
    if held.role == Role::Admin { keep_an_administrator(db, actor.now).await } else { Ok(()) }
}

/// The grants of an account that are in force, for those who may see all.
pub(crate) async fn of(db: &impl ConnectionTrait, actor: Actor<'_>, account: AccountId) -> Result<Vec<Model>> {
    authorize(actor.viewer, Kind::Grant, Action::Read)?;
    let in_force = Column::ExpiresAt.is_null().or(Column::ExpiresAt.gt(actor.now));
    let held = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::RevokedAt.is_null());
    Ok(held.filter(in_force).order_by_asc(Column::GrantedAt).all(db).await?)
}

/// Waits for whoever else is taking power from somebody: two administrators must not shut each other out.
pub(crate) async fn one_at_a_time(db: &impl ConnectionTrait) -> Result<()> {
    db.query_one_raw(Statement::from_string(DbBackend::Postgres, ONE_AT_A_TIME)).await?;
    Ok(())
}

/// Refuses what was done in this transaction if nobody were left who could undo it.
pub(crate) async fn keep_an_administrator(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<()> {
    if has_administrator(db, now).await? {
        return Ok(());
    }
    let message = "No other administrator is in force. Grant somebody else ADMIN first.";
    Err(Error::Invalid(vec![Violation::new("id", ViolationCode::Conflict, message)]))
}

/// Whether somebody can sign in who may do everything.
pub(crate) async fn has_administrator(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool> {
    let asked = Statement::from_sql_and_values(DbBackend::Postgres, ADMINISTRATOR, [now.into()]);
    let row = db.query_one_raw(asked).await?.ok_or_else(|| Error::internal("no answer"))?;
    Ok(row.try_get_by_index(0)?)
}
