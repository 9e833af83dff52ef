//! Delegations as a spreadsheet.

use super::loader;
use crate::graphql::NodeType;
use crate::spreadsheet::{Sheet, sources, stored, text_of};
use entity::delegation::{Column, Entity};
use entity::ids::{ConveningId, OrganizationId};
use entity::{convening, organization};

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    Sheet::of::<Entity>(NodeType::Delegation, loader::by_organization())
        .of_convening(Column::ConveningId)
        .tells(stored::<ConveningId>("conveningId", Column::ConveningId))
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .tells(stored::<OrganizationId>("organizationId", Column::OrganizationId))
        .tells(text_of::<organization::Entity>("organization", Column::OrganizationId, "name"))
        .tells(sources())
}
