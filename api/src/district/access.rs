//! Districts are shown to everybody.

use crate::database::{Alias, always};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::{district, district_candidate};
use sea_orm::sea_query::Expr;

impl Resource for district::Entity {
    const KIND: Kind = Kind::Directory;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        always()
    }
}

impl Resource for district_candidate::Entity {
    const KIND: Kind = Kind::Directory;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        always()
    }
}
