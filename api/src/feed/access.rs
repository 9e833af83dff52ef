//! A feed is its audience's: whoever sees just the same rows.

use super::audience::fingerprint;
use crate::auth::Viewer;
use crate::database::{Alias, always};
use crate::policy::{Action, Kind, Reach, Resource, Scopes};
use entity::audience::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for Entity {
    const KIND: Kind = Kind::Change;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        always()
    }

    fn besides(viewer: &Viewer, _: Action, rows: &Alias) -> Option<Expr> {
        Some(rows.col(Column::Fingerprint).eq(fingerprint(viewer)))
    }
}
