//! Whose an interest is.

use crate::database::{Alias, always, any_of, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::interest::{Column, Entity};
use sea_orm::sea_query::Expr;

impl Resource for Entity {
    const KIND: Kind = Kind::Interest;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::Any => always(),
            Reach::OwnDistrict => any_of(rows.col(Column::DistrictId), scopes.districts.iter().copied()),
            _ => never(),
        }
    }
}
