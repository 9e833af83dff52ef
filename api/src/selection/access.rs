//! Which selections are published, and whose their outcomes are. The selection behind published decisions is public; what
//! came of it for a team is told to that team's district, unless something else was decided on it later; those that came
//! before it, and all before decisions are published, are for those who decide.

use crate::database::{Alias, always, any_of, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::{convening, decision_publication, selection, selection_outcome, team};
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoIden};

impl Resource for selection::Entity {
    const KIND: Kind = Kind::Selection;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::Any => always(),
            Reach::Published => published(rows, selection::Column::Id),
            Reach::OwnConvening => of_own_convening(scopes, rows, selection::Column::ConveningId),
            Reach::OwnOrganization | Reach::OwnDistrict | Reach::Entered | Reach::OwnAccount | Reach::OwnCredential => {
                never()
            }
        }
    }
}

impl Resource for selection_outcome::Entity {
    const KIND: Kind = Kind::Selection;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        use selection_outcome::Column;
        match reach {
            Reach::Any => always(),
            Reach::OwnDistrict => {
                published(rows, Column::SelectionId).and(rows.refers_to::<team::Entity>(Column::TeamId, |team| {
                    let stands =
                        rows.col(Column::Kept).or(team.col(team::Column::DecisionReason).eq(rows.col(Column::Reason)));
                    any_of(team.col(team::Column::DistrictId), scopes.districts.iter().copied()).and(stands)
                }))
            }
            Reach::OwnConvening => of_own_convening(scopes, rows, Column::ConveningId),
            Reach::Published | Reach::OwnOrganization | Reach::Entered | Reach::OwnAccount | Reach::OwnCredential => {
                never()
            }
        }
    }
}

/// It is the selection behind decisions that were published.
fn published(rows: &Alias, id: impl IntoIden) -> Expr {
    let id = rows.col(id);
    rows.exists::<decision_publication::Entity>(|publication| {
        publication.col(decision_publication::Column::SelectionId).eq(id)
    })
}

fn of_own_convening(scopes: &Scopes, rows: &Alias, column: impl IntoIden) -> Expr {
    rows.refers_to::<convening::Entity>(column, |convening| {
        convening::Entity::reached(Reach::OwnConvening, scopes, convening)
    })
}
