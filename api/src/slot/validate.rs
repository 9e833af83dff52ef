//! What a slot must be.

use crate::convening::{begins_within, ends_within};
use crate::error::{Result, ViolationCode};
use crate::validation::Violations;
use chrono::{DateTime, Utc};
use entity::slot::Model;
use entity::{convening, room};

/// What a slot is held against.
#[derive(Debug)]
pub(super) struct Place<'a> {
    /// Its convening.
    pub convening: &'a convening::Model,
    /// Its room, where it has one.
    pub room: Option<&'a room::Model>,
    /// How many seats in it are taken.
    pub taken: i64,
}

pub(super) fn slot(row: &Model, place: &Place<'_>, violations: &mut Violations) -> Result<()> {
    violations.check(row.round.is_none_or(|round| round > 0), "round", "Rounds are numbered from 1.");
    violations.count("capacity", row.capacity);
    violations.check(row.starts_at.is_some() == row.ends_at.is_some(), "endsAt", "Give both times or neither.");
    if let (Some(start), Some(end)) = (row.starts_at, row.ends_at) {
        violations.check(start < end, "endsAt", "It ends after it starts.");
        within_days(start, end, place.convening, violations)?;
    }
    holds(row, place, violations);
    if row.audience.is_some() && place.taken > 0 {
        let message =
            "Seats are given here, and who belongs to a role-alike meeting follows from the teams. Free them first.";
        violations.add("audience", ViolationCode::InUse, message);
    }
    Ok(())
}

/// From midnight of the convening's first day until midnight after its last, where it takes place.
fn within_days(
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    convening: &convening::Model,
    violations: &mut Violations,
) -> Result<()> {
    let (first, last, zone) = (convening.starts_on, convening.ends_on, &convening.time_zone);
    let message = format!("Give a time within the convening: from {first} to {last} in {zone}.");
    violations.check(begins_within(convening, start)?, "startsAt", &message);
    violations.check(ends_within(convening, end)?, "endsAt", &message);
    Ok(())
}

/// The slot takes no more than its room, and no fewer than have a seat.
fn holds(row: &Model, place: &Place<'_>, violations: &mut Violations) {
    let room = place.room.and_then(|room| room.capacity);
    if let (Some(seats), Some(room)) = (row.capacity, room)
        && seats > room
    {
        violations.add("capacity", ViolationCode::CapacityExceeded, format!("The room holds {room}."));
    }
    for (field, limit) in [("capacity", row.capacity), ("roomId", room)] {
        if limit.is_some_and(|limit| i64::from(limit) < place.taken) {
            let message = "More seats than that are taken. Choose another room or number, or free seats first.";
            violations.add(field, ViolationCode::CapacityExceeded, message);
        }
    }
}
