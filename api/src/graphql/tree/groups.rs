//! Objects that rows of a statement are grouped by, with what is selected of them: read with the rows, or of a page of rows
//! behind it, each once.

use super::columns::Selecting;
use super::field::Field;
use super::level::{Followed, Layout, Level, Rows, Tables};
use super::node::{Branch, reader};
use super::read::Reading;
use super::root::by_keys;
use crate::database::{Alias, Bounded};
use crate::error::Result;
use async_graphql::Context;
use sea_orm::sea_query::{self, Asterisk, Cond, ExprTrait as _, JoinType, Query, SelectStatement};
use sea_orm::{ConnectionTrait as _, QueryResult};
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

/// Rows that a statement makes, and the objects whose keys stand in columns of them.
pub(crate) struct Grouping<'a> {
    reading: Reading<'a>,
    tables: Tables<'a>,
    joined: Vec<(&'static str, Level<'a>)>,
}

/// Which of the objects of a row; none where it was not selected.
#[derive(Clone, Copy)]
pub(crate) struct Group(Option<usize>);

/// The rows of a [`Grouping`].
pub(crate) struct Grouped<'a> {
    /// The rows, in order.
    pub(crate) rows: Vec<QueryResult>,
    joined: Vec<(Level<'a>, Layout, Followed)>,
}

impl<'a> Grouping<'a> {
    /// Rows without objects.
    pub(crate) fn new(reading: Reading<'a>) -> Self {
        Self { reading, tables: Tables::of(reading.viewer), joined: Vec::new() }
    }

    /// The object whose key stands in a column, as far as a field selects it.
    pub(crate) fn join<E: Branch>(&mut self, field: Option<&Field<'a>>, column: &'static str) -> Group {
        Group(field.map(|field| {
            self.joined.push((column, Level::plan_among(reader::<E>(), field, &mut self.tables)));
            self.joined.len() - 1
        }))
    }

    /// The rows that a statement makes, in the order of these columns of it.
    pub(crate) async fn read(self, rows: SelectStatement, order: &[String]) -> Result<Grouped<'a>> {
        let Self { reading, joined, .. } = self;
        let made = Alias::new("made");
        let mut select = Query::select();
        select.from_subquery(rows, &made);
        let (mut selecting, mut layouts) = (Selecting::behind(0, &mut select), Vec::with_capacity(joined.len()));
        for (column, level) in &joined {
            let reader = level.reader;
            let on = Cond::all()
                .add(level.rows.col(reader.key()).eq(made.computed(column)))
                .add(reader.visible(reading.viewer, &level.rows.one_by_one()));
            selecting.statement.join(JoinType::LeftJoin, level.rows.of_table(reader.table()), on);
            layouts.push(level.select(&mut selecting, reading.viewer, None));
        }
        // Those that are known by name come last: of several of one name, a result knows the last.
        select.column((sea_query::Alias::new("made"), Asterisk));
        for column in order {
            select.order_by((sea_query::Alias::new("made"), sea_query::Alias::new(column)), sea_query::Order::Asc);
        }
        let rows = reading.db().query_all(&Bounded(&select)).await?;
        if rows.is_empty() {
            return Ok(Grouped { rows, joined: Vec::new() });
        }
        let mut objects = Vec::with_capacity(joined.len());
        for ((_, level), layout) in joined.into_iter().zip(layouts) {
            let followed = reading.follow(&level, Rows { rows: &rows, layout: &layout }).await?;
            objects.push((level, layout, followed));
        }
        Ok(Grouped { rows, joined: objects })
    }
}

impl Grouped<'_> {
    /// The object of a row; none where there is none, or it was not selected.
    pub(crate) fn object<E: Branch>(&self, row: &QueryResult, group: Group) -> Result<Option<Arc<E::Object>>> {
        let Some((level, layout, followed)) = group.0.and_then(|group| self.joined.get(group)) else { return Ok(None) };
        Ok(level.row(row, layout, followed)?.map(super::node::Row::object::<E>).transpose()?.map(Arc::new))
    }
}
