//! Places of rows in a list that people put in order, counted from 1.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::Resource;
use crate::validation::Violations;
use sea_orm::{ConnectionTrait, DbBackend, ModelTrait as _, QuerySelect as _, Select, Statement, Value};
use std::collections::BTreeSet;
use std::str::FromStr as _;
use uuid::Uuid;

/// The place behind the last of a list. The caller holds a lock against others who add to it.
pub(crate) async fn next_place<E: Resource>(db: &impl ConnectionTrait, list: Select<E>) -> Result<i32> {
    let Ok(position) = E::Column::from_str("position") else { return Ok(1) };
    let behind: Option<Option<i32>> =
        list.select_only().column_as(sea_orm::ColumnTrait::max(&position), "last").into_tuple().one(db).await?;
    Ok(behind.flatten().unwrap_or(0).saturating_add(1))
}

/// Puts a list into an order: `ids` are the keys of all its rows, each once, in a field of the input. The caller has
/// asked the policy about the whole list and holds a lock on it. Rows that stay in their place stay as they are; says
/// whether any did not.
pub(crate) async fn reorder<E: Resource>(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    list: Select<E>,
    (field, ids): (&str, Vec<Uuid>),
) -> Result<bool> {
    let mut standing = BTreeSet::new();
    for row in list.all(db).await? {
        if let Some(Value::Uuid(Some(key))) = E::Column::from_str("id").ok().map(|id| row.get(id)) {
            standing.insert(key);
        }
    }
    let mut violations = Violations::default();
    if ids.len() != standing.len() || ids.iter().copied().collect::<BTreeSet<_>>() != standing {
        let message = format!("Give each of the {} once, in their new order.", standing.len());
        violations.add(field, ViolationCode::Invalid, message);
    }
    violations.finish()?;
    // One statement, so that two rows can exchange their places.
    let sql = format!(
        "UPDATE {} AS row SET position = given.place, version = row.version + 1, updated_at = $2 \
         FROM unnest($1) WITH ORDINALITY AS given (id, place) WHERE row.id = given.id AND row.position <> given.place",
        E::default().table_name()
    );
    let values = [ids.into(), actor.now.into()];
    let moved = db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(moved.rows_affected() > 0)
}
