//! A sponsorship is seen with its convening.

use crate::database::Alias;
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::{convening, sponsorship};
use sea_orm::sea_query::Expr;

impl Resource for sponsorship::Entity {
    const KIND: Kind = Kind::Convening;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<convening::Entity>(sponsorship::Column::ConveningId, |convening| {
            convening::Entity::reached(reach, scopes, convening)
        })
    }
}
