//! What an organization must be.

use crate::validation::Violations;
use entity::organization::Model;

pub(super) fn organization(row: &Model, violations: &mut Violations) {
    violations.slug("slug", &row.slug);
    violations.title("name", &row.name);
    violations.url("website", row.website.as_deref());
    violations.text("description", row.description.as_deref());
    violations.check(
        row.acronym.as_ref().is_none_or(|a| (1..=30).contains(&a.trim().chars().count())),
        "acronym",
        "Use 1 to 30 letters, or leave it out.",
    );
    violations.titles("alternateNames", &row.alternate_names);
    violations.sources("sources", &row.sources);
}
