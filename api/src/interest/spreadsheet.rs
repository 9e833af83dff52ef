//! Interest as a spreadsheet.

use super::loader;
use crate::graphql::NodeType;
use crate::spreadsheet::{Sheet, stored, text, text_of, time};
use entity::ids::{DistrictId, OfferingId};
use entity::interest::{Column, Entity};
use entity::{district, offering};

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    Sheet::of::<Entity>(NodeType::Interest, loader::by_district())
        .tells(stored::<OfferingId>("offeringId", Column::OfferingId))
        .tells(text_of::<offering::Entity>("offering", Column::OfferingId, "name"))
        .tells(stored::<DistrictId>("districtId", Column::DistrictId))
        .tells(text_of::<district::Entity>("district", Column::DistrictId, "name"))
        .tells(text("note", Column::Note))
        .tells(time("createdAt", Column::CreatedAt))
        .tells(time("updatedAt", Column::UpdatedAt))
}
