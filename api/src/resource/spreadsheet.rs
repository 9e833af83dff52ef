//! Resources as a spreadsheet.

use super::loader;
use crate::database::Alias;
use crate::graphql::NodeType;
use crate::policy;
use crate::spreadsheet::{Cells, Sheet, sources, text, texts_of, word};
use entity::resource::{Availability, Column, Entity, Kind};
use entity::resource_subject::Column as Subject;
use entity::{convening, district, organization, resource_subject, session};
use sea_orm::sea_query::{Expr, ExprTrait as _};

/// Its columns.
pub(crate) fn sheet() -> Sheet {
    Sheet::of::<Entity>(NodeType::Resource, loader::by_title())
        .of_convening_where(|_, rows, convening| about(rows, Subject::ConveningId, Expr::val(convening)))
        .tells(text("title", Column::Title))
        .tells(word::<Kind>("kind", Column::Kind))
        .tells(text("url", Column::Url))
        .tells(word::<Availability>("availability", Column::Availability))
        .tells(text("credit", Column::Credit))
        .tells(subjects::<convening::Entity>("convenings", Subject::ConveningId))
        .tells(subjects::<session::Entity>("sessions", Subject::SessionId))
        .tells(subjects::<district::Entity>("districts", Subject::DistrictId))
        .tells(subjects::<organization::Entity>("organizations", Subject::OrganizationId))
        .tells(sources())
}

/// The slugs of what a resource is about, of one sort.
fn subjects<E: policy::Resource>(name: &'static str, column: Subject) -> Cells<Vec<String>> {
    texts_of::<E>(name, ("slug", "slug"), move |subject, rows| about(rows, column, subject.computed("id")))
}

/// A resource that is about what has this key.
fn about(rows: &Alias, column: Subject, key: Expr) -> Expr {
    rows.exists::<resource_subject::Entity>(|subject| {
        subject.col(Subject::ResourceId).eq(rows.col(Column::Id)).and(subject.col(column).eq(key))
    })
}
