//! What a person's input must be.

use super::service::{NewAffiliation, NewPerson};
use crate::error::Result;
use crate::validation::Violations;

pub(super) fn new(new: &NewPerson) -> Result<()> {
    let mut violations = Violations::default();
    violations.slug("slug", &new.slug);
    violations.title("name", &new.name);
    let short = |text: &String| (1..=60).contains(&text.chars().count());
    violations.check(new.honorific.as_ref().is_none_or(short), "honorific", "Use at most 60 letters.");
    violations.finish()
}

pub(super) fn new_affiliation(new: &NewAffiliation) -> Result<()> {
    let mut violations = Violations::default();
    let bodies = usize::from(new.organization.is_some()) + usize::from(new.district.is_some());
    violations.check(bodies == 1, "organizationId", "Give exactly one of organization and district.");
    if let Some(title) = &new.title {
        violations.title("title", title);
    }
    let in_order = new.starts_on.zip(new.ends_on).is_none_or(|(start, end)| start <= end);
    violations.check(in_order, "endsOn", "The last day is not before the first.");
    violations.finish()
}
