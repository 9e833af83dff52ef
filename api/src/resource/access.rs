//! A resource is seen by whoever sees a convening or session that it is about. One that is about districts and
//! organizations only is shown to everybody; a hidden session's slides are not, whichever district they are about too.

use crate::auth::Viewer;
use crate::database::{Alias, always, any_of};
use crate::policy::{Action, Kind, Reach, Resource, Scopes};
use entity::resource_subject::Column;
use entity::{convening, district, organization, resource, resource_subject, session};
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

    /// A page that is about others too is theirs as well: whoever changes it may change each of them.
    fn besides(viewer: &Viewer, action: Action, rows: &Alias) -> Option<Expr> {
        if action == Action::Read {
            return None;
        }
        let of_others = rows.exists::<resource_subject::Entity>(|subject| {
            let about = subject.col(Column::ResourceId).eq(rows.col(resource::Column::Id));
            about.and(may_change(viewer, subject).not())
        });
        Some(of_others.not())
    }
}

/// What a row says that a resource is about is something that the viewer may change.
fn may_change(viewer: &Viewer, subject: &Alias) -> Expr {
    let convening = subject.refers_to::<convening::Entity>(Column::ConveningId, |convening| {
        viewer.allowed::<convening::Entity>(Action::Update, convening)
    });
    let session = subject.refers_to::<session::Entity>(Column::SessionId, |session| {
        viewer.allowed::<session::Entity>(Action::Update, session)
    });
    let district = subject.refers_to::<district::Entity>(Column::DistrictId, |district| {
        viewer.allowed::<district::Entity>(Action::Update, district)
    });
    let organization = subject.refers_to::<organization::Entity>(Column::OrganizationId, |organization| {
        viewer.allowed::<organization::Entity>(Action::Update, organization)
    });
    convening.or(session).or(district).or(organization)
}
