//! Tells the database who changes things, and why: what its history says of every row of the transaction.

use crate::auth::{Actor, Identity};
use crate::error::{Error, Result, Violation, ViolationCode};
use entity::change::Origin;
use sea_orm::{ActiveEnum as _, ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

/// Letters in a reason at most.
const MAX_REASON: usize = 2000;

/// Says who changes things, for the rest of the transaction.
pub(crate) async fn attribute(db: &impl ConnectionTrait, actor: Actor<'_>) -> Result<()> {
    say(db, actor, None).await
}

/// Says why, too. A reason that is only blanks is none.
pub(crate) async fn because(db: &impl ConnectionTrait, actor: Actor<'_>, reason: &str) -> Result<()> {
    let reason = reason.trim();
    let refused = |code, message: &str| Error::Invalid(vec![Violation::new("reason", code, message)]);
    if reason.is_empty() {
        return Err(refused(ViolationCode::Required, "Say why."));
    }
    if reason.chars().count() > MAX_REASON {
        return Err(refused(ViolationCode::Invalid, "Use at most 2,000 letters."));
    }
    say(db, actor, Some(reason)).await
}

async fn say(db: &impl ConnectionTrait, actor: Actor<'_>, reason: Option<&str>) -> Result<()> {
    let (origin, id): (Origin, Option<Uuid>) = match actor.viewer.identity() {
        Identity::Nobody => (Origin::Service, None),
        Identity::Account(id) => (Origin::Account, Some(id.into())),
        Identity::Key(id) => (Origin::Key, Some(id.into())),
        Identity::CommandLine => (Origin::CommandLine, None),
    };
    let id = id.map_or_else(String::new, |id| id.to_string());
    let values = [origin.to_value().into(), id.into(), reason.unwrap_or_default().into()];
    // What `attribute_changes` does, without being looked up and planned with each write.
    let sql = "SELECT set_config('lmi.origin', $1, true), set_config('lmi.origin_id', $2, true), \
               set_config('lmi.reason', $3, true)";
    db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}
