//! The statements of a list: its rows, and its count.

use super::columns::Selecting;
use super::edge::Parent;
use super::level::{Layout, Level};
use super::listing::{Listing, On};
use crate::auth::Viewer;
use crate::database::{Alias, always, any_of};
use crate::error::Result;
use sea_orm::sea_query::{self, Asterisk, Expr, ExprTrait as _, Func, JoinType, Query, SelectStatement};
use uuid::Uuid;

/// The name of the parent's key.
const PARENT: &str = "parent";

/// Which rows a statement is for.
pub(super) struct Request<'a> {
    pub(super) level: &'a Level<'a>,
    pub(super) listing: &'a Listing,
    pub(super) parents: Option<(&'a Parent, &'a [Uuid])>,
    /// Whether the policy is asked about the rows.
    pub(super) asks: bool,
    /// Whether it is asked where each row stands in the order.
    pub(super) places: bool,
    pub(super) viewer: &'a Viewer,
}

/// The statement of rows, and where in its result stands what is read of them.
pub(super) struct OfRows {
    pub(super) select: SelectStatement,
    pub(super) layout: Layout,
    /// Where the parent's key stands, if there are parents.
    pub(super) parent: Option<usize>,
}

impl Request<'_> {
    /// The rows with all that is joined to them, in order.
    pub(super) fn rows(&self) -> Result<OfRows> {
        // Of a page, or of what a few rows have, few rows are looked at.
        let are_few = self.listing.page.is_some() || self.parents.is_some();
        let rows = &self.level.rows;
        let mut select = self.filtered(&if are_few { rows.one_by_one() } else { rows.clone() });
        let order = &self.listing.order;
        let joined = order.leads_through().and_then(|via| self.level.joined_by(via, self.viewer));
        let of_several = self.listing.page.is_some() && self.parents.is_some_and(|(_, keys)| keys.len() > 1);
        // Pages of several parents have the parent's key before them.
        let mut selecting = Selecting::behind(usize::from(of_several), &mut select);
        let layout = self.level.select(&mut selecting, self.viewer, joined);
        let parent = self.parents.filter(|_| !of_several).map(|(parent, _)| self.parent_column(parent));
        let parent = if of_several { Some(0) } else { parent.map(|column| selecting.column(column)) };
        let other = joined.cloned().unwrap_or_else(|| order.join(&mut select, rows));
        self.filter_through(&mut select, &other);
        let ordered = if self.listing.lead.is_some() { leading(rows) } else { rows.clone() };
        let (keys, direction) = (order.exprs((&ordered, &other)), self.direction());
        let Some(page) = &self.listing.page else {
            for key in keys {
                select.order_by_expr(key, direction.clone());
            }
            if let Some((parent, keys)) = self.parents {
                select.and_where(any_of(self.parent_column(parent), keys.iter().copied()));
            }
            return Ok(OfRows { select, layout, parent });
        };
        for (i, key) in keys.into_iter().enumerate() {
            if self.places || of_several {
                select.expr_as(key.clone(), name(&format!("k{i}")));
            }
            select.order_by_expr(key, direction.clone());
        }
        for (place, before) in [(&page.after, false), (&page.before, true)] {
            if let Some(place) = place {
                select.and_where(order.beyond(place, before, (&ordered, &other))?);
            }
        }
        // One more than asked for tells whether there is a next page.
        select.limit(page.rows + 1);
        match self.parents {
            None => {}
            Some((parent, [key])) => drop(select.and_where(self.parent_column(parent).eq(*key))),
            Some((parent, keys)) => select = self.for_each(select, parent, keys, &direction),
        }
        Ok(OfRows { select, layout, parent })
    }

    /// A page for each parent, in one statement: its cost follows the page and not the list.
    fn for_each(
        &self,
        mut page: SelectStatement,
        parent: &Parent,
        keys: &[Uuid],
        direction: &sea_query::Order,
    ) -> SelectStatement {
        // A function's one column has the name of its alias.
        let parent_key = Expr::col((name(PARENT), name(PARENT)));
        page.and_where(self.parent_column(parent).eq(parent_key.clone()));
        let mut select = Query::select();
        select
            .expr(parent_key)
            .column((name("page"), Asterisk))
            .from_function(Func::cust(name("unnest")).arg(Expr::val(keys.to_vec())), name(PARENT))
            .join_lateral(JoinType::InnerJoin, page, name("page"), always());
        for i in 0..self.listing.order.keys.len() {
            select.order_by((name("page"), name(&format!("k{i}"))), direction.clone());
        }
        select
    }

    /// How many rows there are; behind that the parent's key, where there are parents.
    pub(super) fn count(&self) -> SelectStatement {
        let mut select = self.filtered(&self.level.rows);
        if self.listing.filters.iter().any(|(on, _)| *on == On::Through) {
            let other = self.listing.order.join(&mut select, &self.level.rows);
            self.filter_through(&mut select, &other);
        }
        select.expr(Expr::col(Asterisk).count());
        if let Some((parent, keys)) = self.parents {
            let column = self.parent_column(parent);
            select.expr(column.clone()).and_where(any_of(column.clone(), keys.iter().copied())).add_group_by([column]);
        }
        select
    }

    /// The table with everything that decides which rows there are, but for the parent and the page. `seen` is how it is
    /// asked which of them may be seen.
    fn filtered(&self, seen: &Alias) -> SelectStatement {
        let rows = &self.level.rows;
        let mut select = Query::select();
        select.from(rows.of_table(self.level.reader.table()));
        // Before whatever else is joined: of many tables the database takes the first ones as they come.
        if let Some(lead) = &self.listing.lead {
            let (leading, found) = (leading(rows), lead(self.viewer, rows, self.direction()));
            let on = leading.computed("id").eq(rows.computed("id"));
            select.join_subquery(JoinType::InnerJoin, found, &leading, on);
        }
        if let Some((Parent::Link { table, child, .. }, _)) = self.parents {
            let link = link(rows);
            let on = link.col(child.clone()).eq(rows.computed("id"));
            select.join(JoinType::InnerJoin, link.of_table(table), on);
        }
        if self.asks {
            select.and_where(self.level.reader.visible(self.viewer, seen));
        }
        for (on, filter) in &self.listing.filters {
            match on {
                On::Rows => drop(select.and_where(filter(self.viewer, rows))),
                On::Each => drop(select.and_where(filter(self.viewer, seen))),
                On::Through => {}
            }
        }
        select
    }

    /// Only rows that lead through one of `other` that everything holds for.
    fn filter_through(&self, select: &mut SelectStatement, other: &Alias) {
        for (_, filter) in self.listing.filters.iter().filter(|(on, _)| *on == On::Through) {
            select.and_where(filter(self.viewer, other));
        }
    }

    /// The direction in which rows are read: a page from the end of the list is read backwards.
    fn direction(&self) -> sea_query::Order {
        let from_end = self.listing.page.as_ref().is_some_and(|page| page.from_end);
        if self.listing.order.descending == from_end { sea_query::Order::Asc } else { sea_query::Order::Desc }
    }

    fn parent_column(&self, parent: &Parent) -> Expr {
        match parent {
            Parent::Column(column) => self.level.rows.col(column.clone()),
            Parent::Link { parent, .. } => link(&self.level.rows).col(parent.clone()),
        }
    }
}

/// What leads to the rows, which has the columns that give their order.
fn leading(rows: &Alias) -> Alias {
    rows.with_suffix("n")
}

fn link(rows: &Alias) -> Alias {
    rows.with_suffix("l")
}

fn name(name: &str) -> sea_query::Alias {
    sea_query::Alias::new(name)
}
