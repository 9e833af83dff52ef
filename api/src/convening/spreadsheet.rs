//! Convenings as a spreadsheet.

use super::loader;
use crate::agenda;
use crate::database::always;
use crate::graphql::NodeType;
use crate::spreadsheet::{
    Sheet, date, flag, number, sources, stored, text, text_of, texts, texts_of, time, value, word,
};
use entity::convening::{Column, Entity, Kind, Status};
use entity::ids::{OfferingId, OrganizationId, RegionId};
use entity::quantity::Qualifier;
use entity::{composition_rule, county, offering, organization, region, session_block, strand};
use sea_orm::sea_query::ExprTrait as _;

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    let sheet = Sheet::of::<Entity>(NodeType::Convening, loader::order(None))
        .tells(text("slug", Column::Slug))
        .tells(text("title", Column::Title))
        .tells(word::<Kind>("kind", Column::Kind))
        .tells(word::<Status>("status", Column::Status))
        .tells(text("description", Column::Description))
        .tells(date("startsOn", Column::StartsOn))
        .tells(date("endsOn", Column::EndsOn))
        .tells(text("timeZone", Column::TimeZone))
        .tells(text("venueName", Column::VenueName))
        .tells(text("venueCity", Column::VenueCity))
        .tells(text("venueAddress", Column::VenueAddress))
        .tells(text_of::<county::Entity>("venueCounty", Column::VenueCountyId, "name"))
        .tells(text("website", Column::Website))
        .tells(flag("hostedByInitiative", Column::HostedByInitiative));
    behind(sheet)
        .tells(texts("objectives", Column::Objectives))
        .tells(texts_of::<strand::Entity>("strands", ("title", "position"), |strand, rows| {
            strand.col(strand::Column::ConveningId).eq(rows.col(Column::Id))
        }))
        .tells(value::<bool>("agendaChangedSinceRelease", agenda::changed_since_release))
        .tells(texts_of::<session_block::Entity>("blocks", ("title", "position"), |block, rows| {
            block.col(session_block::Column::ConveningId).eq(rows.col(Column::Id))
        }))
        .tells(sources())
        .tells(time("createdAt", Column::CreatedAt))
        .tells(time("updatedAt", Column::UpdatedAt))
}

/// Who runs it, and how teams come to it.
fn behind(sheet: Sheet) -> Sheet {
    sheet
        .tells(stored::<OrganizationId>("organizerId", Column::OrganizerId))
        .tells(text_of::<organization::Entity>("organizer", Column::OrganizerId, "name"))
        .tells(stored::<RegionId>("regionId", Column::RegionId))
        .tells(text_of::<region::Entity>("region", Column::RegionId, "name"))
        .tells(stored::<OfferingId>("offeringId", Column::OfferingId))
        .tells(text_of::<offering::Entity>("offering", Column::OfferingId, "name"))
        .tells(time("applicationsOpenAt", Column::ApplicationsOpenAt))
        .tells(time("applicationsCloseAt", Column::ApplicationsCloseAt))
        .tells(time("rosterFreezesAt", Column::RosterFreezesAt))
        .tells(flag("decisionsPublished", Column::DecisionsPublished))
        .tells(value::<i32>("compositionRule", |_, rows| {
            rows.referred::<composition_rule::Entity>(
                Column::CompositionRuleId,
                |_| always(),
                |rule| rule.col(composition_rule::Column::Version),
            )
        }))
        .tells(number("teamCapacity", Column::TeamCapacity))
        .tells(texts("capacityReasons", Column::CapacityReasons))
        .tells(number("statementsOfInterest", Column::StatementsValue))
        .tells(word::<Qualifier>("statementsQualifier", Column::StatementsQualifier))
}
