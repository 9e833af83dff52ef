//! What an organization's input must be.

use super::service::NewOrganization;
use crate::error::Result;
use crate::validation::Violations;

pub(super) fn new(new: &NewOrganization) -> Result<()> {
    let mut violations = Violations::default();
    violations.slug("slug", &new.slug);
    violations.title("name", &new.name);
    violations.url("website", new.website.as_deref());
    violations.check(
        new.acronym.as_ref().is_none_or(|a| (1..=30).contains(&a.chars().count())),
        "acronym",
        "Use at most 30 letters.",
    );
    for name in &new.alternate_names {
        violations.title("alternateNames", name);
    }
    violations.finish()
}
