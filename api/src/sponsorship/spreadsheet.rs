//! Sponsorships as a spreadsheet.

use super::loader;
use crate::graphql::NodeType;
use crate::spreadsheet::{Sheet, number, sources, stored, text_of, word};
use entity::ids::{ConveningId, OrganizationId};
use entity::sponsorship::{Column, Entity, Role};
use entity::{convening, organization};

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    Sheet::of::<Entity>(NodeType::Sponsorship, loader::by_role())
        .of_convening(Column::ConveningId)
        .tells(stored::<ConveningId>("conveningId", Column::ConveningId))
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .tells(stored::<OrganizationId>("organizationId", Column::OrganizationId))
        .tells(text_of::<organization::Entity>("organization", Column::OrganizationId, "name"))
        .tells(word::<Role>("role", Column::Role))
        .tells(number("position", Column::Position))
        .tells(sources())
}
