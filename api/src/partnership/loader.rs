//! How partnerships are read.

use super::graphql::Partnership;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use entity::partnership::Column;
use entity::{district, organization, partnership};

impl Branch for partnership::Entity {
    type Object = Partnership;
    const TYPE: &'static str = "Partnership";
    const OBJECT: fn(Node<Self>) -> Partnership = Partnership;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "district" => Edge::one::<district::Entity>(Column::DistrictId),
            "organization" => Edge::one::<organization::Entity>(Column::OrganizationId),
            _ => return Ok(None),
        }))
    }
}

/// The partnerships of a district, by the union's name.
pub(crate) fn of_district() -> Edge {
    Edge::many::<partnership::Entity>(Column::DistrictId, Listing::new(by_union()))
}

/// By the union's name.
pub(super) fn by_union() -> Order {
    let name = Key::via(KeyKind::Text, |union| union.computed("sort_name"));
    Order::by("partnerships", vec![name]).through::<organization::Entity>(Column::OrganizationId)
}
