//! How the row of a convening changes, and what a change must leave room for.

use super::days::{begins_within, ends_within};
use super::input::{ConveningPatch, VenuePatch};
use super::validate;
use crate::error::{Result, ViolationCode};
use crate::team::HOLDS_A_PLACE;
use crate::team::standing::stands;
use crate::validation::Violations;
use crate::writing::Patch;
use chrono::{DateTime, Utc};
use entity::convening::{Model, Status};
use entity::ids::CompositionRuleId;
use entity::{session, slot, team};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use std::str::FromStr as _;

/// The strands that a convening is to have, where that is to change.
pub(super) fn strands(patch: &ConveningPatch) -> Option<Vec<String>> {
    match &patch.strands {
        Patch::Keep => None,
        Patch::Clear => Some(Vec::new()),
        Patch::Set(strands) => Some(strands.clone()),
    }
}

/// The row as it is to become; `rule` is the rule that the patch names.
pub(super) fn apply(
    before: &Model,
    patch: ConveningPatch,
    rule: Option<CompositionRuleId>,
    violations: &mut Violations,
) -> Model {
    let mut row = before.clone();
    patch.title.apply_required("title", &mut row.title, violations);
    patch.kind.apply_required("kind", &mut row.kind, violations);
    patch.description.apply(&mut row.description);
    patch.starts_on.apply_required("startsOn", &mut row.starts_on, violations);
    patch.ends_on.apply_required("endsOn", &mut row.ends_on, violations);
    patch.time_zone.apply_required("timeZone", &mut row.time_zone, violations);
    venue(patch.venue, &mut row);
    patch.website.apply(&mut row.website);
    patch.hosted_by_initiative.apply_required("hostedByInitiative", &mut row.hosted_by_initiative, violations);
    patch.organizer.apply(&mut row.organizer_id);
    patch.region.apply(&mut row.region_id);
    patch.applications_open_at.apply(&mut row.applications_open_at);
    patch.applications_close_at.apply(&mut row.applications_close_at);
    patch.roster_freezes_at.apply(&mut row.roster_freezes_at);
    if patch.composition_rule != Patch::Keep {
        row.composition_rule_id = rule;
    }
    patch.team_capacity.apply(&mut row.team_capacity);
    patch.capacity_reasons.apply_or_default(&mut row.capacity_reasons);
    let mut statements = row.statements_value.zip(row.statements_qualifier);
    patch.statements_of_interest.apply(&mut statements);
    (row.statements_value, row.statements_qualifier) = statements.unzip();
    patch.objectives.apply_or_default(&mut row.objectives);
    patch.sources.apply_or_default(&mut row.sources);
    row
}

/// A venue that is emptied loses all that was known of it.
fn venue(patch: Patch<VenuePatch>, row: &mut Model) {
    let patch = match patch {
        Patch::Keep => return,
        Patch::Clear => {
            VenuePatch { name: Patch::Clear, city: Patch::Clear, address: Patch::Clear, county: Patch::Clear }
        }
        Patch::Set(venue) => venue,
    };
    patch.name.apply(&mut row.venue_name);
    patch.city.apply(&mut row.venue_city);
    patch.address.apply(&mut row.venue_address);
    patch.county.apply(&mut row.venue_county_id);
}

/// What stands already must still have its place: teams within the capacity, times within the days, and a window while
/// applications are taken.
pub(super) async fn keeps_its_promises(
    db: &impl ConnectionTrait,
    (before, row): (&Model, &Model),
    now: DateTime<Utc>,
    violations: &mut Violations,
) -> Result<()> {
    if row.status == Status::ApplicationsOpen {
        validate::window(row, violations);
    }
    if let Some(capacity) = row.team_capacity.filter(|_| row.team_capacity != before.team_capacity) {
        let teams = team::Entity::find().filter(team::Column::ConveningId.eq(row.id)).all(db).await?;
        let holds = |team: &&team::Model| HOLDS_A_PLACE.contains(&stands(team, row.decisions_published, now));
        let holding = teams.iter().filter(holds).count();
        if usize::try_from(capacity).is_ok_and(|capacity| capacity < holding) {
            let message = format!("{holding} teams hold a place already. Make room for them, or withdraw some first.");
            violations.add("teamCapacity", ViolationCode::CapacityExceeded, message);
        }
    }
    let days = |row: &Model| (row.starts_on, row.ends_on, row.time_zone.clone());
    if days(before) != days(row) {
        agenda_within(db, before, row, violations).await?;
    }
    Ok(())
}

/// Refuses days that leave out what is on the agenda.
async fn agenda_within(
    db: &impl ConnectionTrait,
    before: &Model,
    row: &Model,
    violations: &mut Violations,
) -> Result<()> {
    // What ends before it starts, or is in no time zone, is refused for that alone.
    if row.ends_on < row.starts_on || chrono_tz::Tz::from_str(&row.time_zone).is_err() {
        return Ok(());
    }
    let mut slots = 0;
    for slot in slot::Entity::find().filter(slot::Column::ConveningId.eq(row.id)).all(db).await? {
        if let Some((start, end)) = slot.starts_at.zip(slot.ends_at) {
            slots += u64::from(!(begins_within(row, start)? && ends_within(row, end)?));
        }
    }
    let outside =
        Condition::any().add(session::Column::Date.lt(row.starts_on)).add(session::Column::Date.gt(row.ends_on));
    let sessions =
        session::Entity::find().filter(session::Column::ConveningId.eq(row.id)).filter(outside).count(db).await?;
    if slots + sessions > 0 {
        let field = if row.starts_on != before.starts_on {
            "startsOn"
        } else if row.ends_on != before.ends_on {
            "endsOn"
        } else {
            "timeZone"
        };
        let message = format!(
            "The agenda would be outside of these days: slots {slots}, dated sessions {sessions}. Move these first."
        );
        violations.add(field, ViolationCode::Conflict, message);
    }
    Ok(())
}
