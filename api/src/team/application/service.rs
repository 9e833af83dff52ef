//! How statements of interest are written, sent and mended.

use crate::auth::Actor;
use crate::database::Alias;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::team::moves::{self, Mover};
use crate::team::service;
use crate::validation::{Meaning, Violations};
use crate::writing::{Patch, at_version, find_for, hold, insert, refer, remove, save};
use entity::convening::Status as Stage;
use entity::ids::{ConveningId, DistrictId, TeamId};
use entity::source::Sources;
use entity::team::{Entity, Model, Status};
use entity::{convening, district};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::ExprTrait as _;

/// Letters in a statement at most.
const MAX_STATEMENT: usize = 10_000;

/// A team that begins to apply.
#[derive(Clone, Debug)]
pub(super) struct NewApplication {
    /// The convening.
    pub(super) convening: ConveningId,
    /// The district.
    pub(super) district: DistrictId,
    /// Why the team would like to come, as far as it is written.
    pub(super) statement: Option<String>,
}

const MEANINGS: &[Meaning] =
    &[("team_once", "districtId", ViolationCode::Taken, "The district has a team at this convening already.")];

/// Adds a team as a draft.
pub(super) async fn begin(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewApplication) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Team, Action::Create)?;
    let mut violations = Violations::default();
    let convening =
        refer::<convening::Entity>(db, actor.viewer, ("conveningId", Some(&mut new.convening)), &mut violations)
            .await?;
    let district =
        refer::<district::Entity>(db, actor.viewer, ("districtId", Some(&mut new.district)), &mut violations).await?;
    if district.is_some_and(|district| matches!(district.status, district::Status::Closed | district::Status::Merged)) {
        let message = "This district is no more. Name the one that it has become part of.";
        violations.add("districtId", ViolationCode::Conflict, message);
    }
    if let Some(convening) = convening {
        let convening = held(db, convening.id).await?;
        window(db, actor, &convening, "conveningId", &mut violations).await?;
    }
    let row = Model {
        id: TeamId::new(),
        district_id: new.district,
        convening_id: new.convening,
        status: Status::Draft,
        attended_on: None,
        statement: new.statement,
        submitted_at: None,
        decision_version: 0,
        decision_reason: None,
        waitlist_position: None,
        answer_due_at: None,
        sources: Sources::default(),
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate(&row, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Changes the statement of a team that is a draft, or has applied and may still mend what it wrote.
pub(super) async fn mend(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (id, version): (TeamId, i32),
    statement: Patch<String>,
) -> Result<Model> {
    let (convening, before) = open(db, actor, (id, version), Action::Update).await?;
    let shown = moves::shown(before.status, convening.decisions_published);
    if ![Status::Draft, Status::Submitted].contains(&shown) {
        let message = "What was written stays as it is once it was decided on, or the team stepped back.";
        return Err(Error::Invalid(vec![Violation::new("id", ViolationCode::Conflict, message)]));
    }
    let mut row = before.clone();
    let mut violations = Violations::default();
    if shown == Status::Submitted && statement == Patch::Clear {
        violations.add("statement", ViolationCode::Required, "A statement that is in can be mended, not emptied.");
    }
    statement.apply(&mut row.statement);
    validate(&row, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, MEANINGS).await
}

/// Sends a statement of interest in.
pub(super) async fn submit(db: &impl ConnectionTrait, actor: Actor<'_>, id: TeamId, version: i32) -> Result<Model> {
    let (convening, before) = open(db, actor, (id, version), Action::Update).await?;
    moves::check(before.status, Status::Submitted, convening.decisions_published, Mover::Team)?;
    if before.statement.is_none() {
        let message = "Write why the team would like to come first.";
        return Err(Error::Invalid(vec![Violation::new("statement", ViolationCode::Required, message)]));
    }
    let row = Model { status: Status::Submitted, submitted_at: Some(actor.now), ..before.clone() };
    save::<Entity>(db, actor, before, row, MEANINGS).await
}

/// Takes away a draft in which nobody sits yet.
pub(super) async fn discard(db: &impl ConnectionTrait, actor: Actor<'_>, id: TeamId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    if row.status != Status::Draft {
        let message = "Only a draft can be taken away; a team that has applied steps back with `withdrawTeam`.";
        return Err(Error::Invalid(vec![Violation::new("id", ViolationCode::Conflict, message)]));
    }
    remove(db, row).await
}

/// A team and its convening, both held, while statements can be written.
async fn open(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (id, version): (TeamId, i32),
    action: Action,
) -> Result<(convening::Model, Model)> {
    authorize_some(actor.viewer, Kind::Team, action)?;
    let convening = service::hold_convening(db, id).await?;
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, action).await?, version)?;
    let mut violations = Violations::default();
    window(db, actor, &convening, "id", &mut violations).await?;
    violations.finish()?;
    Ok((convening, row))
}

/// The convening, so that its window does not close before the statement is in.
async fn held(db: &impl ConnectionTrait, id: ConveningId) -> Result<convening::Model> {
    let held = hold::<convening::Entity>(db, |rows: &Alias| rows.col(convening::Column::Id).eq(id)).await?;
    held.into_iter().next().ok_or(Error::NotFound("convening"))
}

/// Statements are taken now, or whoever asks may write one all the same.
async fn window(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    convening: &convening::Model,
    field: &str,
    violations: &mut Violations,
) -> Result<()> {
    let late = convening.applications_close_at.is_some_and(|close| close <= actor.now);
    let early = convening.applications_open_at.is_some_and(|open| actor.now < open);
    if convening.status == Stage::ApplicationsOpen && !early && !late {
        return Ok(());
    }
    let standing = ![Stage::Completed, Stage::Cancelled].contains(&convening.status) && !convening.decisions_published;
    if standing && crate::team::decides(db, actor.viewer, convening.id).await? {
        return Ok(());
    }
    let message = match (convening.status, convening.applications_open_at) {
        (Stage::ApplicationsOpen | Stage::Announced, Some(open)) if early => {
            format!("Statements of interest are taken from {}.", open.format("%Y-%m-%d %H:%M UTC"))
        }
        (Stage::Announced, _) => "Statements of interest are not taken yet.".to_owned(),
        _ => "Statements of interest are not taken any more. Ask whoever runs the convening.".to_owned(),
    };
    violations.add(field, ViolationCode::Conflict, message);
    Ok(())
}

fn validate(row: &Model, violations: &mut Violations) {
    let fits = |text: &String| !text.trim().is_empty() && text.chars().count() <= MAX_STATEMENT;
    let message = "Write 1 to 10,000 letters, or leave it out.";
    violations.check(row.statement.as_ref().is_none_or(fits), "statement", message);
}
