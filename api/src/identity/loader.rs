//! How linked identities are read.

use super::graphql::LinkedIdentity;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use entity::identity::{Column, Entity};

impl Branch for Entity {
    type Object = LinkedIdentity;
    const TYPE: &'static str = "LinkedIdentity";
    const OBJECT: fn(Node<Self>) -> LinkedIdentity = LinkedIdentity;

    fn edge(_: &Field<'_>) -> Result<Option<Edge>> {
        Ok(None)
    }
}

/// The identities that open an account, in the order in which they were linked.
pub(crate) fn of_account() -> Edge {
    let linked = Key::new(KeyKind::Time, |identity| identity.col(Column::LinkedAt));
    Edge::many::<Entity>(Column::AccountId, Listing::new(Order::by("identities", vec![linked])))
}
