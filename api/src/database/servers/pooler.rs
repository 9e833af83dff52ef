//! A pooler before the database, such as `PgBouncer`, that gives each transaction whichever session is free. Nothing that
//! is sent through it may rely on a session: what must hold in each is the pooler's to set, and it is seen to at the start.

use super::address::{Login, Servers, options, options_of, unavailable};
use super::switch::Switch;
use crate::database::connect::{SESSION, STATEMENT_TIMEOUT, Way, connect_to};
use crate::error::{Error, Result};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use sea_orm::{DatabaseConnection, SqlxError};

/// Connects through a pooler that passes on what the service relies on.
pub(super) async fn connect(pooler: &Servers, switch: &Switch) -> Result<DatabaseConnection> {
    let db = connect_to(pooler, None, Way::Pooled, switch).await?;
    for address in pooler.addresses() {
        has_settings(address).await?;
        if !keeps_statements(address).await.map_err(unavailable)? {
            return Err(Error::bad_input(
                "this pooler does not pass on prepared statements; with PgBouncer, take version 1.21 or later, and set \
                 max_prepared_statements to 200 in its configuration",
            ));
        }
    }
    Ok(db)
}

/// The same as the role that is shown nothing but what is public.
pub(super) async fn connect_as_public(pooler: &Servers, login: &Login, switch: &Switch) -> Result<DatabaseConnection> {
    for address in pooler.addresses() {
        let options = options_of(address, Some(login)).map_err(unavailable)?;
        let mut connection = PgConnection::connect_with(&options).await.map_err(unavailable)?;
        let shown = "SELECT current_schemas(false)[1] = 'lmi_shown' AS shown";
        let row = connection.fetch_one(sqlx::raw_sql(shown)).await.map_err(unavailable)?;
        if row.try_get::<Option<bool>, _>("shown").map_err(unavailable)? != Some(true) {
            return Err(Error::bad_input(
                "through this pooler, the role of DATABASE_PUBLIC_URL does not see what the public is shown; let the pooler \
                 connect as whoever asks (no user= in the line of the database), and run lmi migrate",
            ));
        }
    }
    connect_to(pooler, Some(login), Way::PublicPooled, switch).await
}

async fn has_settings(address: &str) -> Result<()> {
    let mut connection = connected(address).await.map_err(unavailable)?;
    for (name, value) in settings() {
        // Not prepared, which is tried later. A threshold is known once the library is there that it belongs to.
        let asked = AssertSqlSafe(format!("SELECT current_setting('{name}', true)"));
        let row = connection.fetch_one(sqlx::raw_sql(asked)).await.map_err(unavailable)?;
        if row.try_get::<Option<String>, _>(0).map_err(unavailable)?.as_deref() != Some(value) {
            return Err(Error::bad_input(format!(
                "the sessions of this pooler are not set as the service needs them; with PgBouncer, add this to the line of \
                 the database in its configuration: connect_query='{}'",
                connect_query()
            )));
        }
    }
    Ok(())
}

/// What a session must have been given by the pooler.
fn settings() -> impl Iterator<Item = (&'static str, &'static str)> {
    [("statement_timeout", STATEMENT_TIMEOUT)].into_iter().chain(SESSION)
}

/// How it is given that, within the quotes of its configuration.
fn connect_query() -> String {
    let set = settings().map(|(name, value)| match value.parse::<f64>() {
        Ok(_) => format!("SET {name} = {value}"),
        Err(_) => format!("SET {name} = ''{value}''"),
    });
    set.collect::<Vec<_>>().join("; ")
}

/// Whether a statement that was prepared in one session can be run in another. One is held, so that the other prepares
/// elsewhere, and given back, so that it is given to the other.
async fn keeps_statements(address: &str) -> Result<bool, SqlxError> {
    let (mut holder, mut other) = (connected(address).await?, connected(address).await?);
    for _ in 0..3 {
        holder.execute("BEGIN").await?;
        let prepared = sqlx::query("SELECT $1::integer").bind(1).fetch_one(&mut other).await;
        holder.execute("COMMIT").await?;
        let repeated = sqlx::query("SELECT $1::integer").bind(2).fetch_one(&mut other).await;
        match prepared.and(repeated) {
            Ok(_) => {}
            // It is not there, or another of its name is.
            Err(SqlxError::Database(refusal)) if matches!(refusal.code().as_deref(), Some("26000" | "42P05")) => {
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

async fn connected(address: &str) -> Result<PgConnection, SqlxError> {
    PgConnection::connect_with(&options(address)?).await
}
