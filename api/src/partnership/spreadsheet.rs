//! Partnerships as a spreadsheet.

use super::loader;
use crate::graphql::NodeType;
use crate::spreadsheet::{Sheet, number, sources, stored, text, text_of};
use entity::ids::{DistrictId, OrganizationId};
use entity::partnership::{Column, Entity};
use entity::{district, organization};

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    Sheet::of::<Entity>(NodeType::Partnership, loader::by_union())
        .tells(stored::<DistrictId>("districtId", Column::DistrictId))
        .tells(text_of::<district::Entity>("district", Column::DistrictId, "name"))
        .tells(stored::<OrganizationId>("organizationId", Column::OrganizationId))
        .tells(text_of::<organization::Entity>("organization", Column::OrganizationId, "name"))
        .tells(number("sinceYear", Column::SinceYear))
        .tells(text("codifiedIn", Column::CodifiedIn))
        .tells(text("description", Column::Description))
        .tells(sources())
}
