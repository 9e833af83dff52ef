//! What a credential is good for at this moment: one statement each.

use super::api_key::ShownKey;
use super::provider::ExternalIdentity;
use super::{Grant, Identity, Role, Scope, Viewer};
use crate::error::Result;
use crate::observe::security::{self, Event};
use chrono::{DateTime, Utc};
use entity::ids::{AccountId, ApiKeyId, ConveningId, DistrictId, OrganizationId, RegionId, TokenFamilyId};
use entity::role_grant;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

/// An account with each of its grants in force at `$1`: a row for each, and one where there is none.
const ACCOUNT: &str = "
    SELECT account.id AS account_id, account.last_sign_in_at, held.role, held.organization_id, held.district_id,
      held.convening_id, held.region_id, held.expires_at
    FROM account LEFT JOIN role_grant AS held ON held.account_id = account.id
      AND held.revoked_at IS NULL AND (held.expires_at IS NULL OR held.expires_at > $1)
    WHERE account.disabled_at IS NULL AND ";

/// The account of a sign-in that has not ended.
const BY_SIGN_IN: &str = "account.id = $2 AND EXISTS (
      SELECT FROM token_family WHERE id = $3 AND account_id = account.id AND revoked_at IS NULL)";

/// The account itself, which shows nothing.
const BY_ITSELF: &str = "account.id = $2";

/// The account that an identity is linked to.
const BY_IDENTITY: &str = "account.id = (
      SELECT account_id FROM identity WHERE issuer = $2 AND subject = $3 AND unlinked_at IS NULL)";

/// Notes that somebody came by an identity provider, where they sign in unseen by us; once an hour is enough. It waits for no other
/// server, so that those who come are let in also while none follows.
const CAME: &str = "
    UPDATE account SET last_sign_in_at = $2
    WHERE id = $1 AND (last_sign_in_at IS NULL OR last_sign_in_at <= $2 - interval '1 hour')
      AND set_config('synchronous_commit', 'local', true) IS NOT NULL";

/// A key that is neither revoked nor expired.
const KEY: &str = "
    SELECT id, opens_key(id, $3, $2) AS opened, previous_until, role, organization_id, read_only, last_used_at,
      expires_at
    FROM api_key WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) AND ";

/// Notes that a key was used; requests at the same time note it once, and wait for no other server either.
const USED: &str = "
    UPDATE api_key SET last_used_at = $2
    WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $2 - interval '1 minute')
      AND set_config('synchronous_commit', 'local', true) IS NOT NULL";

#[derive(FromQueryResult)]
struct Held {
    account_id: AccountId,
    last_sign_in_at: Option<DateTime<Utc>>,
    role: Option<role_grant::Role>,
    organization_id: Option<OrganizationId>,
    district_id: Option<DistrictId>,
    convening_id: Option<ConveningId>,
    region_id: Option<RegionId>,
    expires_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Key {
    id: ApiKeyId,
    /// By what was shown: the secret as it is now, or the one before.
    opened: Option<String>,
    previous_until: Option<DateTime<Utc>>,
    role: Option<role_grant::Role>,
    organization_id: Option<OrganizationId>,
    read_only: bool,
    last_used_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
}

/// The account that signed in, if both it and the sign-in are in force.
pub(super) async fn by_sign_in(
    db: &impl ConnectionTrait,
    account: AccountId,
    family: TokenFamilyId,
    now: DateTime<Utc>,
) -> Result<Option<Viewer>> {
    let values = [now.into(), account.into(), family.into()];
    let held = held_by(db, BY_SIGN_IN, values).await?;
    Ok(viewer(&held).map(|viewer| viewer.signed_in_by(family)))
}

/// The account that an identity is linked to, if it is in force.
pub(super) async fn by_identity(
    db: &impl ConnectionTrait,
    identity: &ExternalIdentity,
    now: DateTime<Utc>,
) -> Result<Option<Viewer>> {
    let values = [now.into(), identity.issuer.as_str().into(), identity.subject.as_str().into()];
    let held = held_by(db, BY_IDENTITY, values).await?;
    let long_ago = |last: DateTime<Utc>| last <= now - chrono::Duration::hours(1);
    if let Some(account) = held.first().filter(|account| account.last_sign_in_at.is_none_or(long_ago)) {
        let noted = db.execute_raw(statement(CAME, [account.account_id.into(), now.into()])).await?;
        if noted.rows_affected() > 0 {
            security::tell(Event::CameByProvider.of(account.account_id));
        }
    }
    Ok(viewer(&held))
}

async fn held_by<const N: usize>(db: &impl ConnectionTrait, condition: &str, values: [Value; N]) -> Result<Vec<Held>> {
    let held = statement(&format!("{ACCOUNT}{condition}"), values);
    Ok(Held::find_by_statement(held).all(db).await?)
}

fn viewer(held: &[Held]) -> Option<Viewer> {
    let identity = Identity::Account(held.first()?.account_id);
    let grants = held.iter().filter_map(Held::grant).collect();
    let ends = held.iter().filter_map(|held| Some((held.grant()?, held.expires_at?))).collect();
    Some(Viewer::new(identity, grants).ending(ends))
}

/// The key that is shown, if it is in force.
pub(super) async fn by_key(
    db: &impl ConnectionTrait,
    shown: &ShownKey<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Viewer>> {
    let found = statement(&format!("{KEY}prefix = $1"), [shown.prefix.into(), now.into(), shown.hash.clone().into()]);
    let found = Key::find_by_statement(found).one(db).await?;
    let Some(key) = found.filter(|key| key.opened.is_some()) else { return Ok(None) };
    if key.last_used_at.is_none_or(|last| last <= now - chrono::Duration::minutes(1)) {
        db.execute_raw(statement(USED, [key.id.into(), now.into()])).await?;
    }
    Ok(Some(key.viewer().until(key.end())))
}

/// What an account or a key is good for that shows nothing, because something is done for it while it is away. Whoever
/// is neither is nobody.
pub(super) async fn of(db: &impl ConnectionTrait, identity: Identity, now: DateTime<Utc>) -> Result<Option<Viewer>> {
    match identity {
        Identity::Account(account) => Ok(viewer(&held_by(db, BY_ITSELF, [now.into(), account.into()]).await?)),
        Identity::Key(key) => {
            let found = statement(&format!("{KEY}id = $1"), [key.into(), now.into(), Value::Bytes(None)]);
            Ok(Key::find_by_statement(found).one(db).await?.map(|key| key.viewer()))
        }
        Identity::Nobody | Identity::CommandLine => Ok(None),
    }
}

impl Held {
    fn grant(&self) -> Option<Grant> {
        let scope = (self.organization_id.map(Scope::Organization))
            .or(self.district_id.map(Scope::District))
            .or(self.convening_id.map(Scope::Convening))
            .or(self.region_id.map(Scope::Region));
        let (role, scope) = (self.role?.into(), scope.unwrap_or(Scope::Everything));
        Some(Grant { role, scope })
    }
}

impl Key {
    fn viewer(&self) -> Viewer {
        let grants = self.role.zip(self.organization_id);
        let grants = grants.map(|(role, organization)| Grant::new(role.into(), Scope::Organization(organization)));
        let viewer = Viewer::new(Identity::Key(self.id), grants.into_iter().collect());
        if self.read_only { viewer.read_only() } else { viewer }
    }

    /// When it is over for whoever opened it.
    fn end(&self) -> Option<DateTime<Utc>> {
        let previous = self.previous_until.filter(|_| self.opened.as_deref() == Some("before"));
        self.expires_at.into_iter().chain(previous).min()
    }
}

impl From<role_grant::Role> for Role {
    fn from(role: role_grant::Role) -> Self {
        match role {
            role_grant::Role::Partner => Self::Partner,
            role_grant::Role::TeamLead => Self::TeamLead,
            role_grant::Role::Organizer => Self::Organizer,
            role_grant::Role::Evaluator => Self::Evaluator,
            role_grant::Role::Staff => Self::Staff,
            role_grant::Role::Auditor => Self::Auditor,
            role_grant::Role::Admin => Self::Admin,
        }
    }
}

impl From<Role> for role_grant::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Partner => Self::Partner,
            Role::TeamLead => Self::TeamLead,
            Role::Organizer => Self::Organizer,
            Role::Evaluator => Self::Evaluator,
            Role::Staff => Self::Staff,
            Role::Auditor => Self::Auditor,
            Role::Admin => Self::Admin,
        }
    }
}

fn statement<const N: usize>(sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}
