//! Whose a district is. Everybody may see all of them.

use crate::database::{Alias, any_of, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::district::Column;
use entity::{district, district_candidate};
use sea_orm::sea_query::Expr;

impl Resource for district::Entity {
    const KIND: Kind = Kind::Directory;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::OwnDistrict => any_of(rows.col(Column::Id), scopes.districts.iter().copied()),
            _ => never(),
        }
    }
}

impl Resource for district_candidate::Entity {
    const KIND: Kind = Kind::Directory;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        never()
    }
}
