//! A merge is part of the history of the row that was kept, and is read by whoever may read that.

use crate::database::Alias;
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::merge::Column;
use entity::{district, merge, organization, person};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for merge::Entity {
    const KIND: Kind = Kind::History;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        kept::<organization::Entity>(reach, scopes, rows).or(kept::<district::Entity>(reach, scopes, rows)).or(kept::<
            person::Entity,
        >(
            reach, scopes, rows,
        ))
    }
}

fn kept<E: Resource>(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
    rows.refers_to::<E>(Column::KeptId, |kept| E::reached(reach, scopes, kept))
}
