//! How it is written down where teams stand. Before decisions are published nothing counts up that whoever leads a team
//! sees: neither the version nor the moment of the last change may tell that something was decided.

use crate::error::{Error, Result, Violation, ViolationCode};
use chrono::{DateTime, Utc};
use entity::ids::{ConveningId, TeamId};
use entity::team::{self, Status};
use sea_orm::{ActiveEnum as _, ConnectionTrait, DbBackend, Statement};
use serde_json::json;

/// Where a team is to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Which team.
    pub team: TeamId,
    /// Where.
    pub status: Status,
    /// Its place on the waiting list.
    pub waitlist_position: Option<i32>,
    /// Until when it can answer.
    pub answer_due_at: Option<DateTime<Utc>>,
    /// Why, for those who decide; what stands, stays where nothing is said.
    pub reason: Option<String>,
}

impl Standing {
    /// A team in another state, with nothing to wait for.
    pub(crate) fn new(team: TeamId, status: Status) -> Self {
        Self { team, status, waitlist_position: None, answer_due_at: None, reason: None }
    }
}

/// Whom a change may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Only those who decide, who know it by the version of the decision.
    WhoDecides,
    /// The teams, too.
    Teams(DateTime<Utc>),
}

impl Told {
    /// Whoever may know of decisions on a convening's teams.
    pub(crate) fn of(decisions_published: bool, now: DateTime<Utc>) -> Self {
        if decisions_published { Self::Teams(now) } else { Self::WhoDecides }
    }
}

/// Writes down where teams stand. The caller holds the row of their convening.
pub(crate) async fn stand(db: &impl ConnectionTrait, told: Told, decided: bool, teams: Vec<Standing>) -> Result<()> {
    if teams.is_empty() {
        return Ok(());
    }
    let given = teams.into_iter().map(|standing| {
        json!({
            "id": standing.team.0,
            "status": standing.status.to_value(),
            "place": standing.waitlist_position,
            "due": standing.answer_due_at,
            "reason": standing.reason,
        })
    });
    let given = serde_json::Value::Array(given.collect());
    // In one statement, so that teams can exchange their places on the waiting list.
    let sql = "
        UPDATE team SET status = given.status, waitlist_position = given.place, answer_due_at = given.due,
          attended_on = CASE WHEN given.status = 'attended' THEN team.attended_on END,
          decision_reason = coalesce(given.reason, team.decision_reason),
          decision_version = team.decision_version + $2,
          version = team.version + CASE WHEN $3::timestamptz IS NULL THEN 0 ELSE 1 END,
          updated_at = coalesce($3, team.updated_at)
        FROM jsonb_to_recordset($1) AS given (id uuid, status text, place integer, due timestamptz, reason text)
        WHERE team.id = given.id";
    let seen_at = match told {
        Told::WhoDecides => None,
        Told::Teams(now) => Some(now),
    };
    let values = [given.into(), i32::from(decided).into(), seen_at.into()];
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}

/// Shows the teams of a convening what was decided on them: from now on that is what they have read, or have not.
pub(crate) async fn tell_decisions(
    db: &impl ConnectionTrait,
    convening: ConveningId,
    (now, answer_due_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    let sql = "
        UPDATE team SET version = version + 1, updated_at = $2,
          answer_due_at = CASE WHEN status IN ('selected', 'offered') THEN $3 ELSE answer_due_at END
        WHERE convening_id = $1 AND status NOT IN ('draft', 'submitted', 'withdrawn')";
    let values = [convening.0.into(), now.into(), answer_due_at.into()];
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}

/// Where a team stands at a moment: one that has not answered in time has lost its place, whether or not that was
/// written down yet.
pub(crate) fn stands(row: &team::Model, decisions_published: bool, now: DateTime<Utc>) -> Status {
    let awaited = decisions_published && matches!(row.status, Status::Selected | Status::Offered);
    if awaited && row.answer_due_at.is_some_and(|due| due <= now) { Status::Expired } else { row.status }
}

/// The fault of a convening whose teams are not decided on any more, or not yet.
pub(crate) fn out_of_season(field: &str, message: &str) -> Error {
    let violation = Violation::new(field, ViolationCode::IllegalTransition, message);
    Error::Invalid(vec![Violation { allowed: Some(Vec::new()), ..violation }])
}
