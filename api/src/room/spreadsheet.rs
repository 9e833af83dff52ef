//! Rooms as a spreadsheet.

use crate::graphql::NodeType;
use crate::graphql::tree::{Key, KeyKind, Order};
use crate::spreadsheet::{Sheet, number, stored, text, text_of};
use entity::convening;
use entity::ids::ConveningId;
use entity::room::{Column, Entity};

/// Its columns. Rooms come by their names.
pub(crate) fn sheet() -> Sheet {
    let name = Key::new(KeyKind::Text, |rows| rows.col(Column::Name));
    Sheet::of::<Entity>(NodeType::Room, Order::by("rooms", vec![name]))
        .of_convening(Column::ConveningId)
        .tells(stored::<ConveningId>("conveningId", Column::ConveningId))
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .tells(text("name", Column::Name))
        .tells(number("capacity", Column::Capacity))
}
