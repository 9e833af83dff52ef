//! Which columns of a table a statement reads, those that the selected fields show, and where what it reads stands in its
//! result: a name would be looked up anew in each result.

use super::node::Branch;
use crate::database::Alias;
use crate::error::{Error, Result};
use crate::graphql::words::is_camel_of;
use entity::part::InPart as _;
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::sqlx::{Column as _, Row as _};
use sea_orm::{IdenStatic as _, Iterable as _, QueryResult};

/// The columns of a table, and which of them are read.
pub(crate) struct Columns {
    columns: Vec<(&'static str, bool)>,
    key: &'static str,
}

/// A statement whose columns are known by where they stand: nothing else puts any before those.
pub(super) struct Selecting<'s> {
    pub(super) statement: &'s mut SelectStatement,
    next: usize,
}

impl<'s> Selecting<'s> {
    /// The columns of a statement that has so many already.
    pub(super) fn behind(columns: usize, statement: &'s mut SelectStatement) -> Self {
        Self { statement, next: columns }
    }

    /// One more column; where it stands in the result.
    pub(super) fn column(&mut self, expr: Expr) -> usize {
        self.statement.expr(expr);
        self.next += 1;
        self.next - 1
    }
}

impl Columns {
    /// Those without which there is no row.
    pub(super) fn needed<E: Branch>() -> Self {
        let columns = E::Column::iter().zip(E::Model::NEEDED);
        let is_needed = |name: &str, needed: &bool| *needed || name == E::KEY || E::ALWAYS.contains(&name);
        let columns = columns.map(|(column, needed)| (column.as_str(), is_needed(column.as_str(), needed))).collect();
        Self { columns, key: E::KEY }
    }

    /// Reads what a field shows that leads nowhere: the column of its name or, where there is none, whatever it may be made of.
    pub(super) fn show(&mut self, field: &str) {
        if field.starts_with("__") {
            return;
        }
        match self.columns.iter_mut().find(|(column, _)| is_camel_of(field, column)) {
            Some((_, is_read)) => *is_read = true,
            None => self.show_all(),
        }
    }

    /// Reads the whole row.
    pub(super) fn show_all(&mut self) {
        for (_, is_read) in &mut self.columns {
            *is_read = true;
        }
    }

    /// Puts those that are read into a statement; where the key stands in its result, and where each of them.
    pub(super) fn select(&self, rows: &Alias, select: &mut Selecting<'_>) -> (usize, Vec<Option<usize>>) {
        let mut key = None;
        let places = self.columns.iter().map(|&(column, is_read)| {
            let place = is_read.then(|| select.column(rows.computed(column)));
            key = if column == self.key { place } else { key };
            place
        });
        let places = places.collect();
        (key.unwrap_or_else(|| select.column(rows.computed(self.key))), places)
    }
}

/// Where a column stands in a result.
pub(crate) fn place(row: &QueryResult, column: &str) -> Result<usize> {
    let found = row.try_as_pg_row().and_then(|row| row.try_column(column).ok());
    let found = found.ok_or_else(|| Error::internal(format!("a result has no column `{column}`")))?;
    Ok(found.ordinal())
}
