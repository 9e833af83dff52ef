//! A resource is seen by whoever sees a convening or session that it is about. One that is about districts and
//! organizations only is shown to everybody; a hidden session's slides are not, whichever district they are about too.

use crate::database::{Alias, always, any_of};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::resource_subject::Column;
use entity::{convening, resource, resource_subject, session};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for resource::Entity {
    const KIND: Kind = Kind::Resource;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        if reach == Reach::Any {
            return always();
        }
        let about = |condition: &dyn Fn(&Alias) -> Expr| {
            rows.exists::<resource_subject::Entity>(|subject| {
                subject.col(Column::ResourceId).eq(rows.col(resource::Column::Id)).and(condition(subject))
            })
        };
        match reach {
            Reach::OwnOrganization => {
                return about(&|subject| {
                    any_of(subject.col(Column::OrganizationId), scopes.organizations.iter().copied())
                });
            }
            Reach::OwnDistrict => {
                return about(&|subject| any_of(subject.col(Column::DistrictId), scopes.districts.iter().copied()));
            }
            _ => {}
        }
        let directory_only = about(&|subject| {
            subject.col(Column::ConveningId).is_not_null().or(subject.col(Column::SessionId).is_not_null())
        })
        .not();
        let seen = about(&|subject| {
            let convening = subject.refers_to::<convening::Entity>(Column::ConveningId, |convening| {
                convening::Entity::reached(reach, scopes, convening)
            });
            let session = subject.refers_to::<session::Entity>(Column::SessionId, |session| {
                session::Entity::reached(reach, scopes, session)
            });
            convening.or(session)
        });
        if reach == Reach::Published { directory_only.or(seen) } else { seen }
    }
}
