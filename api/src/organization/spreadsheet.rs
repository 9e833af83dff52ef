//! Organizations as a spreadsheet.

use super::loader;
use crate::graphql::NodeType;
use crate::spreadsheet::{Sheet, sources, text, text_of, texts, time, word};
use entity::organization::{Column, Entity, Kind};

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    Sheet::of::<Entity>(NodeType::Organization, loader::order(None))
        .tells(text("slug", Column::Slug))
        .tells(text("name", Column::Name))
        .tells(text("acronym", Column::Acronym))
        .tells(word::<Kind>("kind", Column::Kind))
        .tells(texts("alternateNames", Column::AlternateNames))
        .tells(text("website", Column::Website))
        .tells(text("description", Column::Description))
        .tells(crate::spreadsheet::stored::<entity::ids::OrganizationId>("parentId", Column::ParentId))
        .tells(text_of::<Entity>("parent", Column::ParentId, "name"))
        .tells(sources())
        .tells(time("createdAt", Column::CreatedAt))
        .tells(time("updatedAt", Column::UpdatedAt))
}
