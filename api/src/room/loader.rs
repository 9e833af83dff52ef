//! How rooms are read.

use super::graphql::Room;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Node};
use entity::{convening, room};

impl Branch for room::Entity {
    type Object = Room;
    const TYPE: &'static str = "Room";
    const OBJECT: fn(Node<Self>) -> Room = Room;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        let convening = || Edge::one::<convening::Entity>(room::Column::ConveningId).implied();
        Ok((field.name() == "convening").then(convening))
    }
}
