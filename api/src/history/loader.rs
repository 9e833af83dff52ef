//! How the history of a row is read.

use super::access::shown;
use super::graphql::HistoryEntry;
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::policy::Resource;
use entity::change::{self, Column};
use entity::{account, api_key};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};

impl Branch for change::Entity {
    type Object = HistoryEntry;
    const TYPE: &'static str = "HistoryEntry";
    const OBJECT: fn(Node<Self>) -> HistoryEntry = HistoryEntry;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok((field.name() == "by").then(|| Edge::value::<String>(by)))
    }
}

/// What the account or the key is called that made a change, for those who may see it.
fn by(viewer: &Viewer, rows: &Alias) -> Expr {
    let account = named::<account::Entity>(viewer, rows, "display_name");
    let key = named::<api_key::Entity>(viewer, rows, "name");
    Func::coalesce([account, key]).into()
}

fn named<E: Resource>(viewer: &Viewer, rows: &Alias, name: &'static str) -> Expr {
    let makers = rows.with_suffix("m");
    let mut select = makers.select_from::<E>();
    select
        .expr(makers.computed(name))
        .and_where(makers.computed("id").eq(rows.col(Column::OriginId)))
        .and_where(viewer.visible::<E>(&makers));
    Expr::SubQuery(None, Box::new(select.into()))
}

/// The changes of a row and of what is part of it, the latest first.
pub(crate) fn of_row(field: &Field<'_>) -> Result<Edge> {
    let latest = Order::by("history", vec![Key::new(KeyKind::Time, |rows| rows.col(Column::RecordedAt))]).reversed();
    let listing = Listing::new(latest).filter_seen(shown).paged(field)?;
    Ok(Edge::many::<change::Entity>(Column::SubjectId, listing))
}
