//! A delegation is seen with its convening.

use crate::database::Alias;
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::{convening, delegation};
use sea_orm::sea_query::Expr;

impl Resource for delegation::Entity {
    const KIND: Kind = Kind::Convening;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<convening::Entity>(delegation::Column::ConveningId, |convening| {
            convening::Entity::reached(reach, scopes, convening)
        })
    }
}
