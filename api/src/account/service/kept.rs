//! What is kept of secrets. The role that the service works as cannot look it up: each of these asks the database one narrow
//! question, which it answers with rights of its own (`migration/sql/0038_lesser_role.up.sql`).

use crate::error::Result;
use chrono::{DateTime, Utc};
use entity::ids::{AccountId, TokenFamilyId};
use entity::one_time_token::Purpose;
use sea_orm::{ActiveEnum as _, ConnectionTrait, DbBackend, QueryResult, Statement, TryGetable, Value};

/// The hash of the password of an account; nothing where it has none.
pub(super) async fn password(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<String>> {
    first(db, "SELECT password_of($1)", [account.into()]).await
}

/// Whether an account has a password.
pub(super) async fn has_password(db: &impl ConnectionTrait, account: AccountId) -> Result<bool> {
    Ok(first(db, "SELECT has_password($1)", [account.into()]).await?.unwrap_or_default())
}

/// Replaces the hash of a password, unless it was replaced meanwhile or the account was disabled: whether it did. The account is
/// held until the transaction ends.
pub(super) async fn set_password(
    db: &impl ConnectionTrait,
    account: AccountId,
    before: Option<&str>,
    after: &str,
) -> Result<bool> {
    let values = [account.into(), before.into(), after.into()];
    Ok(first(db, "SELECT set_password($1, $2, $3)", values).await?.unwrap_or_default())
}

/// Uses a refresh token: the sign-in that it goes on with; nothing where it is not good.
pub(super) async fn use_refresh_token(
    db: &impl ConnectionTrait,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<TokenFamilyId>> {
    first(db, "SELECT use_refresh_token($1, $2)", [hash.into(), now.into()]).await
}

/// The sign-in that a refresh token is of, and whether it was used.
pub(super) async fn family_of(db: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<(TokenFamilyId, bool)>> {
    let row = ask(db, "SELECT family_id, was_used FROM family_of_token($1)", [hash.into()]).await?;
    Ok(row.map(|row| Ok::<_, sea_orm::DbErr>((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).transpose()?)
}

/// The account that a link is for, while the link is good.
pub(super) async fn account_of_link(
    db: &impl ConnectionTrait,
    hash: &[u8],
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Option<AccountId>> {
    let values = [hash.into(), purpose.to_value().into(), now.into()];
    first(db, "SELECT account_of_link($1, $2, $3)", values).await
}

/// Uses a link of an account, which is good once: whether it was.
pub(super) async fn use_link(
    db: &impl ConnectionTrait,
    hash: &[u8],
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let values = [hash.into(), account.into(), now.into()];
    Ok(first(db, "SELECT use_link($1, $2, $3)", values).await?.unwrap_or_default())
}

async fn first<T: TryGetable, const N: usize>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: [Value; N],
) -> Result<Option<T>> {
    let row = ask(db, sql, values).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.flatten())
}

async fn ask<const N: usize>(db: &impl ConnectionTrait, sql: &str, values: [Value; N]) -> Result<Option<QueryResult>> {
    Ok(db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?)
}
