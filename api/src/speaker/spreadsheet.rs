//! Speakers as a spreadsheet.

use super::loader;
use crate::database::always;
use crate::graphql::NodeType;
use crate::graphql::tree::Order;
use crate::spreadsheet::{Sheet, flag, number, sources, stored, text, text_of, text_via, word};
use entity::ids::{DistrictId, OrganizationId, PersonId, SessionId};
use entity::speaker::{Column, Entity, Role};
use entity::{convening, district, organization, person, session};
use sea_orm::sea_query::ExprTrait as _;

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    let mut keys = crate::session::keys_through();
    keys.extend(loader::by_role());
    let order = Order::by("speakers.sessions", keys).through::<session::Entity>(Column::SessionId);
    Sheet::of::<Entity>(NodeType::Speaker, order)
        .of_convening_where(|_, rows, convening| {
            rows.refers_to::<session::Entity>(Column::SessionId, |session| {
                session.col(session::Column::ConveningId).eq(convening)
            })
        })
        .led_by(|rows| {
            let title = |session: &crate::database::Alias| {
                session.referred::<convening::Entity>(
                    session::Column::ConveningId,
                    |_| always(),
                    |convening| convening.computed("sort_title"),
                )
            };
            rows.referred::<session::Entity>(Column::SessionId, |_| always(), title)
        })
        .tells(text_via::<session::Entity, convening::Entity>(
            "convening",
            (Column::SessionId, session::Column::ConveningId),
            "slug",
        ))
        .tells(stored::<SessionId>("sessionId", Column::SessionId))
        .tells(text_of::<session::Entity>("session", Column::SessionId, "slug"))
        .tells(word::<Role>("role", Column::Role))
        .tells(number("position", Column::Position))
        .tells(stored::<PersonId>("personId", Column::PersonId))
        .tells(text_of::<person::Entity>("person", Column::PersonId, "name"))
        .tells(stored::<OrganizationId>("organizationId", Column::OrganizationId))
        .tells(text_of::<organization::Entity>("organization", Column::OrganizationId, "name"))
        .tells(stored::<DistrictId>("districtId", Column::DistrictId))
        .tells(text_of::<district::Entity>("district", Column::DistrictId, "name"))
        .tells(flag("asTeam", Column::AsTeam))
        .tells(text("nameAsShown", Column::NameAsShown))
        .tells(text("titleAsShown", Column::TitleAsShown))
        .tells(sources())
}
