//! What can be done with resources, and what they are about.

use crate::auth::Actor;
use crate::database::former;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::{Meaning, Violations, refused};
use crate::writing::{Patch, at_version, find_for, permit, remove, save, touch};
use entity::ids::{ConveningId, DistrictId, OrganizationId, ResourceId, ResourceSubjectId, SessionId};
use entity::resource::{Availability, Entity, Kind as ResourceKind, Model};
use entity::resource_subject::{self, Column};
use entity::source::Sources;
use entity::{convening, district, organization, session};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, ModelTrait as _,
    QueryFilter as _,
};

/// A resource to add.
#[derive(Clone, Debug)]
pub(crate) struct NewResource {
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: ResourceKind,
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

/// What is to change of a resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResourcePatch {
    /// What it is called.
    pub title: Patch<String>,
    /// What it is.
    pub kind: Patch<ResourceKind>,
    /// Where it is.
    pub url: Patch<String>,
    /// Whether it can be had.
    pub availability: Patch<Availability>,
    /// Whom it is owed to.
    pub credit: Patch<String>,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

/// Something that a resource is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// Adds a resource. It is for whoever may change everything that it is about.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewResource) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Resource, Action::Create)?;
    let mut violations = Violations::default();
    violations.check(!new.about.is_empty(), "subjectIds", "Say what it is about.");
    violations.items("subjectIds", &new.about);
    let row = Model {
        id: ResourceId::new(),
        title: new.title,
        kind: new.kind,
        url: new.url,
        availability: new.availability,
        credit: new.credit,
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate(&row, violations)?;
    let row = row.into_active_model().reset_all().insert(db).await?;
    // In one order for all, so that two who add pages about the same things wait for one another.
    let mut about = new.about;
    about.sort_unstable();
    for subject in about {
        attach(db, actor, row.id, ("subjectIds", subject)).await?;
    }
    // Whose it is stands in what it is about, so the policy can be asked only now.
    permit::<Entity>(db, actor.viewer, row.id, (Kind::Resource, Action::Create)).await?;
    Ok(row)
}

/// Changes what is named of a resource.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ResourceId,
    version: i32,
    patch: ResourcePatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.title.apply_required("title", &mut row.title, &mut violations);
    patch.kind.apply_required("kind", &mut row.kind, &mut violations);
    patch.url.apply(&mut row.url);
    patch.availability.apply_required("availability", &mut row.availability, &mut violations);
    patch.credit.apply(&mut row.credit);
    patch.sources.apply_or_default(&mut row.sources);
    validate(&row, violations)?;
    save::<Entity>(db, actor, before, row, &[]).await
}

/// Takes a resource away, wherever it is linked.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: ResourceId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}

/// Says that a resource is about something else too.
pub(crate) async fn link(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ResourceId,
    version: i32,
    subject: Subject,
) -> Result<Model> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    attach(db, actor, row.id, ("subjectId", subject)).await?;
    touch::<Entity>(db, actor, row).await
}

/// Takes back that a resource is about something. It stays about something else.
pub(crate) async fn unlink(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ResourceId,
    version: i32,
    subject: Subject,
) -> Result<Model> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let subject = match subject {
        Subject::District(id) => Subject::District(former::present::<district::Entity, _>(db, id).await?),
        Subject::Organization(id) => Subject::Organization(former::present::<organization::Entity, _>(db, id).await?),
        other => other,
    };
    let links = resource_subject::Entity::find().filter(Column::ResourceId.eq(row.id)).all(db).await?;
    let mut violations = Violations::default();
    let (gone, left): (Vec<_>, Vec<_>) =
        links.into_iter().partition(|link| *link == subject_row(link.id, row.id, subject));
    if gone.is_empty() {
        violations.add("subjectId", ViolationCode::NotFound, "The resource is not about this.");
    } else if left.is_empty() {
        let message = "It is about nothing else. Link it to something first, or delete it.";
        violations.add("subjectId", ViolationCode::Invalid, message);
    }
    violations.finish()?;
    for link in gone {
        link.delete(db).await?;
    }
    touch::<Entity>(db, actor, row).await
}

/// Links a resource to something that the viewer may change.
async fn attach(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    resource: ResourceId,
    (field, subject): (&'static str, Subject),
) -> Result<()> {
    let (viewer, act) = (actor.viewer, Action::Update);
    let found = match subject {
        Subject::Convening(id) => {
            find_for::<convening::Entity>(db, viewer, id, act).await.map(|row| Subject::Convening(row.id))
        }
        Subject::Session(id) => {
            find_for::<session::Entity>(db, viewer, id, act).await.map(|row| Subject::Session(row.id))
        }
        Subject::District(id) => {
            find_for::<district::Entity>(db, viewer, id, act).await.map(|row| Subject::District(row.id))
        }
        Subject::Organization(id) => {
            find_for::<organization::Entity>(db, viewer, id, act).await.map(|row| Subject::Organization(row.id))
        }
    };
    let subject = found.map_err(|error| error.at_field(field))?;
    let meanings: &[Meaning] =
        &[("resource_subject_once", field, ViolationCode::Taken, "It is said to be about this already.")];
    let link = subject_row(ResourceSubjectId::new(), resource, subject).into_active_model().reset_all();
    link.insert(db).await.map(drop).map_err(|error| refused(error, meanings))
}

fn subject_row(id: ResourceSubjectId, resource: ResourceId, subject: Subject) -> resource_subject::Model {
    let mut row = resource_subject::Model {
        id,
        resource_id: resource,
        convening_id: None,
        session_id: None,
        district_id: None,
        organization_id: None,
    };
    match subject {
        Subject::Convening(id) => row.convening_id = Some(id),
        Subject::Session(id) => row.session_id = Some(id),
        Subject::District(id) => row.district_id = Some(id),
        Subject::Organization(id) => row.organization_id = Some(id),
    }
    row
}

fn validate(row: &Model, mut violations: Violations) -> Result<()> {
    violations.title("title", &row.title);
    violations.url("url", row.url.as_deref());
    let somewhere = row.availability != Availability::Available || row.url.is_some();
    violations.check(somewhere, "url", "What is available has an address.");
    violations.text("credit", row.credit.as_deref());
    violations.sources("sources", &row.sources);
    violations.finish()
}
