//! How offerings are read.

use super::graphql::{Offering, OfferingStatus};
use crate::database::one_of;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::words;
use entity::offering::{self, Column};

impl Branch for offering::Entity {
    type Object = Offering;
    const TYPE: &'static str = "Offering";
    const OBJECT: fn(Node<Self>) -> Offering = Offering;

    fn edge(_: &Field<'_>) -> Result<Option<Edge>> {
        Ok(None)
    }
}

/// Offerings in these states, in the order in which they were made.
pub(super) fn listing(status: Option<Vec<OfferingStatus>>) -> Listing {
    Listing::new(by_position())
        .filter_some(status, |rows, all| one_of(rows.col(Column::Status), words::<offering::Status>(all)))
}

/// In the order in which they were made.
pub(super) fn by_position() -> Order {
    Order::by("offerings", vec![Key::new(KeyKind::Int, |rows| rows.col(Column::Position))])
}
