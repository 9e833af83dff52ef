//! Objects that rows of a statement are grouped by, each read once with what is selected of it.

use super::field::Field;
use super::node::Branch;
use super::root::by_keys;
use crate::error::Result;
use async_graphql::Context;
use sea_orm::QueryResult;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Objects by their keys, which stand in a column of a result.
pub(crate) struct Groups<T> {
    column: &'static str,
    /// Nothing where they are not selected: then the result need not have the column.
    objects: Option<HashMap<Uuid, Arc<T>>>,
}

impl<T: Send + Sync + 'static> Groups<T> {
    /// The objects whose keys stand in a column of these rows, as far as a field selects them.
    pub(crate) async fn read<E: Branch<Object = T>>(
        ctx: &Context<'_>,
        field: Option<Field<'_>>,
        column: &'static str,
        rows: &[QueryResult],
    ) -> Result<Self> {
        let Some(field) = field else { return Ok(Self { column, objects: None }) };
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            keys.extend(row.try_get::<Option<Uuid>>("", column)?);
        }
        keys.sort_unstable();
        keys.dedup();
        let objects = if keys.is_empty() { HashMap::new() } else { by_keys::<E>(ctx, &field, keys).await? };
        let objects = objects.into_iter().map(|(key, object)| (key, Arc::new(object)));
        Ok(Self { column, objects: Some(objects.collect()) })
    }

    /// The object of a row; none where there is none, or it was not selected.
    pub(crate) fn of(&self, row: &QueryResult) -> Result<Option<Arc<T>>> {
        let Some(objects) = &self.objects else { return Ok(None) };
        let key: Option<Uuid> = row.try_get("", self.column)?;
        Ok(key.and_then(|key| objects.get(&key).cloned()))
    }

    /// Whether the object of a row is there as far as it was selected: between two statements it may have gone.
    pub(crate) fn holds(&self, row: &QueryResult) -> Result<bool> {
        Ok(self.objects.is_none() || self.of(row)?.is_some())
    }
}
