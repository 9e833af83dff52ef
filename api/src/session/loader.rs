//! How sessions are read.

use super::graphql::{Session, SessionFilter};
use crate::database::search::Searched;
use crate::database::{Alias, one_of};
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::words;
use crate::{resource, slot, speaker};
use entity::session::Column;
use entity::{convening, session, session_relation, strand};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Branch for session::Entity {
    type Object = Session;
    const TYPE: &'static str = "Session";
    const OBJECT: fn(Node<Self>) -> Session = Session;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            // Whoever sees a session sees its convening: an agenda is published after the announcement.
            "convening" => Edge::one::<convening::Entity>(Column::ConveningId).implied(),
            "strand" => Edge::one::<strand::Entity>(Column::StrandId).implied(),
            "slots" => slot::of_session(),
            "speakers" => speaker::of_session(field)?,
            "resources" => resource::of(entity::resource_subject::Column::SessionId),
            "relatedSessions" => Edge::linked::<session::Entity, session_relation::Entity>(
                session_relation::Column::SessionId,
                session_relation::Column::RelatedId,
                Listing::new(by_date()),
            ),
            _ => return Ok(None),
        }))
    }
}

impl Searched for session::Entity {}

/// The sessions of a convening, by the page.
pub(crate) fn of_convening(field: &Field<'_>) -> Result<Edge> {
    let filter: Option<SessionFilter> = field.argument("filter")?;
    let mut listing = Listing::new(by_date());
    if let Some(filter) = filter {
        listing = listing
            .search::<session::Entity>(filter.search)
            .filter_some(filter.format, |rows, all| one_of(rows.col(Column::Format), words::<session::Format>(all)))
            .filter_some(filter.date, |rows, date| rows.col(Column::Date).eq(date.0));
    }
    Ok(Edge::many::<session::Entity>(Column::ConveningId, listing.paged(field)?))
}

/// The session of a convening that has a slug, as a list of one.
pub(crate) fn of_convening_by_slug(field: &Field<'_>) -> Result<Edge> {
    let slug: String = field.argument("slug")?;
    let listing = Listing::new(by_date()).filter(move |rows| rows.col(Column::Slug).eq(slug.as_str()));
    Ok(Edge::many::<session::Entity>(Column::ConveningId, listing))
}

/// The sessions of a block.
pub(crate) fn of_block() -> Edge {
    Edge::many::<session::Entity>(Column::BlockId, Listing::new(by_date()))
}

/// By date, number and title; what is not known comes last.
pub(crate) fn by_date() -> Order {
    Order::by("sessions", keys(Key::new))
}

/// What a key says of rows.
type OnRows = fn(&Alias) -> Expr;

/// The same of the sessions that other rows lead through.
pub(crate) fn keys_through() -> Vec<Key> {
    keys(Key::via)
}

fn keys(key: impl Fn(KeyKind, OnRows) -> Key) -> Vec<Key> {
    vec![
        key(KeyKind::Date, |rows| Expr::cust_with_exprs("coalesce($1, '9999-12-31')", [rows.col(Column::Date)])),
        key(KeyKind::Int, |rows| Expr::cust_with_exprs("coalesce($1, 2147483647)", [rows.col(Column::Number)])),
        key(KeyKind::Text, |rows| rows.computed("sort_title")),
    ]
}
