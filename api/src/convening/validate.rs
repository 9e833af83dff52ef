//! What a convening's input must be.

use super::service::{NewConvening, NewRule};
use crate::error::Result;
use crate::validation::Violations;
use std::str::FromStr as _;

pub(super) fn new(new: &NewConvening) -> Result<()> {
    let mut violations = Violations::default();
    violations.slug("slug", &new.slug);
    violations.title("title", &new.title);
    violations.check(new.starts_on <= new.ends_on, "endsOn", "The last day is not before the first.");
    let zone = chrono_tz::Tz::from_str(&new.time_zone);
    violations.check(zone.is_ok(), "timeZone", "Give an IANA time zone, for example America/Los_Angeles.");
    violations.url("website", new.website.as_deref());
    violations.check(new.team_capacity.is_none_or(|teams| teams > 0), "teamCapacity", "Give a number from 1.");
    let window = new.applications_open_at.zip(new.applications_close_at);
    violations.check(
        window.is_none_or(|(open, close)| open < close),
        "applicationsCloseAt",
        "It closes after it opens.",
    );
    let reported = new.statements_of_interest.is_none_or(|(value, _)| value >= 0);
    violations.check(reported, "statementsOfInterest", "Give a number from 0.");
    for strand in &new.strands {
        violations.title("strands", strand);
    }
    for block in &new.blocks {
        violations.title("blocks", &block.title);
        let counts = [block.rounds, block.sessions_per_participant, block.sessions_per_team];
        violations.check(counts.into_iter().flatten().all(|count| count > 0), "blocks", "Give numbers from 1.");
    }
    violations.finish()
}

pub(super) fn new_rule(new: &NewRule) -> Result<()> {
    let mut violations = Violations::default();
    violations.check(new.version > 0, "version", "Rules are numbered from 1.");
    violations.check(!new.seats.is_empty(), "seats", "A rule asks for one seat at least.");
    for seat in &new.seats {
        violations.title("label", &seat.label);
        let bounds = seat.minimum >= 0 && seat.maximum >= seat.minimum && seat.maximum > 0;
        violations.check(bounds, "maximum", "At least as many as must may hold a seat, and one at least.");
    }
    violations.finish()
}
