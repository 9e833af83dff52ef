//! A statewide dataset that nobody lives in, for benchmarks and trials. It is made by the database itself, in bulk, out of
//! nothing but numbers (`sql/`): the same size makes the same rows under the same keys, everywhere and at any time. Rows
//! come in through the tables' own constraints, their history is written by the tables' own triggers, and agendas are
//! released as the service releases them, so that what was generated is like what was entered.

mod size;

pub use size::Size;

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::record;
use crate::writing::attribute;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait as _};

/// What is made, in this order, and how.
const STEPS: &[(&str, &str)] = &[
    ("words", include_str!("sql/00_words.sql")),
    ("the shape of it all", include_str!("sql/01_shape.sql")),
    ("organizations", include_str!("sql/02_organizations.sql")),
    ("districts", include_str!("sql/03_districts.sql")),
    ("people", include_str!("sql/04_people.sql")),
    ("convenings", include_str!("sql/05_convenings.sql")),
    ("sessions and speakers", include_str!("sql/06_sessions.sql")),
    ("teams", include_str!("sql/07_teams.sql")),
    ("releases of agendas", include_str!("sql/08_releases.sql")),
];

/// Whether there is any row of those that everything else hangs on.
const ANY: &str = "
    SELECT EXISTS (SELECT FROM organization) OR EXISTS (SELECT FROM district) OR EXISTS (SELECT FROM person)
      OR EXISTS (SELECT FROM convening) OR EXISTS (SELECT FROM composition_rule) OR EXISTS (SELECT FROM offering)
      OR EXISTS (SELECT FROM resource) OR EXISTS (SELECT FROM survey) AS any";

/// Fills an empty database, all of it or nothing. `tell` is told what is being made.
pub async fn generate(db: &DatabaseConnection, actor: Actor<'_>, size: Size, tell: impl Fn(&str)) -> Result<()> {
    let transaction = db.begin().await?;
    record::alone(&transaction).await?;
    if holds_anything(&transaction).await? {
        let message = "This database holds data already, and what is generated is never mixed with what was entered. Give an \
                       empty one: another folder with LMI_DATA_DIR (--data-dir), or another DATABASE_URL (--database-url).";
        return Err(Error::bad_input(message));
    }
    attribute(&transaction, actor).await?;
    transaction.execute_unprepared(&size.functions()).await?;
    for (what, sql) in STEPS {
        tell(what);
        transaction.execute_unprepared(sql).await?;
    }
    transaction.commit().await?;
    // Whoever asks next finds plans that fit the data, and indexes that answer without the tables.
    tell("statistics");
    db.execute_unprepared("VACUUM (ANALYZE, PARALLEL 0)").await?;
    Ok(())
}

async fn holds_anything(db: &impl ConnectionTrait) -> Result<bool> {
    let any = db.query_one_raw(Statement::from_string(DbBackend::Postgres, ANY)).await?;
    Ok(any.map(|row| row.try_get("", "any")).transpose()?.unwrap_or_default())
}
