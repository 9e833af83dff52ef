//! In which order rows come, and how a cursor names a place in that order.

use super::columns::place;
use crate::database::Alias;
use crate::error::{Error, Result};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sea_orm::sea_query::{self, Expr, ExprTrait as _, IntoIden, SelectStatement};
use sea_orm::{EntityTrait, QueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

type OnRows = Box<dyn Fn(&Alias) -> Expr + Send + Sync>;

/// One sort key: an expression that is never null, so that a row comparison can continue after any row.
pub(crate) struct Key {
    expr: OnRows,
    kind: KeyKind,
    /// Said of the table that the order leads through, not of the rows themselves.
    via: bool,
}

/// What a sort key's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Text,
    Int,
    Date,
    Time,
    Uuid,
}

/// A sort key's value in a cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum KeyValue {
    Int(i64),
    Text(String),
}

/// An order of rows. Rows that are alike in every key are told apart by their own key, which comes last.
pub(crate) struct Order {
    /// Names the list and the order, so that a cursor is not taken to another.
    pub(crate) name: String,
    pub(crate) keys: Vec<Key>,
    pub(crate) descending: bool,
    /// Whether names give it, and nothing before them.
    pub(super) is_by_name: bool,
    via: Option<Via>,
}

struct Via {
    table: &'static str,
    column: sea_query::DynIden,
}

impl Key {
    /// A key said of the rows.
    pub(crate) fn new(kind: KeyKind, expr: impl Fn(&Alias) -> Expr + Send + Sync + 'static) -> Self {
        Self { expr: Box::new(expr), kind, via: false }
    }

    /// A key said of the one row that the order leads through.
    pub(crate) fn via(kind: KeyKind, expr: impl Fn(&Alias) -> Expr + Send + Sync + 'static) -> Self {
        Self { via: true, ..Self::new(kind, expr) }
    }

    /// Whether a value from a cursor can be one of this key.
    pub(crate) fn takes(&self, value: &KeyValue) -> bool {
        self.kind.bind(value).is_some()
    }
}

impl KeyKind {
    /// A cursor's value as the database takes it.
    fn bind(self, value: &KeyValue) -> Option<Value> {
        Some(match (self, value) {
            (Self::Text, KeyValue::Text(text)) => text.clone().into(),
            (Self::Int, KeyValue::Int(int)) => i32::try_from(*int).ok()?.into(),
            (Self::Date, KeyValue::Text(text)) => text.parse::<NaiveDate>().ok().filter(in_calendar)?.into(),
            (Self::Time, KeyValue::Int(micros)) => {
                DateTime::<Utc>::from_timestamp_micros(*micros).filter(in_calendar)?.into()
            }
            (Self::Uuid, KeyValue::Text(text)) => text.parse::<Uuid>().ok()?.into(),
            _ => return None,
        })
    }

    /// A row's value as a cursor keeps it.
    fn value(self, row: &QueryResult, place: usize) -> Result<KeyValue> {
        Ok(match self {
            Self::Text => KeyValue::Text(row.try_get_by_index(place)?),
            Self::Int => KeyValue::Int(row.try_get_by_index::<i32>(place)?.into()),
            Self::Date => KeyValue::Text(row.try_get_by_index::<NaiveDate>(place)?.to_string()),
            Self::Time => KeyValue::Int(row.try_get_by_index::<DateTime<Utc>>(place)?.timestamp_micros()),
            Self::Uuid => KeyValue::Text(row.try_get_by_index::<Uuid>(place)?.to_string()),
        })
    }
}

impl Order {
    /// Ascending by these keys and then by the rows' own.
    pub(crate) fn by(name: &str, mut keys: Vec<Key>) -> Self {
        keys.push(Key::new(KeyKind::Uuid, |rows| rows.computed("id")));
        Self { name: name.to_owned(), keys, descending: false, is_by_name: false, via: None }
    }

    /// By the names of the rows.
    pub(crate) fn by_name(list: &str) -> Self {
        let name = Key::new(KeyKind::Text, |rows| rows.computed("sort_name"));
        Self { is_by_name: true, ..Self::by(list, vec![name]) }
    }

    /// Leads through the row of another table that `column` refers to, for keys that are said of it. Rows that lead through
    /// the same one stand together, also where others have the same name: so the other table gives the order, by an index.
    pub(crate) fn through<E: EntityTrait>(mut self, column: impl IntoIden) -> Self {
        let behind = self.keys.iter().rposition(|key| key.via).map_or(0, |last| last + 1);
        self.keys.insert(behind, Key::via(KeyKind::Uuid, |other| other.computed("id")));
        self.via = Some(Via { table: E::default().table_name(), column: column.into_iden() });
        self
    }

    /// The same in the other direction, ties included.
    pub(crate) fn reversed(mut self) -> Self {
        self.descending = !self.descending;
        self.name.push('-');
        self
    }

    /// The table that the order leads through, and the column that refers to it.
    pub(super) fn leads_through(&self) -> Option<(&'static str, &sea_query::DynIden)> {
        self.via.as_ref().map(|via| (via.table, &via.column))
    }

    /// That table, joined to the rows.
    pub(super) fn join(&self, select: &mut SelectStatement, rows: &Alias) -> Alias {
        let other = through(rows);
        if let Some(via) = &self.via {
            let on = (sea_query::Alias::new("id").into_iden(), rows.col(via.column.clone()), None);
            other.join(select, sea_query::JoinType::InnerJoin, via.table, on);
        }
        other
    }

    /// Puts the rows of a statement in this order.
    pub(crate) fn sort(&self, select: &mut SelectStatement, rows: &Alias) {
        let other = self.join(select, rows);
        let direction = if self.descending { sea_query::Order::Desc } else { sea_query::Order::Asc };
        for key in self.exprs((rows, &other)) {
            select.order_by_expr(key, direction.clone());
        }
    }

    /// The sort keys' expressions, by the rows and the table that the order leads through.
    pub(crate) fn exprs(&self, (rows, other): (&Alias, &Alias)) -> Vec<Expr> {
        self.keys.iter().map(|key| (key.expr)(if key.via { other } else { rows })).collect()
    }

    /// The sort keys of rows that were read with them as `k0`, `k1` and so on.
    pub(crate) fn values(&self, rows: &[QueryResult]) -> Result<Vec<Vec<KeyValue>>> {
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let places = (0..self.keys.len()).map(|i| place(first, &format!("k{i}"))).collect::<Result<Vec<_>>>()?;
        let values = |row| self.keys.iter().zip(&places).map(|(key, place)| key.kind.value(row, *place)).collect();
        rows.iter().map(values).collect()
    }

    /// The rows behind (or before) a place in the order.
    pub(crate) fn beyond(&self, place: &[KeyValue], before: bool, rows: (&Alias, &Alias)) -> Result<Expr> {
        let bound: Option<Vec<Value>> = self.keys.iter().zip(place).map(|(key, value)| key.kind.bind(value)).collect();
        let bound = bound.ok_or_else(|| Error::internal("an unchecked cursor"))?;
        let (keys, is_up) = (self.exprs(rows), self.descending == before);
        let place: Vec<Expr> = bound.into_iter().map(Expr::val).collect();
        // Keys of two tables have no index in common. What follows for those of the other table alone has one.
        let led = self.keys.iter().take_while(|key| key.via).count();
        let leading = (led > 0).then(|| {
            let (keys, place) = (Expr::tuple(keys[..led].to_vec()), Expr::tuple(place[..led].to_vec()));
            if is_up { keys.gte(place) } else { keys.lte(place) }
        });
        let (keys, place) = (Expr::tuple(keys), Expr::tuple(place));
        let beyond = if is_up { keys.gt(place) } else { keys.lt(place) };
        Ok(leading.into_iter().fold(beyond, Expr::and))
    }
}

/// Within the years that dates of this service have; PostgreSQL knows more of them than chrono, and fewer.
fn in_calendar(date: &impl Datelike) -> bool {
    (0..=9999).contains(&date.year())
}

fn through(rows: &Alias) -> Alias {
    rows.with_suffix("o")
}
