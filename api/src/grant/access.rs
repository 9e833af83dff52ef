//! Whose a grant is: of the account that holds it, and of those who hold the same role where it reaches.

use crate::database::{Alias, always, any_of, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::convening;
use entity::role_grant::{self, Column, Role};
use sea_orm::ActiveEnum as _;
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for role_grant::Entity {
    const KIND: Kind = Kind::Grant;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::Any => always(),
            Reach::OwnAccount => any_of(rows.col(Column::AccountId), scopes.account),
            Reach::OwnDistrict => {
                is(Role::TeamLead, rows).and(any_of(rows.col(Column::DistrictId), scopes.districts.iter().copied()))
            }
            Reach::OwnConvening => is(Role::Organizer, rows).and(within(scopes, rows)),
            Reach::Published | Reach::OwnOrganization | Reach::Entered | Reach::OwnCredential => never(),
        }
    }
}

fn is(role: Role, rows: &Alias) -> Expr {
    rows.col(Column::Role).eq(role.to_value())
}

/// A convening of theirs, or the whole of an organization or region that is theirs.
fn within(scopes: &Scopes, rows: &Alias) -> Expr {
    let convening = rows.refers_to::<convening::Entity>(Column::ConveningId, |convening| {
        convening::Entity::reached(Reach::OwnConvening, scopes, convening)
    });
    convening
        .or(any_of(rows.col(Column::OrganizationId), scopes.organizations.iter().copied()))
        .or(any_of(rows.col(Column::RegionId), scopes.regions.iter().copied()))
}
