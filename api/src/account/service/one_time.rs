//! Tokens in links, good once and not for long.

use super::kept;
use crate::auth::{Secret, hash_of};
use crate::error::{Error, Result, Violation, ViolationCode};
use chrono::{DateTime, Duration, Utc};
use entity::account;
use entity::ids::AccountId;
use entity::one_time_token::{self, Purpose};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

/// How long an invitation waits to be accepted.
pub(super) const INVITATION: Duration = Duration::days(7);
/// How long a new password can be set.
pub(super) const PASSWORD_RESET: Duration = Duration::days(1);

/// Makes a token for an account.
pub(super) async fn issue(
    db: &impl ConnectionTrait,
    account: AccountId,
    (purpose, lifetime): (Purpose, Duration),
    now: DateTime<Utc>,
) -> Result<Secret> {
    let secret = Secret::new()?;
    let token = one_time_token::ActiveModel {
        hash: Set(secret.hash()),
        purpose: Set(purpose),
        account_id: Set(account),
        created_at: Set(now),
        expires_at: Set(now + lifetime),
        used_at: Set(None),
    };
    one_time_token::Entity::insert(token).exec_without_returning(db).await?;
    Ok(secret)
}

/// The account that a token is for, while the token is good. Looked up before the work of hashing a password.
pub(super) async fn look_up(
    db: &impl ConnectionTrait,
    token: &str,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<account::Model> {
    let Some(good) = kept::account_of_link(db, &hash_of(token), purpose, now).await? else { return Err(over()) };
    let account = account::Entity::find_by_id(good).one(db).await?;
    account.filter(|account| account.disabled_at.is_none()).ok_or_else(over)
}

/// Uses a token, and with it every other that the account was given: they are answered.
pub(super) async fn redeem(
    db: &impl ConnectionTrait,
    token: &str,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    if !kept::use_link(db, &hash_of(token), account, now).await? {
        return Err(over());
    }
    one_time_token::Entity::update_many()
        .col_expr(one_time_token::Column::UsedAt, Expr::value(now))
        .filter(one_time_token::Column::AccountId.eq(account))
        .filter(one_time_token::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Makes every invitation of an account void: it is to hold more than those who have the links could know of.
pub(crate) async fn void_invitations(db: &impl ConnectionTrait, account: AccountId, now: DateTime<Utc>) -> Result<()> {
    one_time_token::Entity::update_many()
        .col_expr(one_time_token::Column::UsedAt, Expr::value(now))
        .filter(one_time_token::Column::AccountId.eq(account))
        .filter(one_time_token::Column::Purpose.eq(Purpose::Invitation))
        .filter(one_time_token::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// What is said of a link that was used, that is too old, or that never was.
pub(super) fn over() -> Error {
    let message = "This link is not good any more. Whoever has a password signs in; others ask for a new link.";
    Error::Invalid(vec![Violation::new("token", ViolationCode::Invalid, message)])
}
