//! Sessions, slots and rooms as spreadsheets.

use super::loader;
use crate::graphql::NodeType;
use crate::graphql::tree::{Key, KeyKind, Order};
use crate::spreadsheet::{
    Sheet, date, flag, number, sources, stored, text, text_of, texts, texts_of, time, value, word,
};
use entity::ids::{ConveningId, RoomId, SessionId};
use entity::seat::Seat;
use entity::{convening, room, session, session_block, session_relation, slot, strand};
use sea_orm::sea_query::ExprTrait as _;

/// The columns of sessions.
pub(crate) fn sheet() -> Sheet {
    use session::Column;
    Sheet::of::<session::Entity>(NodeType::Session, loader::by_date())
        .of_convening(Column::ConveningId)
        .tells(stored::<ConveningId>("conveningId", Column::ConveningId))
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .tells(text("slug", Column::Slug))
        .tells(number("number", Column::Number))
        .tells(text("title", Column::Title))
        .tells(word::<session::Format>("format", Column::Format))
        .tells(text_of::<strand::Entity>("strand", Column::StrandId, "title"))
        .tells(text_of::<session_block::Entity>("block", Column::BlockId, "title"))
        .tells(text("abstract", Column::Abstract))
        .tells(number("durationMinutes", Column::DurationMinutes))
        .tells(date("date", Column::Date))
        .tells(texts("questions", Column::Questions))
        .tells(flag("speakersComplete", Column::SpeakersComplete))
        .tells(texts_of::<session::Entity>("relatedSessions", ("slug", "slug"), |related, rows| {
            related.exists::<session_relation::Entity>(|relation| {
                let this = relation.col(session_relation::Column::SessionId).eq(rows.col(Column::Id));
                this.and(relation.col(session_relation::Column::RelatedId).eq(related.col(Column::Id)))
            })
        }))
        .tells(sources())
        .tells(time("createdAt", Column::CreatedAt))
        .tells(time("updatedAt", Column::UpdatedAt))
}

/// The columns of slots.
pub(crate) fn slots() -> Sheet {
    use slot::Column;
    let mut keys = loader::keys_through();
    keys.push(loader::by_round());
    let order = Order::by("slots.sessions", keys).through::<session::Entity>(Column::SessionId);
    Sheet::of::<slot::Entity>(NodeType::Slot, order)
        .of_convening(Column::ConveningId)
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .tells(stored::<SessionId>("sessionId", Column::SessionId))
        .tells(text_of::<session::Entity>("session", Column::SessionId, "slug"))
        .tells(number("round", Column::Round))
        .tells(word::<Seat>("audience", Column::Audience))
        .tells(stored::<RoomId>("roomId", Column::RoomId))
        .tells(text_of::<room::Entity>("room", Column::RoomId, "name"))
        .tells(time("startsAt", Column::StartsAt))
        .tells(time("endsAt", Column::EndsAt))
        .tells(number("capacity", Column::Capacity))
        .tells(value::<i64>("seatsTaken", loader::seats_taken))
}

/// The columns of rooms.
pub(crate) fn rooms() -> Sheet {
    use room::Column;
    let name = Key::new(KeyKind::Text, |rows| rows.col(Column::Name));
    Sheet::of::<room::Entity>(NodeType::Room, Order::by("rooms", vec![name]))
        .of_convening(Column::ConveningId)
        .tells(stored::<ConveningId>("conveningId", Column::ConveningId))
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .tells(text("name", Column::Name))
        .tells(number("capacity", Column::Capacity))
}
