//! What levels, questions, headlines and notes must be.

use crate::validation::Violations;
use entity::{experience_level, focus_question, team_note, team_time};

pub(super) fn level(row: &experience_level::Model, violations: &mut Violations) {
    violations.title("title", &row.title);
    violations.text("description", row.description.as_deref());
}

pub(super) fn question(row: &focus_question::Model, violations: &mut Violations) {
    violations.text("text", Some(&row.text));
}

pub(super) fn time(row: &team_time::Model, violations: &mut Violations) {
    if let Some(headline) = &row.headline {
        violations.title("headline", headline);
    }
}

pub(super) fn note(row: &team_note::Model, violations: &mut Violations) {
    violations.text("text", Some(&row.text));
}
