//! A thin stand-in for the change feed.

use crate::auth::Viewer;
use crate::error::Result;
use crate::graphql::NodeType;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use uuid::Uuid;

pub(crate) struct Entry {
    pub number: i64,
    pub id: Uuid,
    pub action: String,
    pub node_type: NodeType,
    pub key: Uuid,
    pub recorded_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub audience: Uuid,
    pub number: i64,
}

pub(crate) struct Entries {
    pub entries: Vec<Entry>,
    pub upto: Place,
}

fn audience(viewer: &Viewer) -> Uuid {
    Uuid::from_u128(viewer.grants().len() as u128)
}

pub(crate) async fn now(db: &DatabaseConnection, viewer: &Viewer) -> Result<Place> {
    let last = Statement::from_string(DbBackend::Postgres, "SELECT coalesce(max(number), 0) AS n FROM change");
    let row = db.query_one_raw(last).await?;
    let number = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0);
    Ok(Place { audience: audience(viewer), number })
}

pub(crate) async fn after(
    db: &DatabaseConnection,
    viewer: &Viewer,
    place: Place,
    _types: &[NodeType],
    limit: u64,
) -> Result<Option<Entries>> {
    if place.audience != audience(viewer) {
        return Ok(None);
    }
    let sql = "SELECT number, id, action, row_id, recorded_at FROM change WHERE table_name = 'organization' AND number > $1 \
               ORDER BY number LIMIT $2";
    let values = [place.number.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let rows = db.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let mut entries = Vec::new();
    for row in rows {
        entries.push(Entry {
            number: row.try_get("", "number")?,
            id: row.try_get("", "id")?,
            action: row.try_get("", "action")?,
            node_type: NodeType::Organization,
            key: row.try_get("", "row_id")?,
            recorded_at: row.try_get("", "recorded_at")?,
        });
    }
    let number = entries.last().map_or(place.number, |entry| entry.number);
    Ok(Some(Entries { entries, upto: Place { number, ..place } }))
}
