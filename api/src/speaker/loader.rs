//! How speakers are read.

use super::graphql::{Speaker, SpeakerRole};
use crate::database::{Alias, one_of};
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::words;
use entity::speaker::{self, Column};
use entity::{district, organization, person, session};
use sea_orm::sea_query::Expr;

impl Branch for speaker::Entity {
    type Object = Speaker;
    const TYPE: &'static str = "Speaker";
    const OBJECT: fn(Node<Self>) -> Speaker = Speaker;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            // A speaker is seen with the session, and a person is public by speaking.
            "session" => Edge::one::<session::Entity>(Column::SessionId).implied(),
            "person" => Edge::one::<person::Entity>(Column::PersonId).implied(),
            "organization" => Edge::one::<organization::Entity>(Column::OrganizationId),
            "district" => Edge::one::<district::Entity>(Column::DistrictId),
            _ => return Ok(None),
        }))
    }
}

/// The speakers of a session, by role and position.
pub(crate) fn of_session(field: &Field<'_>) -> Result<Edge> {
    let role: Option<SpeakerRole> = field.argument("role")?;
    let listing = Listing::new(Order::by("speakers", by_role()))
        .filter_some(role, |rows, role| one_of(rows.col(Column::Role), words::<speaker::Role>([role])));
    Ok(Edge::many::<speaker::Entity>(Column::SessionId, listing).implied())
}

/// By role and position.
pub(super) fn by_role() -> Vec<Key> {
    let rank = Key::new(KeyKind::Int, |rows| rows.computed("role_rank"));
    vec![rank, Key::new(KeyKind::Int, |rows| rows.col(Column::Position))]
}

/// The appearances of a person, by the session's date.
pub(crate) fn of_person(field: &Field<'_>) -> Result<Edge> {
    let date =
        |session: &Alias| Expr::cust_with_exprs("coalesce($1, '9999-12-31')", [session.col(session::Column::Date)]);
    let order =
        Order::by("appearances", vec![Key::via(KeyKind::Date, date)]).through::<session::Entity>(Column::SessionId);
    Ok(Edge::many::<speaker::Entity>(Column::PersonId, Listing::new(order).paged(field)?))
}
