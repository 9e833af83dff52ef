//! The last release of a published agenda is everybody's; those before it are for whoever sees the agenda as it is
//! worked on. What was taken back once is not told for ever.

use crate::database::Alias;
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::agenda_release::{Column, Entity};
use entity::convening;
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for Entity {
    const KIND: Kind = Kind::Agenda;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        let of_convening = rows.refers_to::<convening::Entity>(Column::ConveningId, |convening| match reach {
            Reach::Published => convening.col(convening::Column::AgendaPublished),
            _ => convening::Entity::reached(reach, scopes, convening),
        });
        if reach == Reach::Published { of_convening.and(is_last(rows)) } else { of_convening }
    }
}

fn is_last(rows: &Alias) -> Expr {
    let later = rows.exists::<Entity>(|later| {
        let same = later.col(Column::ConveningId).eq(rows.col(Column::ConveningId));
        same.and(later.col(Column::Number).gt(rows.col(Column::Number)))
    });
    later.not()
}
