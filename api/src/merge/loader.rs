//! How merges are read.

use super::graphql::Merge;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::policy::Kind;
use entity::merge::{self, Column};

impl Branch for merge::Entity {
    type Object = Merge;
    const TYPE: &'static str = "Merge";
    const OBJECT: fn(Node<Self>) -> Merge = Merge;

    fn edge(_: &Field<'_>) -> Result<Option<Edge>> {
        Ok(None)
    }
}

/// The merges of other rows into a row, the latest first.
pub(crate) fn of_row(field: &Field<'_>) -> Result<Edge> {
    let latest = Order::by("merges", vec![Key::new(KeyKind::Time, |rows| rows.col(Column::MergedAt))]).reversed();
    Ok(Edge::many::<merge::Entity>(Column::KeptId, Listing::new(latest).paged(field)?).gated(Kind::History))
}
