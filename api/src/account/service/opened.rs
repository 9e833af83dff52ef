//! Who opened an account by a link that was handed over, and could be another than the owner of its address.

use crate::auth::{Actor, Secret, hash_of};
use crate::error::Result;
use entity::ids::AccountId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

const HANDED: &str = "SELECT hand_over_link($1, $2)";
const OPENED: &str = "SELECT note_opener($1, $2)";
const PROVEN: &str = "UPDATE account SET opened_by = NULL WHERE id = $1 AND opened_by IS NOT NULL";
const SHUT_OUT: &str = "SELECT shut_out_opener($1, $2, $3)";

/// Notes to whom a link was given to hand over.
pub(super) async fn handed_over(db: &impl ConnectionTrait, actor: Actor<'_>, link: &Secret) -> Result<()> {
    run(db, HANDED, [link.hash().into(), actor.account().into()]).await
}

/// Notes by whose link an account was opened.
pub(super) async fn by_link(db: &impl ConnectionTrait, account: AccountId, token: &str) -> Result<()> {
    run(db, OPENED, [account.into(), hash_of(token).into()]).await
}

/// Notes that nobody but the owner of the address can have set the password.
pub(super) async fn by_owner(db: &impl ConnectionTrait, account: AccountId) -> Result<()> {
    run(db, PROVEN, [account.into()]).await
}

/// Shuts out whoever may have opened an account in its owner's stead, before somebody else grants it more.
pub(crate) async fn shut_out(db: &impl ConnectionTrait, actor: Actor<'_>, account: AccountId) -> Result<()> {
    run(db, SHUT_OUT, [account.into(), actor.account().into(), actor.now.into()]).await
}

async fn run<const N: usize>(db: &impl ConnectionTrait, sql: &str, values: [Value; N]) -> Result<()> {
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}
