//! How resources are read.

use super::graphql::Resource;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use entity::resource_subject::Column;
use entity::{resource, resource_subject};

impl Branch for resource::Entity {
    type Object = Resource;
    const TYPE: &'static str = "Resource";
    const OBJECT: fn(Node<Self>) -> Resource = Resource;

    fn edge(_: &Field<'_>) -> Result<Option<Edge>> {
        Ok(None)
    }
}

/// The resources about what `subject` refers to, by title.
pub(crate) fn of(subject: Column) -> Edge {
    let listing = Listing::new(by_title());
    Edge::linked::<resource::Entity, resource_subject::Entity>(subject, Column::ResourceId, listing)
}

/// By title.
pub(super) fn by_title() -> Order {
    Order::by("resources", vec![Key::new(KeyKind::Text, |rows| rows.computed("sort_title"))])
}
