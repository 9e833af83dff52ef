//! Whose seats are whose: those of the team.

use crate::database::Alias;
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::{seat_assignment, team_member};
use sea_orm::sea_query::Expr;

impl Resource for seat_assignment::Entity {
    const KIND: Kind = Kind::Seating;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<team_member::Entity>(seat_assignment::Column::MemberId, |member| {
            team_member::Entity::reached(reach, scopes, member)
        })
    }
}
