//! Which columns of a table a statement reads, those that the selected fields show, and where what it reads stands in its
//! result: a name would be looked up anew in each row.

use super::node::Branch;
use crate::database::Alias;
use crate::error::{Error, Result};
use crate::graphql::words::is_camel_of;
use entity::part::InPart as _;
use sea_orm::sea_query::{self, SelectStatement};
use sea_orm::sqlx::{Column as _, Row as _};
use sea_orm::{IdenStatic as _, Iterable as _, QueryResult};

/// The columns of a table, and which of them are read.
pub(crate) struct Columns(Vec<(&'static str, bool)>);

impl Columns {
    /// Those without which there is no row.
    pub(super) fn needed<E: Branch>() -> Self {
        let columns = E::Column::iter().zip(E::Model::NEEDED);
        let is_needed = |name: &str, needed: &bool| *needed || name == E::KEY || E::ALWAYS.contains(&name);
        Self(columns.map(|(column, needed)| (column.as_str(), is_needed(column.as_str(), needed))).collect())
    }

    /// Reads what a field shows that leads nowhere: the column of its name or, where there is none, whatever it may be made of.
    pub(super) fn show(&mut self, field: &str) {
        if field.starts_with("__") {
            return;
        }
        match self.0.iter_mut().find(|(column, _)| is_camel_of(field, column)) {
            Some((_, is_read)) => *is_read = true,
            None => self.show_all(),
        }
    }

    /// Reads the whole row.
    pub(super) fn show_all(&mut self) {
        for (_, is_read) in &mut self.0 {
            *is_read = true;
        }
    }

    /// Puts them into a statement.
    pub(super) fn select(&self, rows: &Alias, select: &mut SelectStatement) {
        let prefix = rows.prefix();
        for (column, _) in self.0.iter().filter(|(_, is_read)| *is_read) {
            select.expr_as(rows.computed(column), sea_query::Alias::new(format!("{prefix}{column}")));
        }
    }

    /// Where they stand in a result.
    pub(super) fn places(&self, rows: &Alias, row: &QueryResult) -> Result<Vec<Option<usize>>> {
        let prefix = rows.prefix();
        let place = |column: &str| place(row, &format!("{prefix}{column}"));
        self.0.iter().map(|(column, is_read)| is_read.then(|| place(column)).transpose()).collect()
    }
}

/// Where a column stands in a result.
pub(crate) fn place(row: &QueryResult, column: &str) -> Result<usize> {
    let found = row.try_as_pg_row().and_then(|row| row.try_column(column).ok());
    let found = found.ok_or_else(|| Error::internal(format!("a result has no column `{column}`")))?;
    Ok(found.ordinal())
}
