//! How delegations are read.

use super::graphql::Delegation;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use entity::delegation::{self, Column};
use entity::{convening, organization};

impl Branch for delegation::Entity {
    type Object = Delegation;
    const TYPE: &'static str = "Delegation";
    const OBJECT: fn(Node<Self>) -> Delegation = Delegation;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            // A delegation is seen with its convening.
            "convening" => Edge::one::<convening::Entity>(Column::ConveningId).implied(),
            "organization" => Edge::one::<organization::Entity>(Column::OrganizationId),
            _ => return Ok(None),
        }))
    }
}

/// The delegations to a convening, by the organization's name.
pub(crate) fn of_convening(field: &Field<'_>) -> Result<Edge> {
    Ok(Edge::many::<delegation::Entity>(Column::ConveningId, Listing::new(by_organization()).paged(field)?))
}

/// By the organization's name.
pub(super) fn by_organization() -> Order {
    let name = Key::via(KeyKind::Text, |organization| organization.computed("sort_name"));
    Order::by("delegations", vec![name]).through::<organization::Entity>(Column::OrganizationId)
}
