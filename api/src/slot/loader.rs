//! How slots are read.

use super::graphql::Slot;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::seating;
use entity::{room, session, slot};
use sea_orm::sea_query::Expr;

impl Branch for slot::Entity {
    type Object = Slot;
    const TYPE: &'static str = "Slot";
    const OBJECT: fn(Node<Self>) -> Slot = Slot;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            // A session, its slots and its rooms are on one agenda.
            "session" => Edge::one::<session::Entity>(slot::Column::SessionId).implied(),
            "room" => Edge::one::<room::Entity>(slot::Column::RoomId).implied(),
            "seatsTaken" => Edge::value::<i64>(seating::seats_taken),
            "seatsLeft" => Edge::value::<i64>(seating::seats_left),
            "isFull" => Edge::value::<bool>(seating::is_full),
            "seats" => seating::of_slot(field)?,
            "roleAlikeMembers" => seating::role_alike_members(field)?,
            "placesLacking" => Edge::value::<i64>(seating::places_lacking),
            _ => return Ok(None),
        }))
    }
}

/// The slots of a session, by round.
pub(crate) fn of_session() -> Edge {
    Edge::many::<slot::Entity>(slot::Column::SessionId, Listing::new(Order::by("slots", vec![by_round()])))
}

/// By round; a slot without one comes last.
pub(super) fn by_round() -> Key {
    Key::new(KeyKind::Int, |rows| Expr::cust_with_exprs("coalesce($1, 2147483647)", [rows.col(slot::Column::Round)]))
}
