//! How seats are read, and how many there are.

use super::graphql::SeatAssignment;
use crate::auth::Viewer;
use crate::database::{Alias, one_of};
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::policy::{Action, Kind};
use crate::{session, team};
use entity::seat_assignment::{Column, Entity};
use entity::team::Status;
use entity::{covered_session, role_alike, room, slot, team_member};
use sea_orm::ActiveEnum as _;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, SelectStatement};

impl Branch for Entity {
    type Object = SeatAssignment;
    const TYPE: &'static str = "SeatAssignment";
    const OBJECT: fn(Node<Self>) -> SeatAssignment = SeatAssignment;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            // Whoever sees the seats of a team sees who is in it.
            "member" => Edge::one::<team_member::Entity>(Column::MemberId).implied(),
            // A team may have seats on an agenda that it does not see yet.
            "slot" => Edge::one::<slot::Entity>(Column::SlotId),
            _ => return Ok(None),
        }))
    }
}

/// The seats of a member, by round.
pub(crate) fn of_member() -> Edge {
    let round =
        Key::new(KeyKind::Int, |rows| Expr::cust_with_exprs("coalesce($1, 2147483647)", [rows.col(Column::Round)]));
    Edge::many::<Entity>(Column::MemberId, Listing::new(Order::by("seats.member", vec![round]))).gated(Kind::Seating)
}

/// The seats in a slot, by the page: by team and then as in the team.
pub(crate) fn of_slot(field: &Field<'_>) -> Result<Edge> {
    let team = Key::via(KeyKind::Uuid, |member| member.computed("team_id"));
    let rank = Key::via(KeyKind::Int, |member| member.computed("seat_rank"));
    let order = Order::by("seats.slot", vec![team, rank]).through::<team_member::Entity>(Column::MemberId);
    Ok(Edge::many::<Entity>(Column::SlotId, Listing::new(order).paged(field)?))
}

/// The sessions in which members of a team have seats.
pub(crate) fn covered_by_team() -> Edge {
    use covered_session::Column::{SessionId, TeamId};
    let listing = Listing::new(session::by_date());
    Edge::linked::<entity::session::Entity, covered_session::Entity>(TeamId, SessionId, listing).gated(Kind::Seating)
}

/// Who belongs to a role-alike meeting: of teams that take part, as far as the viewer may know that they do.
pub(crate) fn role_alike_members(field: &Field<'_>) -> Result<Edge> {
    use role_alike::Column::{MemberId, SlotId};
    let listing = Listing::new(Order::by("role-alike", Vec::new())).filter_seen(|viewer, member| {
        member.refers_to::<entity::team::Entity>(team_member::Column::TeamId, |team| takes_part(viewer, team))
    });
    Ok(Edge::linked::<team_member::Entity, role_alike::Entity>(SlotId, MemberId, listing.paged(field)?))
}

/// A team that takes or took part, as far as the viewer may know.
fn takes_part(viewer: &Viewer, team: &Alias) -> Expr {
    let there = [Status::Confirmed, Status::Attended].map(|status| status.to_value()).to_vec();
    one_of(team::status(viewer, team), there)
}

/// How many seats of a slot are taken that the viewer may see: a number must not tell that there are others.
pub(crate) fn seats_taken(viewer: &Viewer, slot: &Alias) -> Expr {
    let seats = slot.with_suffix("s");
    let mut count = all_of(&seats, slot);
    count.and_where(viewer.visible::<Entity>(&seats));
    Expr::SubQuery(None, Box::new(count.into()))
}

/// How many seats are free, for whoever sees all that are taken; null where nothing limits them, too.
pub(crate) fn seats_left(viewer: &Viewer, slot: &Alias) -> Expr {
    let sees_all = viewer.allowed_with::<slot::Entity>(Kind::Seating, Action::Read, slot);
    Expr::cust_with_exprs("CASE WHEN $1 THEN greatest($2 - $3, 0) END", [sees_all, holds(slot), taken(slot)])
}

/// Whether all seats are taken, for whoever may take one: it is what trying would tell.
pub(crate) fn is_full(viewer: &Viewer, slot: &Alias) -> Expr {
    let may_try = slot.exists::<entity::team::Entity>(|team| {
        let here = team.computed("convening_id").eq(slot.col(slot::Column::ConveningId));
        here.and(viewer.allowed_with::<entity::team::Entity>(Kind::Seating, Action::Create, team))
    });
    let full = Expr::cust_with_exprs("coalesce($1 >= $2, false)", [taken(slot), holds(slot)]);
    Expr::cust_with_exprs("CASE WHEN $1 THEN $2 END", [may_try, full])
}

/// How many more people belong to a role-alike meeting than its place holds, for whoever sees all who belong to it.
pub(crate) fn places_lacking(viewer: &Viewer, slot: &Alias) -> Expr {
    let sees_all = viewer.allowed_with::<slot::Entity>(Kind::Roster, Action::Read, slot);
    let (belongs, member) = (slot.with_suffix("b"), slot.with_suffix("m"));
    let mut count = belongs.select_from::<role_alike::Entity>();
    count
        .expr(Expr::cust("count(*)"))
        .join_as(
            sea_orm::sea_query::JoinType::InnerJoin,
            team_member::Entity,
            &member,
            member.computed("id").eq(belongs.col(role_alike::Column::MemberId)),
        )
        .and_where(belongs.col(role_alike::Column::SlotId).eq(slot.col(slot::Column::Id)))
        .and_where(
            member.refers_to::<entity::team::Entity>(team_member::Column::TeamId, |team| takes_part(viewer, team)),
        );
    let count = Expr::SubQuery(None, Box::new(count.into()));
    Expr::cust_with_exprs(
        "CASE WHEN $1 AND $2 IS NOT NULL THEN greatest($3 - $4, 0) END",
        [sees_all, slot.col(slot::Column::Audience), count, holds(slot)],
    )
}

/// How many a slot takes: as many as it and its room are said to; null where nothing is said.
pub(super) fn holds(slot: &Alias) -> Expr {
    let room = slot.referred::<room::Entity>(
        slot::Column::RoomId,
        |_| crate::database::always(),
        |room| room.col(room::Column::Capacity),
    );
    Func::least([slot.col(slot::Column::Capacity), room]).into()
}

/// How many seats of a slot are taken, whoever may see by whom.
pub(super) fn taken(slot: &Alias) -> Expr {
    Expr::SubQuery(None, Box::new(all_of(&slot.with_suffix("s"), slot).into()))
}

/// Counts the seats of a slot.
fn all_of(seats: &Alias, slot: &Alias) -> SelectStatement {
    let mut count = seats.select_from::<Entity>();
    count.expr(Expr::cust("count(*)")).and_where(seats.col(Column::SlotId).eq(slot.col(slot::Column::Id)));
    count
}
