//! What can be done with offerings.

use crate::auth::Actor;
use crate::convening::NewConvening;
use crate::convening::service::create as create_convening;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::policy::{Action, Kind, authorize, authorize_some};
use crate::validation::Violations;
use crate::writing::{Patch, at_version, find_for, insert, next_place, refer, remove, reorder, save};
use entity::convening;
use entity::ids::OfferingId;
use entity::offering::{Entity, Model, Status};
use entity::source::Sources;
use sea_orm::{ConnectionTrait, EntityTrait as _};

/// Whoever adds offerings or orders them does so alone, so that each finds its place. Reading goes on.
const LOCK: &str = "LOCK TABLE offering IN SHARE ROW EXCLUSIVE MODE";

/// An offering to add, behind those that are there.
#[derive(Clone, Debug)]
pub(crate) struct NewOffering {
    /// What it is called.
    pub name: String,
    /// What sort of gathering it would be.
    pub kind: convening::Kind,
    /// Whether it is proposed, offered or retired.
    pub status: Status,
    /// Whether participants named it among what they were most interested in.
    pub high_interest: bool,
    /// Where these facts come from.
    pub sources: Sources,
}

/// What is to change of an offering.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfferingPatch {
    /// What it is called.
    pub name: Patch<String>,
    /// What sort of gathering it would be.
    pub kind: Patch<convening::Kind>,
    /// Whether it is proposed, offered or retired.
    pub status: Patch<Status>,
    /// Whether participants named it among what they were most interested in.
    pub high_interest: Patch<bool>,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

/// Adds an offering.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewOffering) -> Result<Model> {
    authorize(actor.viewer, Kind::Directory, Action::Create)?;
    db.execute_unprepared(LOCK).await?;
    let row = Model {
        id: OfferingId::new(),
        position: next_place(db, Entity::find()).await?,
        name: new.name,
        kind: new.kind,
        status: new.status,
        high_interest: new.high_interest,
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate(&row, Violations::default())?;
    insert::<Entity>(db, actor, row, &[]).await
}

/// Changes what is named of an offering.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: OfferingId,
    version: i32,
    patch: OfferingPatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.name.apply_required("name", &mut row.name, &mut violations);
    patch.kind.apply_required("kind", &mut row.kind, &mut violations);
    patch.status.apply_required("status", &mut row.status, &mut violations);
    patch.high_interest.apply_required("highInterest", &mut row.high_interest, &mut violations);
    patch.sources.apply_or_default(&mut row.sources);
    validate(&row, violations)?;
    save::<Entity>(db, actor, before, row, &[]).await
}

/// Offers an offering no longer.
pub(crate) async fn retire(db: &impl ConnectionTrait, actor: Actor<'_>, id: OfferingId, version: i32) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    if before.status == Status::Retired {
        let message = "It is RETIRED already. To bring it back, change its status.";
        let violation = Violation::new("id", ViolationCode::IllegalTransition, message);
        let allowed = Some(vec!["PROPOSED".to_owned(), "OFFERED".to_owned()]);
        return Err(Error::Invalid(vec![Violation { allowed, ..violation }]));
    }
    let row = Model { status: Status::Retired, ..before.clone() };
    save::<Entity>(db, actor, before, row, &[]).await
}

/// Takes an offering away.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: OfferingId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}

/// Puts the offerings into an order: all of them.
pub(crate) async fn put_in_order(db: &impl ConnectionTrait, actor: Actor<'_>, ids: &[OfferingId]) -> Result<()> {
    authorize(actor.viewer, Kind::Directory, Action::Update)?;
    db.execute_unprepared(LOCK).await?;
    let ids = ids.iter().map(|id| id.0).collect();
    reorder(db, actor, Entity::find(), ("ids", ids)).await.map(drop)
}

/// Makes a convening of an offering, which stays as it is meanwhile and afterwards.
pub(crate) async fn convene(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    mut id: OfferingId,
    new: NewConvening,
) -> Result<convening::Model> {
    authorize_some(actor.viewer, Kind::Convening, Action::Create)?;
    let mut violations = Violations::default();
    let offering = refer::<Entity>(db, actor.viewer, ("offeringId", Some(&mut id)), &mut violations).await?;
    if offering.is_some_and(|offering| offering.status == Status::Retired) {
        let message = "It is offered no longer. To make a convening of it, change its status first.";
        violations.add("offeringId", ViolationCode::Conflict, message);
    }
    violations.finish()?;
    let made = create_convening(db, actor, NewConvening { offering: Some(id), ..new }).await;
    made.map_err(|error| error.within("convening"))
}

fn validate(row: &Model, mut violations: Violations) -> Result<()> {
    violations.title("name", &row.name);
    violations.sources("sources", &row.sources);
    violations.finish()
}
