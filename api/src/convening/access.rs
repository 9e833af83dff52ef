//! Which convenings are published, and whose they are. Their strands go with them.

use crate::database::{Alias, always, any_of, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::convening::Column;
use entity::{composition_rule, convening, required_seat, strand};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use uuid::Uuid;

impl Resource for convening::Entity {
    const KIND: Kind = Kind::Convening;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::Any => always(),
            Reach::Published => rows.col(Column::Announced),
            Reach::OwnConvening => own(scopes, rows),
            Reach::OwnOrganization | Reach::OwnDistrict | Reach::Entered | Reach::OwnAccount | Reach::OwnCredential => {
                never()
            }
        }
    }
}

/// Granted by itself, by who organizes it, or by its region. Of one without an organizer or a region that is not unknown,
/// but false: whoever asks for the answer as a value gets one.
fn own(scopes: &Scopes, rows: &Alias) -> Expr {
    let by =
        |column: Column, keys: &[Uuid]| rows.col(column).is_not_null().and(any_of(rows.col(column), keys.to_vec()));
    any_of(rows.col(Column::Id), scopes.convenings.iter().copied())
        .or(by(Column::OrganizerId, &scopes.organizations))
        .or(by(Column::RegionId, &scopes.regions))
}

impl Resource for strand::Entity {
    const KIND: Kind = Kind::Convening;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        rows.refers_to::<convening::Entity>(strand::Column::ConveningId, |convening| {
            convening::Entity::reached(reach, scopes, convening)
        })
    }
}

/// A rule is nobody's secret: districts make up their teams by it.
impl Resource for composition_rule::Entity {
    const KIND: Kind = Kind::CompositionRule;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        never()
    }
}

impl Resource for required_seat::Entity {
    const KIND: Kind = Kind::CompositionRule;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        never()
    }
}
