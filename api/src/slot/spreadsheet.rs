//! Slots as a spreadsheet.

use super::loader;
use crate::graphql::NodeType;
use crate::graphql::tree::Order;
use crate::seating;
use crate::session;
use crate::spreadsheet::{Sheet, number, stored, text_of, time, value, word};
use entity::ids::{RoomId, SessionId};
use entity::seat::Seat;
use entity::slot::{Column, Entity};
use entity::{convening, room};

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    let mut keys = session::keys_through();
    keys.push(loader::by_round());
    let order = Order::by("slots.sessions", keys).through::<entity::session::Entity>(Column::SessionId);
    Sheet::of::<Entity>(NodeType::Slot, order)
        .of_convening(Column::ConveningId)
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .tells(stored::<SessionId>("sessionId", Column::SessionId))
        .tells(text_of::<entity::session::Entity>("session", Column::SessionId, "slug"))
        .tells(number("round", Column::Round))
        .tells(word::<Seat>("audience", Column::Audience))
        .tells(stored::<RoomId>("roomId", Column::RoomId))
        .tells(text_of::<room::Entity>("room", Column::RoomId, "name"))
        .tells(time("startsAt", Column::StartsAt))
        .tells(time("endsAt", Column::EndsAt))
        .tells(number("capacity", Column::Capacity))
        .tells(value::<i64>("seatsTaken", seating::seats_taken))
        .tells(value::<i64>("seatsLeft", seating::seats_left))
        .tells(value::<bool>("isFull", seating::is_full))
        .tells(value::<i64>("placesLacking", seating::places_lacking))
}
