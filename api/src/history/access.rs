//! An entry is reached through the row whose history it is, where the policy is asked about that row's history. Some
//! entries are for fewer: they hold what the row itself hides.

use crate::auth::Viewer;
use crate::database::{Alias, always};
use crate::policy::{Action, Kind, Reach, Resource, Scopes};
use entity::change::{self, Column};
use entity::{convening, person, team};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for change::Entity {
    const KIND: Kind = Kind::History;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        always()
    }
}

/// The entries of a history that a viewer may read of a row whose history the viewer may read: not how to reach a
/// person, nor how a team was decided on before that was published, unless the row itself would show it.
pub(super) fn shown(viewer: &Viewer, rows: &Alias) -> Expr {
    let contact = rows.refers_to::<person::Entity>(Column::SubjectId, |person| {
        viewer.allowed_with::<person::Entity>(Kind::Contact, Action::Read, person)
    });
    let decision = rows.refers_to::<team::Entity>(Column::SubjectId, |team| {
        let decided = viewer.allowed_with::<team::Entity>(Kind::Decision, Action::Read, team);
        decided.or(team.refers_to::<convening::Entity>(team::Column::ConveningId, |convening| {
            convening.col(convening::Column::DecisionsPublished)
        }))
    });
    let of = |table: &str| rows.col(Column::TableName).ne(table);
    of("person_contact").or(contact).and(of("team").or(decision))
}
