//! Figures that are counted in groups: what is selected of the rows that they are grouped by, in one statement a table.

use super::field::Field;
use super::node::Branch;
use super::root::by_keys;
use crate::error::Result;
use async_graphql::Context;
use sea_orm::QueryResult;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// The rows of a table that figures are grouped by; none where they are not, or nothing is selected of them.
pub(crate) struct Groups<T>(HashMap<Uuid, Arc<T>>);

impl<T> Groups<T> {
    /// Reads the rows whose keys stand in a column of the figures, with what is selected of the field of that name in
    /// the objects of a type; `used` tells whether the figures are grouped by it.
    pub(crate) async fn read<E: Branch<Object = T>>(
        ctx: &Context<'_>,
        (typename, field, column): (&'static str, &'static str, &'static str),
        figures: &[QueryResult],
        used: bool,
    ) -> Result<Self> {
        let selected = Field::of(ctx).child(typename, field).filter(|_| used);
        let Some(selected) = selected else { return Ok(Self(HashMap::new())) };
        let mut keys = HashSet::new();
        for figure in figures {
            keys.extend(figure.try_get::<Option<Uuid>>("", column)?);
        }
        if keys.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        let objects = by_keys::<E>(ctx, &selected, keys.into_iter().collect()).await?;
        Ok(Self(objects.into_iter().map(|(key, object)| (key, Arc::new(object))).collect()))
    }

    /// The row that a figure is of.
    pub(crate) fn of(&self, figure: &QueryResult, column: &str) -> Result<Option<Arc<T>>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let key: Option<Uuid> = figure.try_get("", column)?;
        Ok(key.and_then(|key| self.0.get(&key).cloned()))
    }
}
