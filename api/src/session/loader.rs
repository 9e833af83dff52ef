//! How sessions, slots and rooms are read.

use super::graphql::{Session, SessionFilter};
use super::slot::{Room, Slot};
use crate::auth::Viewer;
use crate::database::{Alias, one_of};
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::words;
use crate::{resource, speaker};
use entity::session::Column;
use entity::{convening, room, seat_assignment, session, session_relation, slot, strand, team, team_member};
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
            "slots" => Edge::many::<slot::Entity>(slot::Column::SessionId, slots()),
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

impl Branch for slot::Entity {
    type Object = Slot;
    const TYPE: &'static str = "Slot";
    const OBJECT: fn(Node<Self>) -> Slot = Slot;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            // A session, its slots and its rooms are on one agenda.
            "session" => Edge::one::<session::Entity>(slot::Column::SessionId).implied(),
            "room" => Edge::one::<room::Entity>(slot::Column::RoomId).implied(),
            "seatsTaken" => Edge::value::<i64>(seats_taken),
            _ => return Ok(None),
        }))
    }
}

impl Branch for room::Entity {
    type Object = Room;
    const TYPE: &'static str = "Room";
    const OBJECT: fn(Node<Self>) -> Room = Room;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        let convening = || Edge::one::<convening::Entity>(room::Column::ConveningId).implied();
        Ok((field.name() == "convening").then(convening))
    }
}

/// Counts the members of teams that the viewer may see: a number must not tell that there are others.
pub(super) fn seats_taken(viewer: &Viewer, slot: &Alias) -> Expr {
    let assignment = Alias::new("seat");
    let seen = assignment.refers_to::<team_member::Entity>(seat_assignment::Column::MemberId, |member| {
        member.refers_to::<team::Entity>(team_member::Column::TeamId, |team| viewer.visible::<team::Entity>(team))
    });
    let mut count = assignment.select_from::<seat_assignment::Entity>();
    count
        .expr(Expr::cust("count(*)"))
        .and_where(assignment.col(seat_assignment::Column::SlotId).eq(slot.col(slot::Column::Id)))
        .and_where(seen);
    Expr::SubQuery(None, Box::new(count.into()))
}

fn slots() -> Listing {
    Listing::new(Order::by("slots", vec![by_round()]))
}

/// By round; a slot without one comes last.
pub(super) fn by_round() -> Key {
    Key::new(KeyKind::Int, |rows| Expr::cust_with_exprs("coalesce($1, 2147483647)", [rows.col(slot::Column::Round)]))
}

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
pub(super) fn by_date() -> Order {
    Order::by("sessions", keys(Key::new))
}

/// The same of the sessions that other rows lead through.
pub(crate) fn keys_through() -> Vec<Key> {
    keys(Key::via)
}

fn keys(key: fn(KeyKind, fn(&Alias) -> Expr) -> Key) -> Vec<Key> {
    vec![
        key(KeyKind::Date, |rows| Expr::cust_with_exprs("coalesce($1, '9999-12-31')", [rows.col(Column::Date)])),
        key(KeyKind::Int, |rows| Expr::cust_with_exprs("coalesce($1, 2147483647)", [rows.col(Column::Number)])),
        key(KeyKind::Text, |rows| rows.computed("sort_title")),
    ]
}
