//! Which sessions are published, and whose they are. Blocks, rooms and slots go with the agenda that they
//! are part of.

use crate::database::Alias;
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::{convening, room, session, session_block, slot};
use sea_orm::EntityTrait;
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoIden};

impl Resource for session::Entity {
    const KIND: Kind = Kind::Agenda;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        on_agenda::<Self>(session::Column::ConveningId, reach, scopes, rows)
    }
}

impl Resource for session_block::Entity {
    const KIND: Kind = Kind::Agenda;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        on_agenda::<Self>(session_block::Column::ConveningId, reach, scopes, rows)
    }
}

impl Resource for slot::Entity {
    const KIND: Kind = Kind::Agenda;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        on_agenda::<Self>(slot::Column::ConveningId, reach, scopes, rows)
    }
}

impl Resource for room::Entity {
    const KIND: Kind = Kind::Agenda;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        on_agenda::<Self>(room::Column::ConveningId, reach, scopes, rows)
    }
}

/// On the agenda of a convening that is reached; the public's, where the agenda is published and the row released.
fn on_agenda<E: EntityTrait>(column: impl IntoIden, reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
    let on_agenda = rows.refers_to::<convening::Entity>(column, |convening| match reach {
        Reach::Published => convening.col(convening::Column::AgendaPublished),
        _ => convening::Entity::reached(reach, scopes, convening),
    });
    if reach == Reach::Published { on_agenda.and(rows.is_released::<E>()) } else { on_agenda }
}
