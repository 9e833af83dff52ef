//! Offerings as a spreadsheet.

use super::loader;
use crate::graphql::NodeType;
use crate::interest;
use crate::spreadsheet::{Sheet, flag, sources, text, value, word};
use entity::convening;
use entity::offering::{Column, Entity, Status};

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    Sheet::of::<Entity>(NodeType::Offering, loader::by_position())
        .tells(text("name", Column::Name))
        .tells(word::<convening::Kind>("kind", Column::Kind))
        .tells(word::<Status>("status", Column::Status))
        .tells(flag("highInterest", Column::HighInterest))
        .tells(value::<i64>("interestCount", interest::count_of_offering))
        .tells(sources())
}
