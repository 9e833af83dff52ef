//! What a convening, its parts and the rules of its teams must be.

use super::input::NewRule;
use crate::error::{Result, ViolationCode};
use crate::validation::Violations;
use chrono::{DateTime, Utc};
use entity::convening::Model;
use entity::session_block;
use std::str::FromStr as _;

pub(super) fn convening(row: &Model, violations: &mut Violations) {
    violations.slug("slug", &row.slug);
    violations.title("title", &row.title);
    violations.text("description", row.description.as_deref());
    violations.check(row.starts_on <= row.ends_on, "endsOn", "The last day is not before the first.");
    let zone = chrono_tz::Tz::from_str(&row.time_zone);
    violations.check(zone.is_ok(), "timeZone", "Give an IANA time zone, for example America/Los_Angeles.");
    let venue = [("name", &row.venue_name), ("city", &row.venue_city), ("address", &row.venue_address)];
    for (field, value) in venue {
        if let Some(value) = value {
            violations.title(&format!("venue.{field}"), value);
        }
    }
    violations.url("website", row.website.as_deref());
    let window = row.applications_open_at.zip(row.applications_close_at);
    let in_order = window.is_none_or(|(open, close)| open < close);
    violations.check(in_order, "applicationsCloseAt", "It closes after it opens.");
    violations.count("teamCapacity", row.team_capacity);
    violations.texts("capacityReasons", &row.capacity_reasons);
    let reported = row.statements_value.is_none_or(|value| value >= 0);
    violations.check(reported, "statementsOfInterest", "Give a number from 0.");
    violations.texts("objectives", &row.objectives);
    violations.sources("sources", &row.sources);
}

pub(super) fn strands(titles: &[String], violations: &mut Violations) {
    violations.titles("strands", titles);
}

/// Applications are taken from one time to another.
pub(super) fn window(row: &Model, violations: &mut Violations) {
    let ends = [("applicationsOpenAt", row.applications_open_at), ("applicationsCloseAt", row.applications_close_at)];
    for (field, _) in ends.into_iter().filter(|(_, time)| time.is_none()) {
        let message = "Say from when to when applications are taken.";
        violations.add(field, ViolationCode::Required, message);
    }
}

/// The same, and the end is still to come.
pub(super) fn window_to_open(row: &Model, now: DateTime<Utc>, violations: &mut Violations) {
    window(row, violations);
    let to_come = row.applications_close_at.is_none_or(|close| now < close);
    violations.check(to_come, "applicationsCloseAt", "Applications would be over already. Give a later end first.");
}

pub(super) fn block(row: &session_block::Model, violations: &mut Violations) {
    violations.title("title", &row.title);
    violations.count("rounds", row.rounds);
    violations.count("sessionsPerParticipant", row.sessions_per_participant);
    violations.count("sessionsPerTeam", row.sessions_per_team);
    let more = row.rounds.zip(row.sessions_per_participant).is_some_and(|(rounds, sessions)| sessions > rounds);
    violations.check(!more, "sessionsPerParticipant", "Nobody goes to more sessions than there are rounds.");
}

pub(super) fn new_rule(new: &NewRule) -> Result<()> {
    let mut violations = Violations::default();
    violations.check(new.version.is_none_or(|version| version > 0), "version", "Rules are numbered from 1.");
    violations.check(!new.seats.is_empty(), "seats", "A rule asks for one seat at least.");
    for (place, seat) in new.seats.iter().enumerate() {
        violations.title(&format!("seats.{place}.label"), &seat.label);
        let bounds = seat.minimum >= 0 && seat.maximum >= seat.minimum && seat.maximum > 0;
        let message = "At least as many as must may hold a seat, and one at least.";
        violations.check(bounds, &format!("seats.{place}.maximum"), message);
        let twice = new.seats[..place].iter().any(|other| other.seat == seat.seat);
        violations.check(!twice, &format!("seats.{place}.seat"), "A rule names each seat once.");
    }
    violations.finish()
}
