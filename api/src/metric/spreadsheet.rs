//! Metrics as a spreadsheet.

use super::loader;
use crate::graphql::NodeType;
use crate::spreadsheet::{Sheet, date, number, sources, text, text_of, word};
use entity::convening;
use entity::metric::{Column, Entity, Status};
use entity::quantity::Qualifier;

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    Sheet::of::<Entity>(NodeType::Metric, loader::by_position())
        .of_convening(Column::ConveningId)
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .tells(text("name", Column::Name))
        .tells(text("unit", Column::Unit))
        .tells(number("value", Column::Value))
        .tells(word::<Qualifier>("qualifier", Column::Qualifier))
        .tells(word::<Status>("status", Column::Status))
        .tells(date("asOf", Column::AsOf))
        .tells(sources())
}
