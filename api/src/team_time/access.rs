//! Levels and focus questions are seen with the agenda that they are on. A note is seen with its team, by whoever leads
//! that: no rule grants it to anybody else.

use crate::database::Alias;
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::{convening, experience_level, focus_question, team, team_note};
use sea_orm::sea_query::Expr;

impl Resource for experience_level::Entity {
    const KIND: Kind = Kind::Agenda;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<convening::Entity>(experience_level::Column::ConveningId, |convening| match reach {
            Reach::Published => convening.col(convening::Column::AgendaPublished),
            _ => convening::Entity::reached(reach, scopes, convening),
        })
    }
}

impl Resource for focus_question::Entity {
    const KIND: Kind = Kind::Agenda;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<experience_level::Entity>(focus_question::Column::LevelId, |level| {
            experience_level::Entity::reached(reach, scopes, level)
        })
    }
}

impl Resource for team_note::Entity {
    const KIND: Kind = Kind::TeamNote;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<team::Entity>(team_note::Column::TeamId, |team| team::Entity::reached(reach, scopes, team))
    }
}
