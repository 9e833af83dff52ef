//! What is in a database, as far as a backup has to know.

use crate::error::{Error, Result};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::BTreeMap;

/// The tables that are ours and no extension's, by their quoted names.
const TABLES: &str = "
    SELECT format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY name";
const MIGRATIONS: &str = "SELECT version AS name FROM seaql_migrations ORDER BY version";
const MAJOR: &str = "SELECT current_setting('server_version_num')::integer / 10000 AS major";

/// The names of the tables.
pub(super) async fn tables(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    names(db, TABLES).await
}

/// How many rows each table has.
pub(super) async fn counts(db: &impl ConnectionTrait) -> Result<BTreeMap<String, i64>> {
    let mut counts = BTreeMap::new();
    for table in tables(db).await? {
        let row = db.query_one_raw(statement(&format!("SELECT count(*) AS rows FROM {table}"))).await?;
        let row = row.ok_or_else(|| Error::internal("no count"))?;
        counts.insert(table, row.try_get("", "rows")?);
    }
    Ok(counts)
}

/// The steps that the database has taken.
pub(super) async fn migrations(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    names(db, MIGRATIONS).await
}

/// The major version of the server.
pub(super) async fn major(db: &impl ConnectionTrait) -> Result<u32> {
    let row = db.query_one_raw(statement(MAJOR)).await?.ok_or_else(|| Error::internal("no version"))?;
    let major: i32 = row.try_get("", "major")?;
    u32::try_from(major).map_err(Error::internal)
}

async fn names(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<String>> {
    let rows = db.query_all_raw(statement(sql)).await?;
    rows.iter().map(|row| Ok(row.try_get("", "name")?)).collect()
}

pub(super) fn statement(sql: &str) -> Statement {
    Statement::from_string(DbBackend::Postgres, sql)
}
