//! Districts as a spreadsheet.

use super::loader;
use crate::graphql::NodeType;
use crate::spreadsheet::{Sheet, number, sources, stored, text, text_of, texts, texts_of, time, word};
use entity::district::{Column, Entity, Kind, Status};
use entity::{county, district_candidate};
use sea_orm::sea_query::ExprTrait as _;

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    Sheet::of::<Entity>(NodeType::District, loader::by_name())
        .tells(text("slug", Column::Slug))
        .tells(text("name", Column::Name))
        .tells(texts("alternateNames", Column::AlternateNames))
        .tells(text("cdsCode", Column::CdsCode))
        .tells(text("ncesId", Column::NcesId))
        .tells(word::<Kind>("kind", Column::Kind))
        .tells(word::<Status>("status", Column::Status))
        .tells(texts_of::<district_candidate::Entity>("candidates", ("cds_code", "cds_code"), |candidate, rows| {
            candidate.col(district_candidate::Column::DistrictId).eq(rows.col(Column::Id))
        }))
        .tells(text_of::<county::Entity>("county", Column::CountyId, "name"))
        .tells(text("city", Column::City))
        .tells(text("website", Column::Website))
        .tells(number("enrollment", Column::Enrollment))
        .tells(stored::<f64>("latitude", Column::Latitude))
        .tells(stored::<f64>("longitude", Column::Longitude))
        .tells(sources())
        .tells(time("createdAt", Column::CreatedAt))
        .tells(time("updatedAt", Column::UpdatedAt))
}
