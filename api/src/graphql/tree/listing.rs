//! Which rows of a table a field asks for: filtered, ordered, and by the page.

use super::field::Field;
use super::order::{KeyValue, Order};
use crate::auth::Viewer;
use crate::database::Alias;
use crate::database::search::{self, Searched};
use crate::error::Result;
use crate::graphql::{Page, cursor};
use sea_orm::sea_query::{self, Expr, SelectStatement};

/// The keys of rows with what gives the order, in that order or against it.
pub(super) type Lead = Box<dyn Fn(&Viewer, &Alias, sea_query::Order) -> SelectStatement + Send + Sync>;

pub(super) type Filter = Box<dyn Fn(&Viewer, &Alias) -> Expr + Send + Sync>;

/// What a filter is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// The rows.
    Rows,
    /// Each row by itself, where few are looked at.
    Each,
    /// The row that the order leads through.
    Through,
}

/// A list that a field asks for.
pub(crate) struct Listing {
    pub(super) filters: Vec<(On, Filter)>,
    /// What leads to the rows, where they are not looked for among all.
    pub(super) lead: Option<Lead>,
    pub(super) order: Order,
    pub(super) page: Option<Bounds>,
}

/// A page of a list, its cursors read.
pub(super) struct Bounds {
    pub(super) rows: u64,
    pub(super) from_end: bool,
    pub(super) after: Option<Vec<KeyValue>>,
    pub(super) before: Option<Vec<KeyValue>>,
}

impl Listing {
    /// All rows in this order.
    pub(crate) fn new(order: Order) -> Self {
        Self { filters: Vec::new(), lead: None, order, page: None }
    }

    /// Only those that the condition holds for.
    pub(crate) fn filter(mut self, condition: impl Fn(&Alias) -> Expr + Send + Sync + 'static) -> Self {
        self.filters.push((On::Rows, Box::new(move |_, rows| condition(rows))));
        self
    }

    /// Only those that the condition holds for as the viewer sees them.
    pub(crate) fn filter_seen(mut self, condition: impl Fn(&Viewer, &Alias) -> Expr + Send + Sync + 'static) -> Self {
        self.filters.push((On::Rows, Box::new(condition)));
        self
    }

    /// The same, for a condition that holds for many: where few rows are looked at, it is asked of each by itself.
    pub(crate) fn filter_each(mut self, condition: impl Fn(&Viewer, &Alias) -> Expr + Send + Sync + 'static) -> Self {
        self.filters.push((On::Each, Box::new(condition)));
        self
    }

    /// Only those that the condition made of a given value holds for.
    pub(crate) fn filter_some<T: Clone + Send + Sync + 'static>(
        self,
        value: Option<T>,
        condition: impl Fn(&Alias, T) -> Expr + Send + Sync + 'static,
    ) -> Self {
        match value {
            Some(value) => self.filter(move |rows| condition(rows, value.clone())),
            None => self,
        }
    }

    /// Only those for which the condition made of a given value holds for the row that the order leads through.
    pub(crate) fn filter_through<T: Clone + Send + Sync + 'static>(
        mut self,
        value: Option<T>,
        condition: impl Fn(&Alias, T) -> Expr + Send + Sync + 'static,
    ) -> Self {
        if let Some(value) = value {
            self.filters.push((On::Through, Box::new(move |_, other| condition(other, value.clone()))));
        }
        self
    }

    /// Only those that a search for the text finds.
    pub(crate) fn search<E: Searched>(mut self, typed: Option<String>) -> Self {
        let Some(typed) = typed else { return self };
        if self.order.is_by_name
            && let Some(lead) = search::in_order::<E>(&typed)
        {
            self.lead = Some(Box::new(lead));
            return self;
        }
        self.filter_seen(move |viewer, rows| search::found::<E>(viewer, rows, &typed))
    }

    /// By the page, as the field's `first`, `after`, `last` and `before` say; those that it does not have are absent.
    pub(crate) fn paged(mut self, field: &Field<'_>) -> Result<Self> {
        let argument = |name| field.argument::<Option<i32>>(name);
        let place = |name| field.argument::<Option<String>>(name);
        let page = Page::new(argument("first")?, place("after")?, argument("last")?, place("before")?)?;
        let read = |cursor: Option<String>| {
            cursor.map(|cursor| cursor::decode(&cursor, &self.order.name, &self.order.keys)).transpose()
        };
        let (after, before) = (read(page.after)?, read(page.before)?);
        self.page = Some(Bounds { rows: page.rows, from_end: page.from_end, after, before });
        Ok(self)
    }
}
