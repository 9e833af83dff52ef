//! Which teams are published, and whose they are.

use crate::database::{Alias, always, any_of, never, one_of};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::team::{Column, Status};
use entity::{convening, team, team_member};
use sea_orm::ActiveEnum as _;
use sea_orm::sea_query::{Expr, ExprTrait as _};

/// The states in which a team is shown to everybody, once decisions are published.
const PUBLIC: [Status; 3] = [Status::Confirmed, Status::Attended, Status::NoShow];

impl Resource for team::Entity {
    const KIND: Kind = Kind::Team;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::Any => always(),
            Reach::Published => one_of(rows.col(Column::Status), PUBLIC.map(|status| status.to_value()).to_vec()).and(
                rows.refers_to::<convening::Entity>(Column::ConveningId, |convening| {
                    convening.col(convening::Column::DecisionsPublished)
                }),
            ),
            // A draft is not its teams' to see, nor is a team at one.
            Reach::OwnDistrict => any_of(rows.col(Column::DistrictId), scopes.districts.iter().copied()).and(
                rows.refers_to::<convening::Entity>(Column::ConveningId, |convening| {
                    convening.col(convening::Column::Announced)
                }),
            ),
            Reach::OwnConvening => rows.refers_to::<convening::Entity>(Column::ConveningId, |convening| {
                convening::Entity::reached(reach, scopes, convening)
            }),
            Reach::OwnOrganization | Reach::Entered | Reach::OwnAccount | Reach::OwnCredential => never(),
        }
    }
}

impl Resource for team_member::Entity {
    const KIND: Kind = Kind::Roster;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<team::Entity>(team_member::Column::TeamId, |team| team::Entity::reached(reach, scopes, team))
    }
}
