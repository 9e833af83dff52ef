//! A resource is seen by whoever sees something that it is about.

use crate::database::{Alias, always};
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
        rows.exists::<resource_subject::Entity>(|subject| {
            let directory =
                subject.col(Column::DistrictId).is_not_null().or(subject.col(Column::OrganizationId).is_not_null());
            let convening = subject.refers_to::<convening::Entity>(Column::ConveningId, |convening| {
                convening::Entity::reached(reach, scopes, convening)
            });
            let session = subject.refers_to::<session::Entity>(Column::SessionId, |session| {
                session::Entity::reached(reach, scopes, session)
            });
            subject.col(Column::ResourceId).eq(rows.col(resource::Column::Id)).and(directory.or(convening).or(session))
        })
    }
}
