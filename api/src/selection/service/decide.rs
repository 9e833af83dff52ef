//! Deciding by hand.

use super::held;
use crate::auth::Actor;
use crate::error::{Error, Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::team::moves::{self, Mover};
use crate::team::standing::{Standing, Told, out_of_season, stand};
use crate::validation::Violations;
use crate::writing::hold;
use chrono::TimeDelta;
use entity::convening;
use entity::ids::{ConveningId, TeamId};
use entity::team::{self, Status};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use std::collections::{BTreeSet, HashMap};

/// Decisions at once at most.
const MAX_DECISIONS: usize = 100;
/// Letters in a reason at most.
const MAX_REASON: usize = 2000;

/// What is decided on a team.
#[derive(Clone, Debug)]
pub(crate) struct Decided {
    /// Which team.
    pub team: TeamId,
    /// The version of the decision that stands, as it was read.
    pub decision_version: i32,
    /// What it comes to: selected, waitlisted or not selected.
    pub status: Status,
    /// Why, for those who decide.
    pub reason: String,
}

/// Decides on one team.
pub(crate) async fn decide(db: &impl ConnectionTrait, actor: Actor<'_>, decided: Decided) -> Result<TeamId> {
    authorize_some(actor.viewer, Kind::Decision, Action::Update)?;
    let (convening, team) = held::with_team(db, actor.viewer, decided.team).await?;
    if held::mover(db, actor.viewer, convening.id).await? != Mover::Decides {
        return Err(actor.viewer.refusal());
    }
    let mut season = Season::of(db, actor, &convening).await?;
    let standing = season.decide(&team, &decided)?;
    stand(db, season.told(), true, vec![standing]).await?;
    Ok(team.id)
}

/// Decides on many teams of one convening, on all or on none.
pub(crate) async fn decide_all(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ConveningId,
    decisions: Vec<Decided>,
) -> Result<ConveningId> {
    let convening = held::to_decide(db, actor.viewer, id).await.map_err(|error| error.at_field("conveningId"))?;
    let teams: BTreeSet<_> = decisions.iter().map(|decided| decided.team).collect();
    let mut violations = Violations::default();
    violations.check((1..=MAX_DECISIONS).contains(&decisions.len()), "decisions", "Decide on 1 to 100 teams at once.");
    violations.check(teams.len() == decisions.len(), "decisions", "Name each team once.");
    violations.finish()?;
    let held = hold::<team::Entity>(db, |rows| {
        let of_convening = rows.col(team::Column::ConveningId).eq(id);
        of_convening.and(crate::database::any_of(rows.col(team::Column::Id), teams))
    });
    let rows: HashMap<TeamId, team::Model> = held.await?.into_iter().map(|row| (row.id, row)).collect();
    let mut season = Season::of(db, actor, &convening).await?;
    let (mut standings, mut faults) = (Vec::new(), Vec::new());
    for (place, decided) in decisions.iter().enumerate() {
        let row = rows.get(&decided.team).ok_or(Error::NotFound("team")).map_err(|error| error.at_field("teamId"));
        match row.and_then(|row| season.decide(row, decided)) {
            Ok(standing) => standings.push(standing),
            Err(Error::Invalid(found)) => match Error::Invalid(found).within(&place.to_string()).within("decisions") {
                Error::Invalid(found) => faults.extend(found),
                other => return Err(other),
            },
            Err(other) => return Err(other),
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    stand(db, season.told(), true, standings).await?;
    Ok(id)
}

/// Puts the waiting list into an order.
pub(crate) async fn reorder_waitlist(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ConveningId,
    teams: Vec<TeamId>,
) -> Result<ConveningId> {
    let convening = held::to_decide(db, actor.viewer, id).await.map_err(|error| error.at_field("conveningId"))?;
    let waiting = hold::<team::Entity>(db, |rows| {
        rows.col(team::Column::ConveningId).eq(id).and(rows.col(team::Column::Status).eq(Status::Waitlisted))
    });
    let waiting: HashMap<TeamId, team::Model> = waiting.await?.into_iter().map(|row| (row.id, row)).collect();
    let once: BTreeSet<_> = teams.iter().collect();
    if teams.len() != waiting.len() || once.len() != teams.len() || once.iter().any(|team| !waiting.contains_key(team))
    {
        let mut violations = Violations::default();
        let message = format!("Give each of the {} teams that wait once, in their new order.", waiting.len());
        violations.add("teamIds", ViolationCode::Invalid, message);
        violations.finish()?;
    }
    let mut moved = Vec::new();
    for (place, team) in (1..).zip(teams) {
        if waiting[&team].waitlist_position != Some(place) {
            moved.push(Standing { waitlist_position: Some(place), ..Standing::new(team, Status::Waitlisted) });
        }
    }
    stand(db, Told::of(convening.decisions_published, actor.now), true, moved).await?;
    Ok(id)
}

/// What deciding on a convening's teams depends on.
struct Season<'a> {
    convening: &'a convening::Model,
    actor: Actor<'a>,
    /// The last place of the waiting list.
    last: i32,
    /// Places that are left, where that matters: once decisions are published, nobody is selected above the capacity.
    free: Option<usize>,
    answer_hours: i32,
}

impl<'a> Season<'a> {
    async fn of(db: &impl ConnectionTrait, actor: Actor<'a>, convening: &'a convening::Model) -> Result<Self> {
        if held::is_over(convening) {
            return Err(out_of_season("id", "The convening is over: nothing is decided any more."));
        }
        if convening.decisions_published {
            // Whoever has not answered in time has no place any more.
            super::offer::expire(db, convening.id, actor.now).await?;
        }
        let teams = team::Entity::find().filter(team::Column::ConveningId.eq(convening.id)).select_only();
        let last = teams.column_as(team::Column::WaitlistPosition.max(), "last");
        let last: Option<Option<i32>> = last.into_tuple().one(db).await?;
        let free = match held::capacity(convening).filter(|_| convening.decisions_published) {
            Some(capacity) => Some(capacity.saturating_sub(held::places_held(db, convening.id).await?)),
            None => None,
        };
        let answer_hours = super::offer::answer_hours(db, convening.id).await?;
        Ok(Self { convening, actor, last: last.flatten().unwrap_or(0), free, answer_hours })
    }

    fn told(&self) -> Told {
        Told::of(self.convening.decisions_published, self.actor.now)
    }

    /// Where a team is to stand by a decision.
    fn decide(&mut self, row: &team::Model, decided: &Decided) -> Result<Standing> {
        let mut violations = Violations::default();
        if row.decision_version != decided.decision_version {
            let message = "Something else was decided meanwhile. Read it again, and decide as it stands now.";
            violations.add("decisionVersion", ViolationCode::StaleVersion, message);
        }
        let reason = decided.reason.trim();
        if reason.is_empty() {
            violations.add("reason", ViolationCode::Required, "Say why.");
        }
        violations.check(reason.chars().count() <= MAX_REASON, "reason", "Use at most 2,000 letters.");
        violations.finish()?;
        let published = self.convening.decisions_published;
        if !matches!(decided.status, Status::Selected | Status::Waitlisted | Status::NotSelected) {
            return Err(moves::illegal(row.status, published, Mover::Decides));
        }
        moves::check(row.status, decided.status, published, Mover::Decides)?;
        let mut standing = Standing { reason: Some(reason.to_owned()), ..Standing::new(row.id, decided.status) };
        match decided.status {
            Status::Waitlisted => {
                self.last += 1;
                standing.waitlist_position = Some(self.last);
            }
            Status::Selected if published => {
                self.take_place()?;
                standing.answer_due_at = Some(self.actor.now + TimeDelta::hours(self.answer_hours.into()));
            }
            _ => {}
        }
        Ok(standing)
    }

    fn take_place(&mut self) -> Result<()> {
        match self.free {
            Some(0) => {
                let mut violations = Violations::default();
                let message = "No place is left. Raise the convening's capacity first.";
                violations.add("status", ViolationCode::CapacityExceeded, message);
                violations.finish()
            }
            Some(free) => {
                self.free = Some(free - 1);
                Ok(())
            }
            None => Ok(()),
        }
    }
}
