//! The columns of a spreadsheet: where the cells come from.

use super::form::{Form, Word};
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::Result;
use crate::policy::Resource;
use chrono::{DateTime, NaiveDate, Utc};
use entity::source::Sources;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Expr, IntoIden};
use std::marker::PhantomData;

type Seen = Box<dyn Fn(&Viewer, &Alias, DateTime<Utc>) -> Expr + Send + Sync>;

/// A column as it is read.
pub(crate) struct Column {
    pub(super) name: &'static str,
    seen: Seen,
    show: fn(&QueryResult, &str) -> Result<String>,
    tidy: fn(&str) -> Result<String, String>,
    /// Whether it holds numbers, which may begin with a sign.
    pub(super) number: bool,
    /// Whether it is only there on the way in.
    pub(super) asked: bool,
    /// Whether what it holds is not to be printed beside what changed.
    pub(super) private: bool,
}

/// A column whose cells are of one sort.
pub(crate) struct Cells<T> {
    pub(super) column: Column,
    sort: PhantomData<fn() -> T>,
}

impl<T> Cells<T> {
    /// The same, whose cells are not to be printed beside what changed: where that is kept, they would be kept too.
    pub(crate) fn private(mut self) -> Self {
        self.column.private = true;
        self
    }
}

impl Column {
    /// What it holds of a row at a moment, for a viewer.
    pub(super) fn expr(&self, viewer: &Viewer, rows: &Alias, now: DateTime<Utc>) -> Expr {
        (self.seen)(viewer, rows, now)
    }

    /// What it holds of a row of a result, under this name there; nothing is an empty text.
    pub(super) fn show(&self, row: &QueryResult, name: &str) -> Result<String> {
        (self.show)(row, name)
    }

    /// A cell in the one way in which an export writes it; else what it should look like.
    pub(super) fn tidy(&self, cell: &str) -> Result<String, String> {
        if cell.trim().is_empty() { Ok(String::new()) } else { (self.tidy)(cell) }
    }
}

/// What the database or the policy makes of a row.
pub(crate) fn value<T: Form>(
    name: &'static str,
    seen: impl Fn(&Viewer, &Alias) -> Expr + Send + Sync + 'static,
) -> Cells<T> {
    value_at(name, move |viewer, rows, _| seen(viewer, rows))
}

/// The same where that depends on the time.
pub(crate) fn value_at<T: Form>(
    name: &'static str,
    seen: impl Fn(&Viewer, &Alias, DateTime<Utc>) -> Expr + Send + Sync + 'static,
) -> Cells<T> {
    let show = |row: &QueryResult, name: &str| Ok(T::get(row, name)?.as_ref().map(T::write).unwrap_or_default());
    let tidy = |cell: &str| T::read(cell).map(|value| value.write());
    Cells {
        column: Column { name, seen: Box::new(seen), show, tidy, number: T::NUMBER, asked: false, private: false },
        sort: PhantomData,
    }
}

/// What a column of the table holds.
pub(crate) fn stored<T: Form>(name: &'static str, column: impl IntoIden) -> Cells<T> {
    let column = column.into_iden();
    value(name, move |_, rows| rows.col(column.clone()))
}

/// A text.
pub(crate) fn text(name: &'static str, column: impl IntoIden) -> Cells<String> {
    stored(name, column)
}

/// Texts.
pub(crate) fn texts(name: &'static str, column: impl IntoIden) -> Cells<Vec<String>> {
    stored(name, column)
}

/// A whole number.
pub(crate) fn number(name: &'static str, column: impl IntoIden) -> Cells<i32> {
    stored(name, column)
}

/// Whether something is so.
pub(crate) fn flag(name: &'static str, column: impl IntoIden) -> Cells<bool> {
    stored(name, column)
}

/// A day.
pub(crate) fn date(name: &'static str, column: impl IntoIden) -> Cells<NaiveDate> {
    stored(name, column)
}

/// A moment.
pub(crate) fn time(name: &'static str, column: impl IntoIden) -> Cells<DateTime<Utc>> {
    stored(name, column)
}

/// One of a few words.
pub(crate) fn word<E>(name: &'static str, column: impl IntoIden) -> Cells<Word<E>>
where
    Word<E>: Form,
{
    stored(name, column)
}

/// Where a row's facts come from.
pub(crate) fn sources() -> Cells<Sources> {
    stored("sources", sea_orm::sea_query::Alias::new("sources"))
}

/// A text of the one row that a column refers to, if the viewer sees that row.
pub(crate) fn text_of<E: Resource>(name: &'static str, column: impl IntoIden, text: &'static str) -> Cells<String> {
    let column = column.into_iden();
    value(name, move |viewer, rows| seen_text::<E>(viewer, rows, column.clone(), text))
}

/// A text of the one row that is referred to by the row that a column refers to, if the viewer sees both.
pub(crate) fn text_via<V: Resource, E: Resource>(
    name: &'static str,
    (via, column): (impl IntoIden, impl IntoIden),
    text: &'static str,
) -> Cells<String> {
    let (via, column) = (via.into_iden(), column.into_iden());
    value(name, move |viewer, rows| {
        let end = |other: &Alias| seen_text::<E>(viewer, other, column.clone(), text);
        rows.referred::<V>(via.clone(), |other| viewer.visible::<V>(other), end)
    })
}

fn seen_text<E: Resource>(viewer: &Viewer, rows: &Alias, column: impl IntoIden, text: &'static str) -> Expr {
    rows.referred::<E>(column, |other| viewer.visible::<E>(other), |other| other.computed(text))
}

/// A text of each of the rows of another table that `condition` holds for and that the viewer sees, in the order of
/// one of their columns. The condition is told of the other table and of this one.
pub(crate) fn texts_of<E: Resource>(
    name: &'static str,
    (text, order): (&'static str, &'static str),
    condition: impl Fn(&Alias, &Alias) -> Expr + Send + Sync + 'static,
) -> Cells<Vec<String>> {
    value(name, move |viewer, rows| {
        let other = rows.with_suffix("r");
        let mut select = other.select_from::<E>();
        let order = [other.computed(text), other.computed(order), other.computed("id")];
        select
            .expr(Expr::cust_with_exprs("array_agg($1 ORDER BY $2, $3)", order))
            .and_where(condition(&other, rows))
            .and_where(viewer.visible::<E>(&other));
        Expr::SubQuery(None, Box::new(select.into()))
    })
}
