//! How metrics are read.

use super::graphql::Metric;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use entity::metric::{self, Column};

impl Branch for metric::Entity {
    type Object = Metric;
    const TYPE: &'static str = "Metric";
    const OBJECT: fn(Node<Self>) -> Metric = Metric;

    fn edge(_: &Field<'_>) -> Result<Option<Edge>> {
        Ok(None)
    }
}

/// The metrics of a convening, in the order of the report.
pub(crate) fn of_convening() -> Edge {
    Edge::many::<metric::Entity>(Column::ConveningId, Listing::new(by_position()))
}

/// In the order of the report.
pub(super) fn by_position() -> Order {
    Order::by("metrics", vec![Key::new(KeyKind::Int, |rows| rows.col(Column::Position))])
}
