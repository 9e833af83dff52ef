//! Rows that are read in part: of what nobody asks for nothing is sent, and nothing decoded.

use sea_orm::{DbErr, QueryResult, RuntimeErr, TryGetable, sqlx};
use sqlx::{Decode, Postgres, Row as _, ValueRef as _};

pub use entity_derive::InPart;

/// A row of a table of which only some columns are read; the others hold a value that says nothing: none, empty, zero.
///
/// Derived. A value is read by its place in a result and not by its name, which would be looked up for each row.
pub trait InPart: Sized {
    /// For each column, in order, whether it has to be read: of an enumeration no value says nothing.
    const NEEDED: &'static [bool];

    /// Reads a row of a result, in which each column stands in its place; none where it is left out.
    fn in_part(row: &QueryResult, places: &[Option<usize>]) -> Result<Self, DbErr>;
}

/// A value that may be null. (The library makes an error of every null before it makes none of it.)
pub(crate) fn nullable<T: TryGetable>(row: &QueryResult, place: usize) -> Result<Option<T>, DbErr> {
    if let Some(row) = row.try_as_pg_row() {
        let value = row.try_get_raw(place).map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))?;
        if value.is_null() {
            return Ok(None);
        }
    }
    row.try_get_by_index(place)
}

/// A key or a text, of which most of what is read consists: it is not asked for each value anew of which type its column is.
/// A null is none.
pub fn plain<'r, T: Decode<'r, Postgres>>(row: &'r QueryResult, place: usize) -> Result<Option<T>, DbErr> {
    let row = row.try_as_pg_row().ok_or_else(|| DbErr::Type("rows come from PostgreSQL alone".to_owned()))?;
    row.try_get_unchecked(place).map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))
}

/// The same of a column that is never null.
pub(crate) fn present<'r, T: Decode<'r, Postgres>>(row: &'r QueryResult, place: usize) -> Result<T, DbErr> {
    plain(row, place)?.ok_or_else(|| DbErr::Type(format!("the column at {place} is null")))
}

pub(crate) fn missing(column: &str) -> DbErr {
    DbErr::Type(format!("the column `{column}` has to be read"))
}
