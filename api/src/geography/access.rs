//! Counties and regions are shown to everybody.

use crate::database::{Alias, always};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::{county, region};
use sea_orm::sea_query::Expr;

impl Resource for region::Entity {
    const KIND: Kind = Kind::Directory;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        always()
    }
}

impl Resource for county::Entity {
    const KIND: Kind = Kind::Directory;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        always()
    }
}
