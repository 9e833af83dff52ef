//! An entry is reached through the row whose history it is, where the policy is asked about that row's history. Some
//! entries are for fewer: they hold what the row itself hides.

use crate::auth::Viewer;
use crate::database::{Alias, always};
use crate::policy::{Action, Kind, Reach, Resource, Scopes};
use entity::change::{self, Column};
use entity::{person, team};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for change::Entity {
    const KIND: Kind = Kind::History;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        always()
    }
}

/// The entries of a history that a viewer may read of a row whose history the viewer may read: not how to reach a
/// person, nor how it came to what was decided on a team, which is more than the decision that the team is told.
pub(super) fn shown(viewer: &Viewer, rows: &Alias) -> Expr {
    let contact = rows.refers_to::<person::Entity>(Column::SubjectId, |person| {
        viewer.allowed_with::<person::Entity>(Kind::Contact, Action::Read, person)
    });
    let decision = rows.refers_to::<team::Entity>(Column::SubjectId, |team| {
        viewer.allowed_with::<team::Entity>(Kind::Decision, Action::Read, team)
    });
    let of = |table: &str| rows.col(Column::TableName).ne(table);
    of("person_contact").or(contact).and(of("team").or(decision).or(written(rows)).or(told(rows)))
}

/// What a team did itself: it began, wrote, sent and stepped back, as long as nothing that was decided is told by it.
fn written(rows: &Alias) -> Expr {
    let (before, after) = (rows.col(Column::Before), rows.col(Column::After));
    let begun = Expr::cust_with_exprs("coalesce($1 ->> 'status' = 'draft', false)", [after.clone()]);
    let own = Expr::cust_with_exprs(
        "$1 - ARRAY['statement', 'status', 'submitted_at', 'version'] = '{}' \
         AND coalesce($2 ->> 'status' IN ('draft', 'submitted'), true)",
        [after, before],
    );
    let is = |action: change::Action| rows.col(Column::Action).eq(action);
    (is(change::Action::Created).and(begun)).or(is(change::Action::Updated).and(own))
}

/// What became of a team once decisions were published, but for what was decided then: its district knows that.
fn told(rows: &Alias) -> Expr {
    let published = rows.refers_to::<team::Entity>(Column::SubjectId, |team| {
        team.exists::<change::Entity>(|other| {
            (other.col(Column::RowId).eq(team.col(team::Column::ConveningId)))
                .and(Expr::cust_with_exprs("($1 ->> 'decisions_published') = 'true'", [other.col(Column::After)]))
                .and(other.col(Column::Number).lt(rows.col(Column::Number)))
        })
    });
    // An entry that counts the version of the decision up has its reasons in it.
    let decides = Expr::cust_with_exprs("jsonb_exists($1, 'decision_version')", [rows.col(Column::After)]);
    (rows.col(Column::Action).eq(change::Action::Updated)).and(decides.not()).and(published)
}
