//! What can be done with resources.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, Violations, refused};
use entity::ids::{ConveningId, DistrictId, OrganizationId, ResourceId, ResourceSubjectId, SessionId};
use entity::resource::{self, ActiveModel, Availability};
use entity::resource_subject;
use entity::source::Sources;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};

/// A resource to add.
#[derive(Clone, Debug)]
pub(crate) struct NewResource {
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: resource::Kind,
    /// Where it is.
    pub url: Option<String>,
    /// Whether it can be had.
    pub availability: Availability,
    /// Whom it is owed to.
    pub credit: Option<String>,
    /// What it is about: something, at least.
    pub about: Vec<Subject>,
    /// Where these facts come from.
    pub sources: Sources,
}

/// Something that a resource is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A convening.
    Convening(ConveningId),
    /// A session.
    Session(SessionId),
    /// A district.
    District(DistrictId),
    /// An organization.
    Organization(OrganizationId),
}

const MEANINGS: &[Meaning] =
    &[("resource_subject_once", "about", ViolationCode::Taken, "It is said to be about this already.")];

/// Adds a resource.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewResource) -> Result<resource::Model> {
    authorize(actor.viewer, Kind::Resource, Action::Create)?;
    let mut violations = Violations::default();
    violations.title("title", &new.title);
    violations.url("url", new.url.as_deref());
    violations.check(!new.about.is_empty(), "about", "Say what it is about.");
    let somewhere = new.availability != Availability::Available || new.url.is_some();
    violations.check(somewhere, "url", "What is available has an address.");
    violations.finish()?;
    let row = ActiveModel {
        id: Set(ResourceId::new()),
        title: Set(new.title),
        kind: Set(new.kind),
        url: Set(new.url),
        availability: Set(new.availability),
        credit: Set(new.credit),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    let row = row.insert(db).await?;
    for subject in new.about {
        let mut link = resource_subject::ActiveModel {
            id: Set(ResourceSubjectId::new()),
            resource_id: Set(row.id),
            convening_id: Set(None),
            session_id: Set(None),
            district_id: Set(None),
            organization_id: Set(None),
        };
        match subject {
            Subject::Convening(id) => link.convening_id = Set(Some(id)),
            Subject::Session(id) => link.session_id = Set(Some(id)),
            Subject::District(id) => link.district_id = Set(Some(id)),
            Subject::Organization(id) => link.organization_id = Set(Some(id)),
        }
        link.insert(db).await.map_err(|error| refused(error, MEANINGS))?;
    }
    Ok(row)
}
