//! Everything that a database holds, to be compared before and after or searched for what must not be there.

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use std::collections::BTreeMap;

/// Every row of every table, whole and as JSON text, by the table's name.
pub async fn contents(db: &DatabaseConnection) -> BTreeMap<String, Vec<String>> {
    let tables = "SELECT table_name::text AS text FROM information_schema.tables \
                  WHERE table_schema = 'public' AND table_type = 'BASE TABLE'";
    let mut contents = BTreeMap::new();
    for table in texts(db, tables).await {
        let rows = texts(db, &format!("SELECT to_jsonb(t)::text AS text FROM \"{table}\" AS t ORDER BY 1")).await;
        contents.insert(table, rows);
    }
    contents
}

/// The column `text` of what a statement answers.
pub async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.expect("rows");
    rows.iter().map(|row| row.try_get("", "text").expect("a column `text`")).collect()
}
