//! What can be done with interest.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::{Meaning, Violations};
use crate::writing::{Patch, at_version, find_for, insert, refer, remove, save};
use entity::ids::{DistrictId, InterestId, OfferingId};
use entity::interest::{Entity, Model};
use entity::{district, offering};
use sea_orm::ConnectionTrait;

/// An interest to express.
#[derive(Clone, Debug)]
pub(crate) struct NewInterest {
    /// In what.
    pub offering: OfferingId,
    /// Whose.
    pub district: DistrictId,
    /// What the district has to say of it.
    pub note: Option<String>,
}

/// What is to change of an interest.
#[derive(Clone, Debug, Default)]
pub(crate) struct InterestPatch {
    /// What the district has to say of it.
    pub note: Patch<String>,
}

const MEANINGS: &[Meaning] =
    &[("interest_once", "offeringId", ViolationCode::Taken, "The district has said that it wants this already.")];

/// Letters in a note at most.
const MAX_NOTE: usize = 2000;

/// Says that a district wants an offering. The offering stays as it is meanwhile.
pub(crate) async fn express(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewInterest) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Interest, Action::Create)?;
    let mut violations = Violations::default();
    let wanted = ("offeringId", Some(&mut new.offering));
    if let Some(offering) = refer::<offering::Entity>(db, actor.viewer, wanted, &mut violations).await? {
        is_open(&offering, "offeringId", &mut violations);
    }
    refer::<district::Entity>(db, actor.viewer, ("districtId", Some(&mut new.district)), &mut violations).await?;
    let row = Model {
        id: InterestId::new(),
        offering_id: new.offering,
        district_id: new.district,
        note: new.note,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate(&row, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Changes what is named of an interest.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: InterestId,
    version: i32,
    patch: InterestPatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    still_open(db, actor, &before, &mut violations).await?;
    let mut row = before.clone();
    patch.note.apply(&mut row.note);
    validate(&row, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, MEANINGS).await
}

/// Takes an interest back.
pub(crate) async fn withdraw(db: &impl ConnectionTrait, actor: Actor<'_>, id: InterestId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    let mut violations = Violations::default();
    still_open(db, actor, &row, &mut violations).await?;
    violations.finish()?;
    remove(db, row).await
}

/// Once it is retired, what was wanted of it stays as it was.
fn is_open(offering: &offering::Model, field: &str, violations: &mut Violations) {
    if offering.status == offering::Status::Retired {
        let message = "This is offered no longer, and what districts wanted of it stays as it was.";
        violations.add(field, ViolationCode::Conflict, message);
    }
}

async fn still_open(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    row: &Model,
    violations: &mut Violations,
) -> Result<()> {
    let mut offering = row.offering_id;
    let wanted = ("id", Some(&mut offering));
    if let Some(offering) = refer::<offering::Entity>(db, actor.viewer, wanted, violations).await? {
        is_open(&offering, "id", violations);
    }
    Ok(())
}

fn validate(row: &Model, violations: &mut Violations) {
    let fits = |note: &String| !note.trim().is_empty() && note.chars().count() <= MAX_NOTE;
    violations.check(row.note.as_ref().is_none_or(fits), "note", "Write 1 to 2,000 letters, or leave it out.");
}
