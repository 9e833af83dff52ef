//! How the history of a row is read.

use super::access::shown;
use super::graphql::HistoryEntry;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use entity::change::{self, Column};

impl Branch for change::Entity {
    type Object = HistoryEntry;
    const TYPE: &'static str = "HistoryEntry";
    const OBJECT: fn(Node<Self>) -> HistoryEntry = HistoryEntry;

    fn edge(_: &Field<'_>) -> Result<Option<Edge>> {
        Ok(None)
    }
}

/// The changes of a row and of what is part of it, the latest first.
pub(crate) fn of_row(field: &Field<'_>) -> Result<Edge> {
    let latest = Order::by("history", vec![Key::new(KeyKind::Time, |rows| rows.col(Column::RecordedAt))]).reversed();
    let listing = Listing::new(latest).filter_seen(shown).paged(field)?;
    Ok(Edge::many::<change::Entity>(Column::SubjectId, listing))
}
