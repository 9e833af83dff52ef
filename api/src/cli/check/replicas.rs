//! Those that follow the database and are read from.

use super::finding::Findings;
use crate::database::{Farthest, Servers, connect_near, why_unreachable};
use crate::error::{Error, Result};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

const SYSTEM: &str = "SELECT system_identifier::text AS system FROM pg_control_system()";
const FOLLOWS: &str = "SELECT pg_is_in_recovery() AS follows";

pub(super) async fn check(primary: &DatabaseConnection, replicas: Option<&Servers>, findings: &mut Findings) {
    const ABOUT: &str = "DATABASE_READ_URLS";
    let Some(replicas) = replicas else { return };
    let system = text(primary, SYSTEM, "system").await.ok();
    for (number, address) in (1..).zip(replicas.addresses()) {
        match follows(address, system.as_deref()).await {
            Ok(None) => findings.good(ABOUT, &format!("the {number}. server follows the database")),
            Ok(Some(fault)) => findings.wrong(ABOUT, &format!("the {number}. server {fault}")),
            Err(error) => {
                findings.wrong(ABOUT, &format!("the {number}. server cannot be reached: {}", why_unreachable(&error)));
            }
        }
    }
}

/// What is wrong with a server that should follow another; nothing where it does.
async fn follows(address: &str, of: Option<&str>) -> Result<Option<&'static str>> {
    let db = connect_near(address, None, &Farthest::default())?;
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, FOLLOWS)).await?;
    let follows: bool = row.ok_or_else(|| Error::internal("no row"))?.try_get("", "follows")?;
    let system = text(&db, SYSTEM, "system").await.ok();
    let _ = db.close().await;
    Ok(match (follows, of.zip(system.as_deref())) {
        (_, Some((of, system))) if of != system => Some("is of another database; name one that follows this one"),
        (false, _) => Some("takes writes and follows nobody; name one that follows the database"),
        (true, _) => None,
    })
}

async fn text(db: &DatabaseConnection, sql: &str, column: &str) -> Result<String> {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    Ok(row.ok_or_else(|| Error::internal("no row"))?.try_get("", column)?)
}
