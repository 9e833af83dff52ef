//! Seats as a spreadsheet.

use crate::database::always;
use crate::graphql::NodeType;
use crate::graphql::tree::{Key, KeyKind, Order};
use crate::spreadsheet::{Sheet, number, stored, text_of, text_via, time};
use entity::ids::{SlotId, TeamMemberId};
use entity::seat_assignment::{Column, Entity};
use entity::{convening, person, session, team, team_member};

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    let district = Key::via(KeyKind::Text, |member| {
        member.referred::<team::Entity>(
            team_member::Column::TeamId,
            |_| always(),
            |team| {
                team.referred::<entity::district::Entity>(
                    team::Column::DistrictId,
                    |_| always(),
                    |other| other.computed("sort_name"),
                )
            },
        )
    });
    let rank = Key::via(KeyKind::Int, |member| member.computed("seat_rank"));
    let order = Order::by("seats", vec![district, rank]).through::<team_member::Entity>(Column::MemberId);
    Sheet::of::<Entity>(NodeType::SeatAssignment, order)
        .of_convening(Column::ConveningId)
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .tells(stored::<TeamMemberId>("memberId", Column::MemberId))
        .tells(text_via::<team_member::Entity, person::Entity>(
            "person",
            (Column::MemberId, team_member::Column::PersonId),
            "name",
        ))
        .tells(stored::<SlotId>("slotId", Column::SlotId))
        .tells(text_of::<session::Entity>("session", Column::SessionId, "slug"))
        .tells(number("round", Column::Round))
        .tells(time("createdAt", Column::CreatedAt))
}
