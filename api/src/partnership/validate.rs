//! What a partnership must be.

use crate::validation::Violations;
use entity::partnership::Model;

pub(super) fn partnership(row: &Model, violations: &mut Violations) {
    let sensible = row.since_year.is_none_or(|year| (1850..=2200).contains(&year));
    violations.check(sensible, "sinceYear", "Give a year from 1850 to 2200.");
    if let Some(agreement) = &row.codified_in {
        violations.title("codifiedIn", agreement);
    }
    violations.text("description", row.description.as_deref());
    violations.sources("sources", &row.sources);
}
