//! The Relay connection, with its nodes at hand and a count for those who ask for it.

use super::error::FieldResult;
use super::walk::{One, Walk};
use crate::error::Error;
use async_graphql::resolver_utils::ContainerType;
use async_graphql::{Object, OutputType, SimpleObject, TypeName};
use std::borrow::Cow;

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Connection<T> {
    pub(crate) edges: Vec<Edge<T>>,
    pub(crate) has_previous_page: bool,
    pub(crate) has_next_page: bool,
    /// Only there where the selection asks for it: counting costs a statement.
    pub(crate) total_count: Option<i64>,
}

/// One row of a page.
#[derive(Debug)]
pub(crate) struct Edge<T> {
    pub(crate) cursor: String,
    pub(crate) node: T,
}

/// Whether a list goes on before and behind a page, and the cursors to go on with.
#[derive(SimpleObject)]
pub(crate) struct PageInfo {
    /// Whether there are rows before the page. Known only where the page was asked for with `last`; else true where it was
    /// asked for with `after`.
    pub(crate) has_previous_page: bool,
    /// Whether there are rows behind the page. Known only where the page was asked for with `first`; else true where it
    /// was asked for with `before`.
    pub(crate) has_next_page: bool,
    /// The cursor of the first row, to give as `before`; null where the page is empty.
    pub(crate) start_cursor: Option<String>,
    /// The cursor of the last row, to give as `after`; null where the page is empty.
    pub(crate) end_cursor: Option<String>,
}

/// One page of a list whose rows have no id of their own.
#[derive(Debug)]
pub(crate) enum Rows<'a, T> {
    /// Read beneath another row, which holds it.
    Held(&'a Connection<T>),
    /// Read for itself.
    Own(Connection<T>),
}

impl<T> Rows<'_, T> {
    fn page(&self) -> &Connection<T> {
        match self {
            Self::Held(page) => page,
            Self::Own(page) => page,
        }
    }
}

/// Rows without an id of their own: they are part of another row, or counted anew for each question.
const WITHOUT_ID: [&str; 5] = ["DistrictParticipation", "HistoryEntry", "Response", "SeatChange", "SelectionOutcome"];

/// The name in the schema of a page of such rows. A connection, to Relay and those who build on it, is one of nodes.
pub(crate) fn page_type(row: &str) -> String {
    let kind = if WITHOUT_ID.contains(&row) { "Page" } else { "Connection" };
    format!("{row}{kind}")
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: OutputType> TypeName for Rows<'_, T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Page", T::type_name()).into()
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// One page of a list, as the Relay specification describes it.
#[Object(name_type)]
impl<T: ContainerType> Connection<T> {
    /// The rows of the page, each with the cursor that continues after or before it.
    async fn edges(&self) -> Walk<&Edge<T>> {
        self.edges.iter().collect()
    }

    /// The rows of the page, without cursors.
    async fn nodes(&self) -> Walk<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Whether there is more, and the cursors to go on with.
    async fn page_info(&self) -> PageInfo {
        self.info()
    }

    /// How many rows the whole list has for this viewer, over all pages. Counted only when asked for.
    async fn total_count(&self) -> FieldResult<i64> {
        self.counted()
    }
}

/// One page of a list whose rows have no id of their own: they are part of another row, or counted anew for each question.
/// It goes on like a connection does.
#[Object(name_type)]
impl<T: ContainerType> Rows<'_, T> {
    /// The rows of the page.
    async fn nodes(&self) -> Walk<&T> {
        self.page().edges.iter().map(|edge| &edge.node).collect()
    }

    /// Whether there is more, and the cursors to go on with.
    async fn page_info(&self) -> PageInfo {
        self.page().info()
    }

    /// How many rows the whole list has for this viewer, over all pages. Counted only when asked for.
    async fn total_count(&self) -> FieldResult<i64> {
        self.page().counted()
    }
}

impl<T> Connection<T> {
    fn info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous_page,
            has_next_page: self.has_next_page,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.clone()),
        }
    }

    fn counted(&self) -> FieldResult<i64> {
        Ok(self.total_count.ok_or_else(|| Error::internal("totalCount was selected but not counted"))?)
    }
}

/// A row in a page.
#[Object(name_type)]
impl<T: ContainerType> Edge<T> {
    /// Where this row stands in the list: give it as `after` or `before` to go on from here. Opaque; good only for
    /// the list and order that it came from.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The row.
    async fn node(&self) -> One<&T> {
        One(&self.node)
    }
}
