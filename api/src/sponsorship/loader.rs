//! How sponsorships are read.

use super::graphql::{Sponsorship, SponsorshipRole};
use crate::database::one_of;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::words;
use entity::sponsorship::{self, Column};
use entity::{convening, organization};

impl Branch for sponsorship::Entity {
    type Object = Sponsorship;
    const TYPE: &'static str = "Sponsorship";
    const OBJECT: fn(Node<Self>) -> Sponsorship = Sponsorship;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            // A sponsorship is seen with its convening.
            "convening" => Edge::one::<convening::Entity>(Column::ConveningId).implied(),
            "organization" => Edge::one::<organization::Entity>(Column::OrganizationId),
            _ => return Ok(None),
        }))
    }
}

/// The sponsorships of a convening, by role and position.
pub(crate) fn of_convening(field: &Field<'_>) -> Result<Edge> {
    let role: Option<SponsorshipRole> = field.argument("role")?;
    let listing = Listing::new(by_role())
        .filter_some(role, |rows, role| one_of(rows.col(Column::Role), words::<sponsorship::Role>([role])));
    Ok(Edge::many::<sponsorship::Entity>(Column::ConveningId, listing))
}

/// The sponsorships of an organization, the latest convening first.
pub(crate) fn of_organization(field: &Field<'_>) -> Result<Edge> {
    let date = Key::via(KeyKind::Date, |convening| convening.col(convening::Column::StartsOn));
    let order = Order::by("organization.sponsorships", vec![date, role_rank()])
        .through::<convening::Entity>(Column::ConveningId)
        .reversed();
    Ok(Edge::many::<sponsorship::Entity>(Column::OrganizationId, Listing::new(order).paged(field)?))
}

/// By role and position.
pub(super) fn by_role() -> Order {
    Order::by("sponsorships", vec![role_rank(), position()])
}

fn role_rank() -> Key {
    Key::new(KeyKind::Int, |rows| rows.computed("role_rank"))
}

fn position() -> Key {
    Key::new(KeyKind::Int, |rows| rows.col(Column::Position))
}
