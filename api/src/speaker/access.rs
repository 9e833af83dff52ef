//! A speaker is seen with the session.

use crate::database::Alias;
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::{session, speaker};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for speaker::Entity {
    const KIND: Kind = Kind::Agenda;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        let on_agenda = rows.refers_to::<session::Entity>(speaker::Column::SessionId, |session| {
            session::Entity::reached(reach, scopes, session)
        });
        if reach == Reach::Published { on_agenda.and(rows.is_released::<Self>()) } else { on_agenda }
    }
}
