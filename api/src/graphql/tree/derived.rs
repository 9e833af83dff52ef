//! A page of rows that belong to no table: a statement makes them, each with a key of its own.

use super::field::Field;
use super::order::{KeyValue, Order};
use super::read::Reading;
use crate::database::{Alias, Bounded};
use crate::error::{Error, Result};
use crate::graphql::connection::{Connection, Edge, page_type};
use crate::graphql::{Page, cursor};
use sea_orm::sea_query::{self, Asterisk, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ConnectionTrait as _, QueryResult};

/// Rows that a statement makes. It has a column for each key of the order, and `id` with what tells the rows apart.
pub(crate) struct Derived {
    /// The statement.
    pub(crate) rows: SelectStatement,
    /// The order of its rows.
    pub(crate) order: Order,
}

/// A page of them.
pub(crate) struct DerivedPage {
    /// The rows, in order.
    pub(crate) rows: Vec<QueryResult>,
    places: Vec<Vec<KeyValue>>,
    order: String,
    rest: Connection<()>,
}

impl Derived {
    /// The page that a field asks for, whose rows are of this type in the schema.
    pub(crate) async fn page(&self, reading: &Reading<'_>, field: &Field<'_>, typename: &str) -> Result<DerivedPage> {
        let argument = |name| field.argument::<Option<i32>>(name);
        let place = |name| field.argument::<Option<String>>(name);
        let page = Page::new(argument("first")?, place("after")?, argument("last")?, place("before")?)?;
        let mut rows = reading.db().query_all(&Bounded(&self.select(&page)?)).await?;
        let asked = usize::try_from(page.rows).unwrap_or(usize::MAX);
        let more = rows.len() > asked;
        rows.truncate(asked);
        if page.from_end {
            rows.reverse();
        }
        let (has_previous_page, has_next_page) =
            if page.from_end { (more, page.before.is_some()) } else { (page.after.is_some(), more) };
        let total_count = match field.child(&page_type(typename), "totalCount") {
            Some(_) => Some(self.count(reading).await?),
            None => None,
        };
        let places = self.order.values(&rows)?;
        let rest = Connection { edges: Vec::new(), has_previous_page, has_next_page, total_count };
        Ok(DerivedPage { rows, places, order: self.order.name.clone(), rest })
    }

    fn select(&self, page: &Page) -> Result<SelectStatement> {
        let made = Alias::new("made");
        let mut select = Query::select();
        select
            .from_subquery(self.rows.clone(), &made)
            .column((sea_query::Alias::new("made"), Asterisk))
            .limit(page.rows + 1);
        let direction =
            if self.order.descending == page.from_end { sea_query::Order::Asc } else { sea_query::Order::Desc };
        for (i, key) in self.order.exprs((&made, &made)).into_iter().enumerate() {
            select.expr_as(key.clone(), sea_query::Alias::new(format!("k{i}"))).order_by_expr(key, direction.clone());
        }
        for (given, before) in [(&page.after, false), (&page.before, true)] {
            if let Some(given) = given {
                let place = cursor::decode(given, &self.order.name, &self.order.keys)?;
                select.and_where(self.order.beyond(&place, before, (&made, &made))?);
            }
        }
        Ok(select)
    }

    async fn count(&self, reading: &Reading<'_>) -> Result<i64> {
        let mut select = Query::select();
        select
            .from_subquery(self.rows.clone(), sea_query::Alias::new("made"))
            .expr_as(Expr::col(Asterisk).count(), sea_query::Alias::new("total"));
        let row = reading.db().query_one(&select).await?.ok_or_else(|| Error::internal("a count without a row"))?;
        Ok(row.try_get("", "total")?)
    }
}

impl DerivedPage {
    /// The rows as objects. One that has gone since the page was read is not there.
    pub(crate) fn connection<T>(
        self,
        mut object: impl FnMut(&QueryResult) -> Result<Option<T>>,
    ) -> Result<Connection<T>> {
        let mut edges = Vec::with_capacity(self.rows.len());
        for (row, place) in self.rows.iter().zip(self.places) {
            if let Some(node) = object(row)? {
                edges.push(Edge { cursor: cursor::encode(&self.order, place), node });
            }
        }
        let Connection { has_previous_page, has_next_page, total_count, .. } = self.rest;
        Ok(Connection { edges, has_previous_page, has_next_page, total_count })
    }
}

impl Field<'_> {
    /// What is selected of the rows of a connection, as its nodes and in its edges.
    pub(crate) fn nodes(&self, typename: &str) -> Option<Self> {
        let connection = page_type(typename);
        let edges = self.child(&connection, "edges");
        let in_edges = edges.and_then(|edges| edges.child(&format!("{typename}Edge"), "node"));
        self.child(&connection, "nodes").into_iter().chain(in_edges).reduce(Self::and)
    }
}
