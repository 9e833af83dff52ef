//! The plan of one statement: rows of a table, the single rows joined to them, and what follows.

use super::columns::{Columns, Selecting};
use super::edge::{Computed, Edge, Gate, List, LoadAll, One};
use super::field::{Field, Places};
use super::node::{Child, Children, Erased, Reader, Row};
use crate::auth::Viewer;
use crate::database::{Alias, always};
use crate::error::{Error, Result};
use entity::part::plain;
use sea_orm::QueryResult;
use sea_orm::sea_query::{DynIden, JoinType};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Tables in one statement at most. A result of PostgreSQL has 1,664 columns, and our widest table has 33.
const MAX_TABLES: usize = 48;

/// The names of a statement's first tables: few have more.
const FIRST: [&str; 8] = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7"];

/// A table in a statement with what is selected of it.
pub(super) struct Level<'a> {
    pub(super) reader: &'static dyn Reader,
    pub(super) rows: Alias,
    columns: Columns,
    joined: Vec<Joined<'a>>,
    values: Vec<(Places, Computed)>,
    pub(super) followers: Vec<Follower<'a>>,
    refused: Vec<(Places, Arc<Error>)>,
}

/// A row joined to each row.
struct Joined<'a> {
    places: Places,
    one: One,
    level: Level<'a>,
}

/// What takes statements of its own once the rows are there.
pub(super) struct Follower<'a> {
    places: Places,
    gate: Gate,
    pub(super) what: What<'a>,
}

/// Of which sort it is.
pub(super) enum What<'a> {
    List(Box<List>, Field<'a>),
    Load(LoadAll, Field<'a>),
}

/// What followed the rows of a level, by key, and of the levels joined to it.
pub(super) struct Followed {
    pub(super) followers: Vec<HashMap<Uuid, Child>>,
    pub(super) joined: Vec<Followed>,
}

/// Where what a level reads stands in a result.
pub(super) struct Layout {
    key: usize,
    columns: Vec<Option<usize>>,
    values: Vec<usize>,
    gates: Vec<Option<usize>>,
    pub(super) joined: Vec<Layout>,
}

/// Rows of a result, and where in them stands what a level reads.
#[derive(Clone, Copy)]
pub(super) struct Rows<'r> {
    pub(super) rows: &'r [QueryResult],
    pub(super) layout: &'r Layout,
}

impl Layout {
    /// The key of the level's row; none where nothing was joined.
    fn key(&self, row: &QueryResult) -> Result<Option<Uuid>> {
        Ok(plain(row, self.key)?)
    }
}

impl Rows<'_> {
    /// The keys of the rows that a follower may be shown for, each once.
    pub(super) fn parents(&self, follower: usize) -> Result<Vec<Uuid>> {
        let Self { rows, layout } = *self;
        let gate = layout.gates[follower];
        let (mut keys, mut seen) = (Vec::with_capacity(rows.len()), HashSet::with_capacity(rows.len()));
        for row in rows {
            let Some(key) = layout.key(row)? else { continue };
            let open = gate.map_or(Ok(Some(true)), |gate| row.try_get_by_index::<Option<bool>>(gate))?;
            if open == Some(true) && seen.insert(key) {
                keys.push(key);
            }
        }
        Ok(keys)
    }
}

/// The tables of a statement, as a viewer reads them.
pub(super) struct Tables<'v> {
    viewer: &'v Viewer,
    count: usize,
}

impl<'v> Tables<'v> {
    pub(super) fn of(viewer: &'v Viewer) -> Self {
        Self { viewer, count: 0 }
    }

    fn next(&mut self) -> Alias {
        let name: Cow<'static, str> =
            FIRST.get(self.count).map_or_else(|| format!("t{}", self.count).into(), |&name| name.into());
        self.count += 1;
        self.viewer.reads(name)
    }
}

impl<'a> Level<'a> {
    /// Plans what is selected beneath a field of this type, in a statement of its own.
    pub(super) fn plan(reader: &'static dyn Reader, field: &Field<'a>, viewer: &Viewer) -> Self {
        Self::plan_among(reader, field, &mut Tables::of(viewer))
    }

    /// The same in a statement that has other tables.
    pub(super) fn plan_among(reader: &'static dyn Reader, field: &Field<'a>, tables: &mut Tables<'_>) -> Self {
        let rows = tables.next();
        let (joined, values, followers, refused) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut level = Self { reader, rows, columns: reader.columns(), joined, values, followers, refused };
        for field in field.selected(reader.type_name()) {
            let places = field.places();
            match reader.edge(&field) {
                Ok(None) => level.columns.show(field.name()),
                Ok(Some(edge)) => level.add(places, edge, field, tables),
                Err(error) => level.refused.push((places, Arc::new(error))),
            }
        }
        level
    }

    fn add(&mut self, places: Places, edge: Edge, field: Field<'a>, tables: &mut Tables<'_>) {
        match edge {
            Edge::One(one) => {
                let selected = match one.within {
                    Some((object, inner)) => {
                        self.columns.show_all();
                        field.child(object, inner)
                    }
                    None => Some(field),
                };
                if selected.is_some() && tables.count >= MAX_TABLES {
                    self.refused.push((places, Arc::new(too_much())));
                } else if let Some(selected) = selected {
                    let level = Self::plan_among(one.reader, &selected, tables);
                    self.joined.push(Joined { places, one, level });
                }
            }
            Edge::Value(value) => self.values.push((places, value)),
            Edge::List(list) => {
                self.followers.push(Follower { places, gate: list.gate, what: What::List(Box::new(list), field) });
            }
            Edge::Loaded(load) => {
                self.followers.push(Follower { places, gate: load.gate, what: What::Load(load.load, field) });
            }
        }
    }

    /// The levels joined to this one.
    pub(super) fn joined(&self) -> impl Iterator<Item = &Self> {
        self.joined.iter().map(|joined| &joined.level)
    }

    /// The table that `column` refers to, where it is joined already for each row that is there.
    pub(super) fn joined_by(&self, (table, column): (&str, &DynIden), viewer: &Viewer) -> Option<&Alias> {
        let is_it = |one: &One| one.reader.table() == table && one.from == *column && one.to == one.reader.key();
        let is_whole = |one: &One, rows: &Alias| one.implied || one.reader.visible(viewer, rows) == always();
        let of_level = |joined: &&Joined<'_>| is_it(&joined.one) && is_whole(&joined.one, &joined.level.rows);
        self.joined.iter().find(of_level).map(|joined| &joined.level.rows)
    }

    /// Puts its columns and joins into a statement that has its table already; where they stand in its result. `leading` is a
    /// table that is joined for each row that is there, and that the order leads through: then the rows can be found by it, and
    /// none that follow are looked at.
    pub(super) fn select(&self, select: &mut Selecting<'_>, viewer: &Viewer, leading: Option<&Alias>) -> Layout {
        let (key, columns) = self.columns.select(&self.rows, select);
        // It is asked of the rows that are answered, not of all that there are.
        let each = self.rows.one_by_one();
        let values = self.values.iter().map(|(_, value)| select.column((value.expr)(viewer, &each))).collect();
        let readable = |kind| self.reader.readable(kind, viewer, &each);
        let gates = self.followers.iter().map(|follower| Some(select.column(readable(follower.gate?)))).collect();
        let mut joined = Vec::with_capacity(self.joined.len());
        for Joined { one, level, .. } in &self.joined {
            let visible = (!one.implied).then(|| one.reader.visible(viewer, &level.rows.one_by_one()));
            let on = (one.to.clone(), self.rows.col(one.from.clone()), visible);
            let leads = leading.is_some_and(|leading| std::ptr::eq(leading, &raw const level.rows));
            let join = if leads { JoinType::InnerJoin } else { JoinType::LeftJoin };
            level.rows.join(select.statement, join, one.reader.table(), on);
            joined.push(level.select(select, viewer, None));
        }
        Layout { key, columns, values, gates, joined }
    }

    /// A row, with what followed it.
    pub(super) fn row<'r>(
        &self,
        row: &'r QueryResult,
        layout: &'r Layout,
        followed: &Followed,
    ) -> Result<Option<Row<'r>>> {
        let Some(key) = layout.key(row)? else { return Ok(None) };
        let mut children =
            Children::with_capacity(self.joined.len() + self.values.len() + self.followers.len() + self.refused.len());
        let joined = self.joined.iter().zip(&layout.joined).zip(&followed.joined);
        for ((Joined { places, level, .. }, layout), followed) in joined {
            let one = level.row(row, layout, followed)?.map(|one| level.reader.one(one)).transpose()?;
            children.add(places, one.unwrap_or(Child::Nothing));
        }
        for ((places, value), place) in self.values.iter().zip(&layout.values) {
            let value = (value.decode)(row, *place)?;
            children.add(places, value.map_or(Child::Nothing, Child::of));
        }
        for (Follower { places, .. }, by_key) in self.followers.iter().zip(&followed.followers) {
            children.add(places, by_key.get(&key).cloned().unwrap_or(Child::Nothing));
        }
        for (places, error) in &self.refused {
            children.add(places, Child::Refused(Arc::clone(error)));
        }
        Ok(Some(Row { result: row, places: &layout.columns, children }))
    }
}

fn too_much() -> Error {
    Error::TooMuch(format!(
        "More than {MAX_TABLES} single objects hang on one another here. Ask for some of them in a request of their own."
    ))
}

impl Child {
    pub(super) fn of(made: Erased) -> Self {
        Self::Here(Arc::from(made))
    }
}
