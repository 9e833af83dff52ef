//! Selecting by the method.

use super::candidates::{self, Applicant};
use super::held;
use crate::arithmetic;
use crate::auth::Actor;
use crate::error::{Error, Result, ViolationCode};
use crate::selection::method::{Decision, Drawn, METHOD, Method, Outcome, Refusal};
use crate::selection::{choose, validate, words};
use crate::team::standing::{Standing, Told, out_of_season, stand};
use crate::validation::Violations;
use crate::writing::insert;
use entity::convening::{self, Status};
use entity::ids::{ConveningId, SelectionId, SelectionOutcomeId, TeamId};
use entity::{selection, selection_outcome, team};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _,
};

/// What is to be selected, and how.
#[derive(Clone, Debug)]
pub(crate) struct NewSelection {
    /// Of which convening.
    pub convening: ConveningId,
    /// By what; a capacity of 0 is the convening's own.
    pub method: Method,
    /// Whether teams that are selected already keep their places.
    pub keeps_selected: bool,
    /// Whether nothing is to be written.
    pub is_dry_run: bool,
}

/// What was selected.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    /// The selection that was written down; none where that was not asked for.
    pub selection: Option<SelectionId>,
    /// What it followed.
    pub method: Method,
    /// What came of it.
    pub drawn: Drawn,
    /// The outcomes as they are written down, in the order of the lottery.
    pub outcomes: Vec<selection_outcome::Model>,
}

/// Selects among all teams whose statements are in, and decides on each.
pub(crate) async fn select(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewSelection) -> Result<Selected> {
    let convening = held::to_decide(db, actor.viewer, new.convening).await.map_err(|e| e.at_field("conveningId"))?;
    may_select(&convening)?;
    let mut method = new.method;
    if method.capacity == 0 {
        method.capacity = held::capacity(&convening).unwrap_or(0);
    }
    let mut violations = Violations::default();
    validate::method(&method, &mut violations);
    fits(&convening, &method, &mut violations);
    violations.finish()?;
    let applicants = candidates::of_convening(db, actor.viewer, new.convening, new.keeps_selected).await?;
    let candidates: Vec<_> = applicants.iter().map(|applicant| applicant.candidate.clone()).collect();
    let asked = method.clone();
    let drawn = arithmetic::apart(move || choose::select(&asked, &candidates)).await?.map_err(refused)?;
    let id = SelectionId::new();
    let row = |outcome: &Outcome| outcome_row((id, new.convening), &method, outcome, &applicants);
    let outcomes: Vec<_> = drawn.outcomes.iter().map(row).collect::<Result<_>>()?;
    if new.is_dry_run {
        return Ok(Selected { selection: None, method, drawn, outcomes });
    }
    let number = selection::Entity::find().filter(selection::Column::ConveningId.eq(new.convening)).count(db).await?;
    let row = selection::Model {
        id,
        convening_id: new.convening,
        number: i32::try_from(number + 1).map_err(Error::internal)?,
        method: METHOD.to_owned(),
        seed: method.seed.clone(),
        capacity: small(method.capacity)?,
        waitlist_size: method.waitlist.map(small).transpose()?,
        quotas: serde_json::to_value(&method.quotas).map_err(Error::internal)?,
        shortfalls: serde_json::to_value(&drawn.shortfalls).map_err(Error::internal)?,
        made_by: actor.account().map(Into::into),
        created_at: actor.now,
    };
    insert::<selection::Entity>(db, actor, row, &[]).await?;
    let rows = outcomes.iter().map(|row| row.clone().into_active_model().reset_all());
    selection_outcome::Entity::insert_many(rows).exec_without_returning(db).await?;
    stand(db, Told::WhoDecides, true, decided(&outcomes, &applicants)).await?;
    Ok(Selected { selection: Some(id), method, drawn, outcomes })
}

/// The teams on which something else is decided than stood.
fn decided(outcomes: &[selection_outcome::Model], applicants: &[Applicant]) -> Vec<Standing> {
    let keeps = |team: TeamId| applicants.iter().any(|each| each.team == team && each.candidate.kept);
    let changed = outcomes.iter().filter(|outcome| !keeps(outcome.team_id));
    let standing = |outcome: &selection_outcome::Model| Standing {
        waitlist_position: outcome.waitlist_position,
        reason: Some(outcome.reason.clone()),
        ..Standing::new(outcome.team_id, outcome.status)
    };
    changed.map(standing).collect()
}

fn outcome_row(
    (selection, convening): (SelectionId, ConveningId),
    method: &Method,
    outcome: &Outcome,
    applicants: &[Applicant],
) -> Result<selection_outcome::Model> {
    let applicant = &applicants[outcome.candidate];
    let (status, waitlist_position) = match outcome.decision {
        Decision::Selected => (team::Status::Selected, None),
        Decision::Waitlisted(place) => (team::Status::Waitlisted, Some(small(place)?)),
        Decision::NotSelected => (team::Status::NotSelected, None),
    };
    let candidate = applicant.candidate.clone();
    Ok(selection_outcome::Model {
        id: SelectionOutcomeId::new(),
        selection_id: selection,
        convening_id: convening,
        team_id: applicant.team,
        code: candidate.code,
        region_number: candidate.region,
        kind: candidate.kind,
        enrollment: candidate.enrollment,
        first_time: candidate.first_time,
        kept: candidate.kept,
        draw: outcome.draw.clone(),
        lottery_place: small(outcome.place)?,
        status,
        waitlist_position,
        reason_code: outcome.reason.code(),
        reason: words::reason(method, outcome, applicants.len()),
    })
}

fn small(count: usize) -> Result<i32> {
    i32::try_from(count).map_err(Error::internal)
}

/// Lots are drawn once all statements are in, and not after anybody was told.
fn may_select(convening: &convening::Model) -> Result<()> {
    let message = match convening.status {
        _ if convening.decisions_published => "Decisions were published: the lottery is over.",
        Status::ApplicationsClosed | Status::TeamsSelected => return Ok(()),
        _ => "Lots are drawn once applications are closed and before the agenda is published.",
    };
    Err(out_of_season("conveningId", message))
}

fn fits(convening: &convening::Model, method: &Method, violations: &mut Violations) {
    if held::capacity(convening).is_some_and(|capacity| capacity < method.capacity) {
        let message = "The convening has room for fewer teams. Select fewer, or raise its capacity first.";
        violations.add("capacity", ViolationCode::CapacityExceeded, message);
    }
}

fn refused(refusal: Refusal) -> Error {
    let mut violations = Violations::default();
    match refusal {
        Refusal::KeptOverCapacity => violations.add(
            "capacity",
            ViolationCode::CapacityExceeded,
            "More teams are selected already than there are places. Decide otherwise on some, or keep none.",
        ),
        Refusal::KeptOverMaximum(quota) => violations.add(
            &format!("quotas.{quota}.maximum"),
            ViolationCode::CapacityExceeded,
            "More teams of this group are selected already. Raise the maximum, or keep none.",
        ),
        Refusal::Entangled => violations.add(
            "quotas",
            ViolationCode::Invalid,
            "These quotas hang on one another in more ways than can be looked through. State fewer.",
        ),
    }
    violations.finish().err().unwrap_or_else(|| Error::internal("a refusal without a fault"))
}
