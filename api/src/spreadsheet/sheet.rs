//! A kind of rows as a spreadsheet: its columns, each stated once for the way out and the way in.

use super::column::{Cells, Column, value};
use super::form::Form;
use crate::auth::{Actor, Viewer};
use crate::database::{Alias, always};
use crate::error::Result;
use crate::graphql::tree::Order;
use crate::graphql::{GlobalId, NodeType};
use crate::policy::{Kind, Resource};
use crate::writing::Patch;
use chrono::{DateTime, Utc};
use entity::convening;
use entity::ids::ConveningId;
use sea_orm::sea_query::{self, Expr, ExprTrait as _, IntoIden, SelectStatement};
use sea_orm::{DatabaseTransaction, QueryResult};
use uuid::Uuid;

type Start = fn(&Viewer, &Alias) -> SelectStatement;
type OfConvening = Box<dyn Fn(&Viewer, &Alias, ConveningId) -> Expr + Send + Sync>;
type Lead = Box<dyn Fn(&Alias) -> Expr + Send + Sync>;
type Set<D> = Box<dyn Fn(&mut D, &str) -> Result<(), String> + Send + Sync>;

/// The columns that every spreadsheet begins with.
pub(super) const FIRST: [&str; 2] = ["id", "version"];

/// Rows as they are read into a spreadsheet.
pub(crate) struct Table {
    pub(super) kind: Kind,
    pub(super) node_type: NodeType,
    pub(super) columns: Vec<Column>,
    start: Start,
    lead: Option<Lead>,
    order: Order,
    of_convening: Option<OfConvening>,
}

/// A row as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) key: Uuid,
    pub(super) version: i32,
    /// What it holds, by column; nothing is an empty text.
    pub(super) cells: Vec<String>,
}

/// Rows as they are read into a spreadsheet, and what becomes of a cell that comes back: it changes a draft.
pub(crate) struct Sheet<D = ()> {
    pub(super) table: Table,
    pub(super) uses: Vec<Use<D>>,
}

/// What rows of a spreadsheet become: a new row, or changes of one.
pub(crate) trait Draft: Default + 'static {
    /// Adds it, in a convening where one is given. What must be there and is not was noted already.
    async fn create(self, db: &DatabaseTransaction, actor: Actor<'_>, convening: Option<ConveningId>) -> Result<Uuid>;

    /// Changes a row of that key and version.
    async fn update(self, db: &DatabaseTransaction, actor: Actor<'_>, key: Uuid, version: i32) -> Result<()>;
}

/// What becomes of a cell that comes back.
pub(super) enum Use<D> {
    /// Nothing: it only tells what stands elsewhere, and is refused where it says something else.
    Told,
    /// Nothing, whatever it says.
    Ignored,
    /// It is part of a new row, and then never changes.
    Once(Set<D>),
    /// It changes the row.
    Taken(Set<D>),
    /// It changes the row, which always holds something there.
    Needed(Set<D>),
}

impl Table {
    /// Whether rows of it belong to a convening.
    pub(super) fn has_convenings(&self) -> bool {
        self.of_convening.is_some()
    }

    /// The global id of a row.
    pub(super) fn id(&self, key: Uuid) -> String {
        GlobalId::encode(self.node_type, key).0
    }

    /// The names of the columns that an import knows.
    pub(super) fn known(&self) -> impl Iterator<Item = &'static str> {
        FIRST.into_iter().chain(self.columns.iter().map(|column| column.name))
    }

    /// The column that says what a row is called.
    pub(super) fn name(&self) -> usize {
        let names = ["name", "title", "nameAsShown"];
        self.columns.iter().position(|column| names.contains(&column.name)).unwrap_or(0)
    }

    /// The rows that a viewer may see, with what the viewer may see of them at a moment, in their order.
    pub(super) fn select(
        &self,
        (viewer, now): (&Viewer, DateTime<Utc>),
        convening: Option<ConveningId>,
    ) -> (SelectStatement, Alias) {
        let rows = viewer.reads("t0");
        let mut select = (self.start)(viewer, &rows);
        select.expr_as(rows.computed("id"), name("key")).expr_as(rows.computed("version"), name("version"));
        for (i, column) in self.columns.iter().enumerate() {
            select.expr_as(column.expr(viewer, &rows, now), name(&format!("c{i}")));
        }
        if let (Some(of), Some(convening)) = (&self.of_convening, convening) {
            select.and_where(of(viewer, &rows, convening));
        }
        if let Some(lead) = &self.lead {
            select.order_by_expr(lead(&rows), sea_query::Order::Asc);
        }
        self.order.sort(&mut select, &rows);
        (select, rows)
    }

    /// A row of that statement.
    pub(super) fn row(&self, row: &QueryResult) -> Result<Row> {
        let cells = self.columns.iter().enumerate().map(|(i, column)| column.show(row, &format!("c{i}")));
        Ok(Row {
            key: row.try_get("", "key")?,
            version: row.try_get("", "version")?,
            cells: cells.collect::<Result<_>>()?,
        })
    }
}

impl<D> Sheet<D> {
    /// The rows of a type in an order, without a column yet.
    pub(crate) fn of<E: Resource>(node_type: NodeType, order: Order) -> Self {
        let start: Start = |viewer, rows| {
            let mut select = rows.select_from::<E>();
            select.and_where(viewer.visible::<E>(rows));
            select
        };
        let columns = Vec::new();
        let table = Table { kind: E::KIND, node_type, columns, start, lead: None, order, of_convening: None };
        Self { table, uses: Vec::new() }
    }

    /// Says which column names a row's convening. Rows of one convening come together.
    pub(crate) fn of_convening(self, column: impl IntoIden) -> Self {
        let column = column.into_iden();
        let of = column.clone();
        self.of_convening_where(move |_, rows, convening| rows.col(of.clone()).eq(convening)).led_by(move |rows| {
            rows.referred::<convening::Entity>(
                column.clone(),
                |_| always(),
                |convening| convening.computed("sort_title"),
            )
        })
    }

    /// Says which rows belong to a convening.
    pub(crate) fn of_convening_where(
        mut self,
        rows: impl Fn(&Viewer, &Alias, ConveningId) -> Expr + Send + Sync + 'static,
    ) -> Self {
        self.table.of_convening = Some(Box::new(rows));
        self
    }

    /// Says by what the rows are ordered before anything else.
    pub(crate) fn led_by(mut self, lead: impl Fn(&Alias) -> Expr + Send + Sync + 'static) -> Self {
        self.table.lead = Some(Box::new(lead));
        self
    }

    /// A column that only tells.
    pub(crate) fn tells<T: Form>(self, cells: Cells<T>) -> Self {
        self.with(cells.column, Use::Told)
    }

    /// A column that only tells, and changes by itself.
    pub(crate) fn keeps<T: Form>(self, cells: Cells<T>) -> Self {
        self.with(cells.column, Use::Ignored)
    }

    /// A column that is part of a new row, and then never changes.
    pub(crate) fn takes_once<T: Form>(self, cells: Cells<T>, set: fn(&mut D, Option<T>)) -> Self
    where
        D: 'static,
    {
        self.with(cells.column, Use::Once(setter(move |draft, value: Patch<T>| set(draft, value.into_value()))))
    }

    /// A column that is asked for a new row and that no export has.
    pub(crate) fn asks<T: Form>(self, name: &'static str, set: fn(&mut D, Option<T>)) -> Self
    where
        D: 'static,
    {
        let mut cells = value::<T>(name, |_, _| Expr::cust("NULL"));
        cells.column.asked = true;
        self.takes_once(cells, set)
    }

    /// A column that changes the row.
    pub(crate) fn takes<T: Form>(self, cells: Cells<T>, set: fn(&mut D, Patch<T>)) -> Self
    where
        D: 'static,
    {
        self.with(cells.column, Use::Taken(setter(set)))
    }

    /// A column that changes the row, which always holds something there.
    pub(crate) fn needs<T: Form>(self, cells: Cells<T>, set: fn(&mut D, Patch<T>)) -> Self
    where
        D: 'static,
    {
        self.with(cells.column, Use::Needed(setter(set)))
    }

    fn with(mut self, column: Column, becomes: Use<D>) -> Self {
        self.table.columns.push(column);
        self.uses.push(becomes);
        self
    }
}

/// What a cell does to a draft: an empty one clears.
fn setter<D: 'static, T: Form>(set: impl Fn(&mut D, Patch<T>) + Send + Sync + 'static) -> Set<D> {
    Box::new(move |draft, cell| {
        let value = if cell.trim().is_empty() { Patch::Clear } else { Patch::Set(T::read(cell)?) };
        set(draft, value);
        Ok(())
    })
}

fn name(name: &str) -> sea_query::Alias {
    sea_query::Alias::new(name)
}
