//! Spreadsheets out: the rows that a viewer may see, with what the viewer may see of them.

use super::cell::guard;
use super::sheet::{FIRST, Row, Table};
use super::what::What;
use crate::auth::Viewer;
use crate::database::{Alias, begin_reading};
use crate::error::{Error, Result};
use crate::policy::{Action, authorize_some};
use chrono::{DateTime, Utc};
use csv::{Terminator, Writer, WriterBuilder};
use entity::convening;
use entity::ids::ConveningId;
use futures_util::TryStreamExt as _;
use sea_orm::sea_query::{ExprTrait as _, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseConnection, StreamTrait as _, Value};
use std::pin::pin;

/// Bytes that are gathered before they are handed on.
const CHUNK: usize = 32 * 1024;
/// How long the database may take for all rows, whose reader may be slow.
const PATIENCE: &str = "SET LOCAL statement_timeout = '5min'";

/// A spreadsheet that is ready to be read.
pub(crate) struct Export {
    table: Table,
    select: SelectStatement,
}

impl Export {
    /// What a viewer asks for at a moment, of one convening or of all.
    pub(crate) async fn prepare(
        db: &impl ConnectionTrait,
        (viewer, now): (&Viewer, DateTime<Utc>),
        what: What,
        convening: Option<&str>,
    ) -> Result<Self> {
        let table = what.table();
        authorize_some(viewer, table.kind, Action::Read)?;
        let convening = match convening {
            None => None,
            Some(_) if !table.has_convenings() => return Err(Error::BadInput(not_of_a_convening(what))),
            Some(slug) => Some(find_convening(db, viewer, slug).await?),
        };
        let (select, _) = table.select((viewer, now), convening);
        Ok(Self { table, select })
    }

    /// Hands the spreadsheet on, piece by piece: as the database sends it, so that it is never in memory whole, and as
    /// it stood at one moment. Answers whether all of it was handed on: whoever was to get it may be gone.
    pub(crate) async fn write<F: Future<Output = Result<(), ()>>>(
        self,
        db: &DatabaseConnection,
        mut sink: impl FnMut(Vec<u8>) -> F,
    ) -> Result<bool> {
        let transaction = begin_reading(db).await?;
        transaction.execute_unprepared(PATIENCE).await?;
        let mut lines = Lines::default();
        lines.add(
            FIRST.into_iter().chain(self.table.columns.iter().filter(|column| !column.asked).map(|column| column.name)),
        )?;
        {
            let mut rows = pin!(transaction.stream(&self.select).await?);
            while let Some(row) = rows.try_next().await? {
                lines.add_row(&self.table, &self.table.row(&row)?)?;
                if lines.len() >= CHUNK && sink(lines.take()?).await.is_err() {
                    return Ok(false);
                }
            }
        }
        transaction.commit().await?;
        Ok(sink(lines.take()?).await.is_ok())
    }
}

/// The convening of a slug, for whoever sees it.
pub(crate) async fn find_convening(db: &impl ConnectionTrait, viewer: &Viewer, slug: &str) -> Result<ConveningId> {
    seen_convening(db, viewer, convening::Column::Slug, slug).await?.ok_or(Error::NotFound("Convening"))
}

/// The convening that has this in a column, if the viewer sees it.
pub(super) async fn seen_convening(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    column: convening::Column,
    value: impl Into<Value>,
) -> Result<Option<ConveningId>> {
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<convening::Entity>();
    select
        .expr(rows.col(convening::Column::Id))
        .and_where(rows.col(column).eq(value.into()))
        .and_where(viewer.visible::<convening::Entity>(&rows));
    Ok(db.query_one(&select).await?.map(|row| row.try_get("", "id")).transpose()?)
}

fn not_of_a_convening(what: What) -> String {
    let those = What::ALL.iter().filter(|what| what.table().has_convenings()).map(|what| what.name());
    format!(
        "There are no {} of one convening; leave `convening` out. It narrows down {}.",
        what.name(),
        those.collect::<Vec<_>>().join(", ")
    )
}

/// Lines of a spreadsheet that wait to be handed on.
struct Lines {
    csv: Writer<Vec<u8>>,
    length: usize,
}

impl Default for Lines {
    fn default() -> Self {
        let csv = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        Self { csv, length: 0 }
    }
}

impl Lines {
    fn add(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) -> Result<()> {
        for cell in cells {
            self.length += cell.as_ref().len();
            self.csv.write_field(cell.as_ref()).map_err(Error::internal)?;
        }
        self.csv.write_record(None::<&[u8]>).map_err(Error::internal)
    }

    fn add_row(&mut self, table: &Table, row: &Row) -> Result<()> {
        let first = [table.id(row.key), row.version.to_string()];
        let shown = row.cells.iter().zip(&table.columns).filter(|(_, column)| !column.asked);
        let rest = shown.map(|(cell, column)| if column.number { cell.clone() } else { guard(cell) });
        self.add(first.into_iter().chain(rest))
    }

    fn len(&self) -> usize {
        self.length
    }

    fn take(&mut self) -> Result<Vec<u8>> {
        std::mem::take(self).csv.into_inner().map_err(Error::internal)
    }
}
