//! How offerings are read.

use super::graphql::{Offering, OfferingStatus};
use crate::database::one_of;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::words;
use crate::{convening, interest};
use entity::offering::{self, Column};

impl Branch for offering::Entity {
    type Object = Offering;
    const TYPE: &'static str = "Offering";
    const OBJECT: fn(Node<Self>) -> Offering = Offering;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "interestCount" => Edge::value::<i64>(interest::count_of_offering),
            "interests" => interest::of_offering(field)?,
            "convenings" => convening::of_offering(),
            _ => return Ok(None),
        }))
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
