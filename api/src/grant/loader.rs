//! How grants are read.

use super::graphql::RoleGrant;
use crate::database::any_of;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use entity::ids::AccountId;
use entity::role_grant::{self, Column};
use entity::{account, convening, district, organization, region};
use sea_orm::sea_query::ExprTrait as _;

impl Branch for role_grant::Entity {
    type Object = RoleGrant;
    const TYPE: &'static str = "RoleGrant";
    const OBJECT: fn(Node<Self>) -> RoleGrant = RoleGrant;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "account" => Edge::one::<account::Entity>(Column::AccountId),
            "organization" => Edge::one::<organization::Entity>(Column::OrganizationId),
            "district" => Edge::one::<district::Entity>(Column::DistrictId),
            "convening" => Edge::one::<convening::Entity>(Column::ConveningId),
            "region" => Edge::one::<region::Entity>(Column::RegionId),
            _ => return Ok(None),
        }))
    }
}

/// The grants of an account that are in force.
pub(crate) fn held_by(field: &Field<'_>) -> Edge {
    Edge::many::<role_grant::Entity>(Column::AccountId, in_force(field))
}

/// The grants of one account that are in force.
pub(crate) fn of_account(field: &Field<'_>, account: AccountId) -> Listing {
    in_force(field).filter(move |rows| any_of(rows.col(Column::AccountId), [account]))
}

/// Neither revoked nor over, the oldest first.
fn in_force(field: &Field<'_>) -> Listing {
    let now = field.now();
    let oldest = Order::by("grants", vec![Key::new(KeyKind::Time, |rows| rows.col(Column::GrantedAt))]);
    Listing::new(oldest).filter(move |rows| {
        let lasts = rows.col(Column::ExpiresAt).is_null().or(rows.col(Column::ExpiresAt).gt(now));
        rows.col(Column::RevokedAt).is_null().and(lasts)
    })
}
