//! What a session's or a slot's input must be.

use super::service::{NewSession, NewSlot};
use crate::error::Result;
use crate::validation::Violations;

pub(super) fn new(new: &NewSession) -> Result<()> {
    let mut violations = Violations::default();
    violations.slug("slug", &new.slug);
    violations.title("title", &new.title);
    violations.check(new.number.is_none_or(|number| number > 0), "number", "Sessions are numbered from 1.");
    let day = new.duration_minutes.is_none_or(|minutes| (1..=1440).contains(&minutes));
    violations.check(day, "durationMinutes", "Give minutes from 1 to 1440.");
    for question in &new.questions {
        violations.check(!question.trim().is_empty(), "questions", "Write the question.");
    }
    violations.finish()
}

pub(super) fn new_slot(new: &NewSlot) -> Result<()> {
    let mut violations = Violations::default();
    violations.check(new.round.is_none_or(|round| round > 0), "round", "Rounds are numbered from 1.");
    violations.check(new.capacity.is_none_or(|seats| seats > 0), "capacity", "Give a number from 1.");
    violations.check(new.starts_at.is_some() == new.ends_at.is_some(), "endsAt", "Give both times or neither.");
    let in_order = new.starts_at.zip(new.ends_at).is_none_or(|(start, end)| start < end);
    violations.check(in_order, "endsAt", "It ends after it starts.");
    violations.finish()
}
