//! How slots are read.

use super::graphql::Slot;
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use entity::{room, seat_assignment, session, slot, team, team_member};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Branch for slot::Entity {
    type Object = Slot;
    const TYPE: &'static str = "Slot";
    const OBJECT: fn(Node<Self>) -> Slot = Slot;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            // A session, its slots and its rooms are on one agenda.
            "session" => Edge::one::<session::Entity>(slot::Column::SessionId).implied(),
            "room" => Edge::one::<room::Entity>(slot::Column::RoomId).implied(),
            "seatsTaken" => Edge::value::<i64>(seats_taken),
            _ => return Ok(None),
        }))
    }
}

/// Counts the members of teams that the viewer may see: a number must not tell that there are others.
pub(super) fn seats_taken(viewer: &Viewer, slot: &Alias) -> Expr {
    let assignment = Alias::new("seat");
    let seen = assignment.refers_to::<team_member::Entity>(seat_assignment::Column::MemberId, |member| {
        member.refers_to::<team::Entity>(team_member::Column::TeamId, |team| viewer.visible::<team::Entity>(team))
    });
    let mut count = assignment.select_from::<seat_assignment::Entity>();
    count
        .expr(Expr::cust("count(*)"))
        .and_where(assignment.col(seat_assignment::Column::SlotId).eq(slot.col(slot::Column::Id)))
        .and_where(seen);
    Expr::SubQuery(None, Box::new(count.into()))
}

/// The slots of a session, by round.
pub(crate) fn of_session() -> Edge {
    Edge::many::<slot::Entity>(slot::Column::SessionId, Listing::new(Order::by("slots", vec![by_round()])))
}

/// By round; a slot without one comes last.
pub(super) fn by_round() -> Key {
    Key::new(KeyKind::Int, |rows| Expr::cust_with_exprs("coalesce($1, 2147483647)", [rows.col(slot::Column::Round)]))
}
