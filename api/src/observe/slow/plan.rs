//! How the database goes about a statement, whatever its values are.
//!
//! Values may be somebody's name. So the plan is the general one, in which they have places and not what stands there; the statement
//! is never run for it.

use crate::database::begin_reading;
use crate::error::{Error, Result};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, Statement};

/// The name under which the statement is prepared, for as long as its plan is asked for.
const NAME: &str = "lmi_slow_operation";
/// Letters of a plan that are told.
const LONGEST: usize = 8_000;

/// The plan of a statement.
pub(super) async fn of(db: &DatabaseConnection, sql: &str) -> Result<String> {
    let transaction = begin_reading(db).await?;
    let plan = planned(&transaction, sql).await;
    // A statement that was prepared outlives the transaction, which a connection that others use must not see.
    let forgotten = match &plan {
        Ok(_) => transaction.execute_unprepared(&format!("DEALLOCATE {NAME}")).await.map(drop),
        Err(_) => Ok(()),
    };
    transaction.rollback().await?;
    if plan.is_err() || forgotten.is_err() {
        // In a transaction that failed nothing could be put away; now it can, where it is there at all.
        let _ = db.execute_unprepared(&format!("DEALLOCATE {NAME}")).await;
    }
    plan
}

async fn planned(transaction: &DatabaseTransaction, sql: &str) -> Result<String> {
    transaction
        .execute_unprepared("SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL statement_timeout = '1s'")
        .await?;
    transaction.execute_unprepared(&format!("PREPARE {NAME} AS {sql}")).await?;
    let places = "SELECT cardinality(parameter_types) AS places FROM pg_prepared_statements WHERE name = $1";
    let places = Statement::from_sql_and_values(DbBackend::Postgres, places, [NAME.into()]);
    let row = transaction.query_one_raw(places).await?.ok_or_else(|| Error::internal("it was not prepared"))?;
    let places: i32 = row.try_get("", "places")?;
    let values = vec!["NULL"; usize::try_from(places).unwrap_or_default()].join(", ");
    let values = if values.is_empty() { String::new() } else { format!("({values})") };
    let explain = format!("EXPLAIN EXECUTE {NAME}{values}");
    // Of what is only run by name, the driver asks for no description.
    let rows = transaction.query_all_raw(Statement::from_string(DbBackend::Postgres, explain)).await?;
    let mut plan = String::new();
    for row in rows {
        let line: String = row.try_get_by_index(0)?;
        plan = plan + &line + "\n";
    }
    plan.truncate(plan.char_indices().nth(LONGEST).map_or(plan.len(), |(end, _)| end));
    Ok(plan.trim_end().to_owned())
}
